// SPDX-License-Identifier: GPL-3.0-or-later
// Which objects a scene holds and where: every random decision but the pixel noise is taken here.
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"
#include "base/random.h"
#include "data/procedural.h"

namespace vitrine::data {
namespace {

struct ClassLook {
    const char* name;
    ShapeKind shape;
    TextureKind texture;
};

constexpr std::array<ClassLook, 10> kClasses{{
    {"striped disc", ShapeKind::disc, TextureKind::stripes},
    {"dotted disc", ShapeKind::disc, TextureKind::dots},
    {"striped square", ShapeKind::square, TextureKind::stripes},
    {"checked square", ShapeKind::square, TextureKind::checker},
    {"checked triangle", ShapeKind::triangle, TextureKind::checker},
    {"dotted triangle", ShapeKind::triangle, TextureKind::dots},
    {"plain star", ShapeKind::star, TextureKind::plain},
    {"striped star", ShapeKind::star, TextureKind::stripes},
    {"plain ring", ShapeKind::ring, TextureKind::plain},
    {"plain crescent", ShapeKind::crescent, TextureKind::plain},
}};

constexpr double kFullTurn = 2.0 * std::numbers::pi;
constexpr double kBackgroundContrast = 75.0;  // least distance of an object's colours from the background's
constexpr double kTextureContrast = 110.0;    // least distance between the two colours of a texture

double distance(const Colour& a, const Colour& b) {
    const double red = a.red - b.red, green = a.green - b.green, blue = a.blue - b.blue;
    return std::sqrt(red * red + green * green + blue * blue);
}

Colour drawColour(Random& random) {
    const auto channel = [&random] { return static_cast<std::uint8_t>(random.integer(0, 255)); };
    const std::uint8_t red = channel();
    const std::uint8_t green = channel();
    return {red, green, channel()};
}

/// A colour at least so far from each of `others`, or after 30 draws the farthest one seen.
struct KeepAway {
    Colour colour;
    double distance;
};

Colour drawColour(Random& random, const std::vector<KeepAway>& others) {
    Colour best;
    double bestSlack = -1e9;
    for (int attempt = 0; attempt < 30 && bestSlack < 0.0; ++attempt) {
        const Colour candidate = drawColour(random);
        double slack = 1e9;
        for (const KeepAway& other : others)
            slack = std::min(slack, distance(candidate, other.colour) - other.distance);
        if (slack > bestSlack) {
            best = candidate;
            bestSlack = slack;
        }
    }
    return best;
}

/// Draws scenes of one size; lengths are given for 64 pixels.
class SceneMaker {
  public:
    SceneMaker(Random random, const SceneOptions& options)
        : random_(std::move(random)), options_(options), unit_(options.size / 64.0) {}

    Scene make(std::int64_t classId) {
        scene_.size = options_.size;
        scene_.background = makeBackground();
        PlacedObject main = makeMain(classId);
        const std::int64_t clutter = random_.integer(0, options_.clutter);
        for (std::int64_t i = 0; i < clutter; ++i) scene_.objects.push_back(makeClutter());
        scene_.objects.push_back(main);
        if (random_.uniform() < options_.occlusion) scene_.objects.push_back(makeOccluder(main));
        scene_.gain = random_.uniform(0.75, 1.1);
        scene_.blur = random_.uniform() < 0.3 ? random_.uniform(0.4, 0.8) * unit_ : 0.0;
        scene_.noise = random_.uniform(2.0, std::max(2.0, options_.maximumNoise));
        scene_.noiseSeed = random_.bits();
        return std::move(scene_);
    }

  private:
    TextureKind drawTextureKind() { return static_cast<TextureKind>(random_.integer(0, 3)); }

    Texture makeTexture(TextureKind kind) {
        const auto& background = scene_.background;
        Texture texture;
        texture.kind = kind;
        texture.period = random_.uniform(5.0, 8.0) * unit_;
        texture.angle = random_.uniform(0.0, kFullTurn);
        texture.base =
            drawColour(random_, {{background.from, kBackgroundContrast}, {background.to, kBackgroundContrast}});
        texture.mark = drawColour(random_, {{background.from, kBackgroundContrast},
                                            {background.to, kBackgroundContrast},
                                            {texture.base, kTextureContrast}});
        return texture;
    }

    Background makeBackground() {
        Background background;
        background.from = drawColour(random_);
        background.to = drawColour(random_);
        // Half of the way towards the first colour, so that the objects find colours that contrast with both ends.
        const auto nearer = [](std::uint8_t a, std::uint8_t b) { return static_cast<std::uint8_t>((a + b) / 2); };
        background.to = {nearer(background.from.red, background.to.red),
                         nearer(background.from.green, background.to.green),
                         nearer(background.from.blue, background.to.blue)};
        background.angle = random_.uniform(0.0, kFullTurn);
        background.cloudStrength = random_.uniform(0.0, 45.0);
        background.cloudSeed = random_.bits();
        background.texture.kind = drawTextureKind();
        background.texture.period = random_.uniform(4.0, 10.0) * unit_;
        background.texture.angle = random_.uniform(0.0, kFullTurn);
        background.texture.mark = drawColour(random_);
        background.textureStrength = random_.uniform(0.0, 0.2);
        return background;
    }

    PlacedObject makeMain(std::int64_t classId) {
        const ClassLook& look = kClasses.at(static_cast<std::size_t>(classId));
        PlacedObject object;
        object.classId = classId;
        object.shape = look.shape;
        object.radius = random_.uniform(17.0, 25.0) * unit_;
        const double margin = 0.95 * object.radius;
        object.centreX = random_.uniform(margin, options_.size - margin);
        object.centreY = random_.uniform(margin, options_.size - margin);
        object.aspect = random_.uniform(0.85, 1.18);
        object.angle = random_.uniform(0.0, kFullTurn);
        object.texture = makeTexture(look.texture);
        return object;
    }

    /// A bar or a blob of any texture, so that neither a texture nor an outline alone gives a class away.
    PlacedObject makeClutter() {
        PlacedObject object;
        object.shape = random_.uniform() < 0.5 ? ShapeKind::bar : ShapeKind::blob;
        const bool bar = object.shape == ShapeKind::bar;
        object.radius = (bar ? random_.uniform(8.0, 24.0) : random_.uniform(5.0, 12.0)) * unit_;
        object.aspect = bar ? random_.uniform(0.1, 0.3) : random_.uniform(0.35, 0.6);
        object.centreX = random_.uniform(0.0, options_.size);
        object.centreY = random_.uniform(0.0, options_.size);
        object.angle = random_.uniform(0.0, kFullTurn);
        object.texture = makeTexture(drawTextureKind());
        return object;
    }

    PlacedObject makeOccluder(const PlacedObject& main) {
        PlacedObject object = makeClutter();
        const bool bar = object.shape == ShapeKind::bar;
        // A bar crosses the object off its centre; a blob sits on its rim.
        const double offset = main.radius * (bar ? random_.uniform(0.2, 0.7) : random_.uniform(0.7, 1.0));
        const double direction = random_.uniform(0.0, kFullTurn);
        object.centreX = main.centreX + offset * std::cos(direction);
        object.centreY = main.centreY + offset * std::sin(direction);
        if (bar) {
            object.angle = direction + kFullTurn / 4.0;
            object.radius = 1.5 * main.radius;
            object.aspect = random_.uniform(0.08, 0.18);
        } else {
            object.radius = main.radius * random_.uniform(0.4, 0.65);
            object.aspect = random_.uniform(0.5, 0.8);
        }
        return object;
    }

    Random random_;
    const SceneOptions& options_;
    double unit_;
    Scene scene_;
};

}  // namespace

const std::vector<std::string>& proceduralClassNames() {
    static const std::vector<std::string> names = [] {
        std::vector<std::string> list;
        for (const ClassLook& look : kClasses) list.emplace_back(look.name);
        return list;
    }();
    return names;
}

Scene makeScene(std::uint64_t seed, std::int64_t index, const SceneOptions& options) {
    if (options.size < 16 || options.size > 1024)
        fail(ErrorCode::invalidArgument, "scenes are 16 to 1024 pixels wide, not " + std::to_string(options.size));
    if (index < 0) fail(ErrorCode::invalidArgument, "scenes are counted from 0, not " + std::to_string(index));
    Random random = RandomStreams(seed).stream("scene/" + std::to_string(index));
    return SceneMaker(std::move(random), options).make(index % static_cast<std::int64_t>(kClasses.size()));
}

std::int64_t labelOf(const Scene& scene) {
    std::int64_t label = kNoClass;
    for (const PlacedObject& object : scene.objects) {
        if (object.classId == kNoClass) continue;
        if (label != kNoClass) fail(ErrorCode::invalidArgument, "the scene holds several objects that have a class");
        label = object.classId;
    }
    if (label == kNoClass) fail(ErrorCode::invalidArgument, "the scene holds no object that has a class");
    return label;
}

}  // namespace vitrine::data
