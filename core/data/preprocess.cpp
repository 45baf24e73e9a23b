// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/preprocess.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.h"

namespace vitrine::data {
namespace {

constexpr std::size_t kChannels = 3;

[[noreturn]] void refuse(const std::string& field, const std::string& rule) {
    fail(ErrorCode::invalidArgument, "the preprocessing asks for an impossible " + field + ": it must be " + rule);
}

/// half of `difference`, halves rounded to even as Python's round does.
int evenHalf(int difference) {
    const int half = difference / 2;
    return difference % 2 == 1 && half % 2 == 1 ? half + 1 : half;
}

formats::Image padded(const formats::Image& image, PictureSize atLeast) {
    const PictureSize size{std::max(image.width, atLeast.width), std::max(image.height, atLeast.height)};
    if (size == PictureSize{image.width, image.height}) return image;
    formats::Image out{size.width, size.height, std::vector<std::uint8_t>(kChannels * size.width * size.height)};
    const std::size_t left = static_cast<std::size_t>(size.width - image.width) / 2;
    const std::size_t top = static_cast<std::size_t>(size.height - image.height) / 2;
    const std::size_t rowBytes = kChannels * image.width;
    for (int y = 0; y < image.height; ++y)
        std::copy_n(image.rgb.data() + y * rowBytes, rowBytes,
                    out.rgb.data() + kChannels * ((top + y) * size.width + left));
    return out;
}

formats::Image greyed(formats::Image image) {
    for (std::size_t i = 0; i < image.rgb.size(); i += kChannels) {
        std::uint8_t* pixel = image.rgb.data() + i;
        const std::uint32_t grey = (pixel[0] * 19595u + pixel[1] * 38470u + pixel[2] * 7471u + 0x8000u) >> 16;
        std::fill_n(pixel, kChannels, static_cast<std::uint8_t>(grey));
    }
    return image;
}

}  // namespace

std::string_view interpolationName(Interpolation interpolation) {
    return interpolation == Interpolation::bilinear ? "bilinear" : "bicubic";
}

Interpolation interpolationNamed(std::string_view name) {
    if (name == "bilinear") return Interpolation::bilinear;
    if (name == "bicubic") return Interpolation::bicubic;
    fail(ErrorCode::invalidArgument, "there is no interpolation named " + std::string(name), {},
         "use bicubic or bilinear");
}

void requireValid(const Preprocessing& preprocessing) {
    constexpr int kMaximumSide = 8192;
    if (preprocessing.channels != 1 && preprocessing.channels != 3) refuse("number of channels", "1 or 3");
    for (const int side : {preprocessing.width, preprocessing.height})
        if (side < 1 || side > kMaximumSide)
            refuse("input size", "1 to " + std::to_string(kMaximumSide) + " pixels a side");
    if (!(preprocessing.cropFraction >= 0.1 && preprocessing.cropFraction <= 1.0)) refuse("crop fraction", "0.1 to 1");
    const auto channels = static_cast<std::size_t>(preprocessing.channels);
    const auto finite = [](float value) { return std::isfinite(value); };
    if (preprocessing.mean.size() != channels ||
        !std::all_of(preprocessing.mean.begin(), preprocessing.mean.end(), finite))
        refuse("mean", "one finite number per channel");
    const auto positive = [](float value) { return std::isfinite(value) && value > 0.0f; };
    const auto& deviation = preprocessing.standardDeviation;
    if (deviation.size() != channels || !std::all_of(deviation.begin(), deviation.end(), positive))
        refuse("standard deviation", "one positive number per channel");
}

PictureSize resizedSize(PictureSize source, const Preprocessing& preprocessing) {
    const auto before = [&](int side) { return static_cast<int>(std::floor(side / preprocessing.cropFraction)); };
    if (preprocessing.width != preprocessing.height) return {before(preprocessing.width), before(preprocessing.height)};
    const std::int64_t side = before(preprocessing.width);
    const std::int64_t longer = std::max(source.width, source.height), shorter = std::min(source.width, source.height);
    // Bounded so that a thread-thin picture, one pixel by a million, asks for a size that resize() refuses.
    const int other = static_cast<int>(std::min<std::int64_t>(side * longer / shorter, formats::kMaximumPixels));
    return source.width <= source.height ? PictureSize{static_cast<int>(side), other}
                                         : PictureSize{other, static_cast<int>(side)};
}

formats::Image centreCrop(const formats::Image& image, PictureSize size) {
    const formats::Image source = padded(image, size);
    const std::size_t top = static_cast<std::size_t>(evenHalf(source.height - size.height));
    const std::size_t left = static_cast<std::size_t>(evenHalf(source.width - size.width));
    const std::size_t rowBytes = kChannels * size.width;
    formats::Image out{size.width, size.height, std::vector<std::uint8_t>(rowBytes * size.height)};
    for (int y = 0; y < size.height; ++y)
        std::copy_n(source.rgb.data() + kChannels * ((top + y) * source.width + left), rowBytes,
                    out.rgb.data() + y * rowBytes);
    return out;
}

formats::Image resizeAndCrop(const formats::Image& image, const Preprocessing& preprocessing) {
    const PictureSize target = resizedSize({image.width, image.height}, preprocessing);
    const PictureSize input{preprocessing.width, preprocessing.height};
    if (preprocessing.channels == 1)
        return centreCrop(resize(greyed(image), target, preprocessing.interpolation), input);
    return centreCrop(resize(image, target, preprocessing.interpolation), input);
}

void normalise(const formats::Image& image, const Preprocessing& preprocessing, std::span<float> out) {
    const auto channels = static_cast<std::size_t>(preprocessing.channels);
    const std::size_t plane = static_cast<std::size_t>(preprocessing.width) * preprocessing.height;
    if (image.width != preprocessing.width || image.height != preprocessing.height || out.size() != channels * plane)
        fail(ErrorCode::invalidArgument, "a picture of " + std::to_string(image.width) + " x " +
                                             std::to_string(image.height) + " pixels does not fit the network's input");
    for (std::size_t c = 0; c < channels; ++c) {
        std::array<float, 256> table;
        for (std::size_t value = 0; value < table.size(); ++value)
            table[value] =
                (static_cast<float>(value) / 255.0f - preprocessing.mean[c]) / preprocessing.standardDeviation[c];
        float* target = out.data() + c * plane;
        const std::uint8_t* source = image.rgb.data() + c;
        for (std::size_t i = 0; i < plane; ++i) target[i] = table[source[i * kChannels]];
    }
}

void preprocess(const formats::Image& image, const Preprocessing& preprocessing, std::span<float> out) {
    normalise(resizeAndCrop(image, preprocessing), preprocessing, out);
}

}  // namespace vitrine::data
