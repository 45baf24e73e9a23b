// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "formats/image.h"

/// From a picture to a network's input, as timm's evaluation transform does it with Pillow and torchvision (timm
/// 0.6.13, create_transform(is_training=False); Pillow 9.4 Image.resize; torchvision 0.14 CenterCrop, ToTensor,
/// Normalize): bytes and floats come out equal. All functions may be called from several threads.
namespace vitrine::data {

/// Both are antialiased: their width grows with the reduction.
enum class Interpolation {
    bilinear,  ///< triangle filter
    bicubic,   ///< cubic convolution with a = -0.5
};

std::string_view interpolationName(Interpolation interpolation);  ///< "bilinear", "bicubic": timm's names

/// Throws Exception(invalidArgument) on another name.
Interpolation interpolationNamed(std::string_view name);

/// What a network expects of its input.
struct Preprocessing {
    int channels = 3;  ///< 3: RGB, 1: grey (ITU-R 601 weights, as Pillow's mode L)
    int height = 224;
    int width = 224;
    double cropFraction = 0.875;  ///< timm's crop_pct, in (0, 1]: the part of the resized picture that is kept
    Interpolation interpolation = Interpolation::bicubic;
    std::vector<float> mean{0.485f, 0.456f, 0.406f};               ///< per channel, of values in 0..1
    std::vector<float> standardDeviation{0.229f, 0.224f, 0.225f};  ///< per channel, above 0
};

/// Throws Exception(invalidArgument) naming the field that is out of range.
void requireValid(const Preprocessing& preprocessing);

struct PictureSize {
    int width = 0;
    int height = 0;
    friend bool operator==(const PictureSize&, const PictureSize&) = default;
};

/// What a picture is resized to before the crop. Square inputs: the shorter side becomes floor(side / cropFraction) and
/// the other one follows, rounded down; a picture whose shorter side has that length already is left alone. Other
/// inputs: both sides become floor(side / cropFraction), whatever the picture's shape.
PictureSize resizedSize(PictureSize source, const Preprocessing& preprocessing);

/// Pillow's Image.resize in its integer arithmetic, bit for bit: columns first, then rows, each rounded to bytes.
/// Throws Exception(invalidArgument) on a size that is not positive or above formats::kMaximumPixels.
formats::Image resize(const formats::Image& image, PictureSize size, Interpolation interpolation);

/// The middle of a picture; the offset is rounded half to even. Where the picture is smaller it is first surrounded by
/// black.
formats::Image centreCrop(const formats::Image& image, PictureSize size);

/// Resize and crop: still bytes, for grey inputs three equal channels.
formats::Image resizeAndCrop(const formats::Image& image, const Preprocessing& preprocessing);

/// (value / 255 - mean) / standardDeviation of a picture of the input's size, as [channels, height, width].
/// Throws Exception(invalidArgument) when the picture or `out` has another size.
void normalise(const formats::Image& image, const Preprocessing& preprocessing, std::span<float> out);

/// resizeAndCrop, then normalise; `out` has channels * height * width elements.
void preprocess(const formats::Image& image, const Preprocessing& preprocessing, std::span<float> out);

}  // namespace vitrine::data
