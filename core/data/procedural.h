// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "formats/image.h"

/// The shipped image set: scenes of textured shapes, drawn from a seed. Ours; no picture comes from outside.
///
/// A scene is a list of placed objects, so the picture, the label, boxes and masks all come from the same description.
/// Equal seeds, indices and options give equal scenes and pixels on every machine with IEEE arithmetic (a different
/// mathematics library may move an outline by 1/16 pixel). All functions may be called from several threads.
namespace vitrine::data {

/// What an object's outline is. Bars and blobs are clutter and belong to no class.
enum class ShapeKind { disc, ring, square, triangle, star, crescent, bar, blob };

enum class TextureKind { plain, stripes, checker, dots };

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
};

/// A two-coloured pattern, fixed to the object that wears it.
struct Texture {
    TextureKind kind = TextureKind::plain;
    double period = 6.0;  ///< pixels
    double angle = 0.0;   ///< radians
    Colour base;
    Colour mark;  ///< colour of the stripes, dots or dark fields; unused when plain
};

inline constexpr std::int64_t kNoClass = -1;

struct PlacedObject {
    std::int64_t classId = kNoClass;  ///< index into proceduralClassNames(), or kNoClass for clutter
    ShapeKind shape = ShapeKind::disc;
    double centreX = 0.0;  ///< pixels from the left edge of the picture
    double centreY = 0.0;  ///< pixels from its upper edge
    double radius = 0.0;   ///< pixels; half the length of a bar
    double aspect = 1.0;   ///< height over width before the rotation
    double angle = 0.0;    ///< radians
    Texture texture;
};

/// A colour gradient, clouds and a faint texture on top of each other.
struct Background {
    Colour from;
    Colour to;
    double angle = 0.0;          ///< direction of the gradient, radians
    double cloudStrength = 0.0;  ///< grey levels
    std::uint64_t cloudSeed = 0;
    Texture texture;               ///< its base colour is unused
    double textureStrength = 0.0;  ///< 0..1
};

struct Scene {
    int size = 64;  ///< width and height in pixels
    Background background;
    std::vector<PlacedObject> objects;  ///< painted in this order: later ones cover earlier ones
    double gain = 1.0;                  ///< contrast factor of the whole picture around mid grey
    double blur = 0.0;                  ///< standard deviation in pixels; 0: none
    double noise = 0.0;                 ///< standard deviation in grey levels
    std::uint64_t noiseSeed = 0;
};

/// How hard the scenes are. The defaults define the shipped set.
struct SceneOptions {
    int size = 64;               ///< pixels, 16..1024; lengths scale with it
    int clutter = 1;             ///< at most so many objects behind the main one
    double occlusion = 0.1;      ///< probability that something covers a part of the main object
    double maximumNoise = 8.0;   ///< grey levels
};

/// The ten classes: a texture and a shape each. Some pairs differ only in shape, some only in texture.
const std::vector<std::string>& proceduralClassNames();

/// Scene `index` (>= 0) of the set named by `seed`. Its main object has class index mod 10, so that every run of ten
/// neighbours holds each class once. Throws Exception(invalidArgument) on a size out of range or a negative index.
Scene makeScene(std::uint64_t seed, std::int64_t index, const SceneOptions& options = {});

/// The class of the one object that has a class. Throws Exception(invalidArgument) when there is none or more.
std::int64_t labelOf(const Scene& scene);

formats::Image render(const Scene& scene);

/// How much of each pixel the outline of object `k` covers, 0..255, size * size values row by row, as if it were alone.
std::vector<std::uint8_t> coverage(const Scene& scene, std::size_t k);

/// 1 where object `k` covers at least half of a pixel and no later object does, else 0; size * size values.
std::vector<std::uint8_t> instanceMask(const Scene& scene, std::size_t k);

/// A rectangle of whole pixels; right and bottom are exclusive.
struct Box {
    int left = 0;
    int top = 0;
    int right = 0;
    int bottom = 0;
};

/// The smallest box around the ones of a size * size mask; empty (all 0) when there are none.
Box boundingBox(const std::vector<std::uint8_t>& mask, int size);

}  // namespace vitrine::data
