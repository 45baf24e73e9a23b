// SPDX-License-Identifier: GPL-3.0-or-later
// The antialiased resize of Pillow: each output value is a weighted mean over the inputs under a filter that is
// stretched by the reduction; weights are rounded to 22 fractional bits and normalised per output.
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "data/preprocess.h"

namespace vitrine::data {
namespace {

constexpr int kChannels = 3;
constexpr int kFractionBits = 22;
constexpr std::int32_t kHalf = 1 << (kFractionBits - 1);

double triangle(double x) { return std::max(0.0, 1.0 - std::abs(x)); }

double cubic(double x) {
    constexpr double a = -0.5;
    x = std::abs(x);
    if (x < 1.0) return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0;
    if (x < 2.0) return (((x - 5.0) * x + 8.0) * x - 4.0) * a;
    return 0.0;
}

/// For each output position the first input position and the weights from there on.
struct Weights {
    std::vector<int> first;
    std::vector<int> count;
    std::vector<std::int32_t> values;  ///< `stride` for each output
    int stride = 0;

    const std::int32_t* at(int output) const { return values.data() + static_cast<std::size_t>(output) * stride; }
};

Weights makeWeights(int inputs, int outputs, Interpolation interpolation) {
    const bool bicubic = interpolation == Interpolation::bicubic;
    const double scale = static_cast<double>(inputs) / outputs;
    const double stretch = std::max(scale, 1.0);
    const double support = (bicubic ? 2.0 : 1.0) * stretch;
    const double shrink = 1.0 / stretch;
    Weights weights;
    weights.stride = static_cast<int>(std::ceil(support)) * 2 + 1;
    weights.values.assign(static_cast<std::size_t>(outputs) * weights.stride, 0);
    std::vector<double> exact(static_cast<std::size_t>(weights.stride));
    for (int output = 0; output < outputs; ++output) {
        const double centre = (output + 0.5) * scale;
        const int first = std::max(0, static_cast<int>(centre - support + 0.5));
        const int count = std::min(inputs, static_cast<int>(centre + support + 0.5)) - first;
        double sum = 0.0;
        for (int i = 0; i < count; ++i) {
            const double position = (i + first - centre + 0.5) * shrink;
            exact[i] = bicubic ? cubic(position) : triangle(position);
            sum += exact[i];
        }
        std::int32_t* values = weights.values.data() + static_cast<std::size_t>(output) * weights.stride;
        for (int i = 0; i < count; ++i) {
            const double scaled = (sum != 0.0 ? exact[i] / sum : exact[i]) * (1 << kFractionBits);
            values[i] = static_cast<std::int32_t>(scaled < 0.0 ? scaled - 0.5 : scaled + 0.5);
        }
        weights.first.push_back(first);
        weights.count.push_back(count);
    }
    return weights;
}

std::uint8_t toByte(std::int32_t sum) { return static_cast<std::uint8_t>(std::clamp(sum >> kFractionBits, 0, 255)); }

formats::Image emptyImage(int width, int height) {
    return {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * kChannels)};
}

formats::Image resizeColumns(const formats::Image& image, int width, Interpolation interpolation) {
    const Weights weights = makeWeights(image.width, width, interpolation);
    formats::Image out = emptyImage(width, image.height);
    for (int y = 0; y < image.height; ++y) {
        const std::uint8_t* row = image.rgb.data() + static_cast<std::size_t>(y) * image.width * kChannels;
        std::uint8_t* target = out.rgb.data() + static_cast<std::size_t>(y) * width * kChannels;
        for (int x = 0; x < width; ++x, target += kChannels) {
            const std::uint8_t* source = row + weights.first[x] * kChannels;
            const std::int32_t* weight = weights.at(x);
            std::int32_t red = kHalf, green = kHalf, blue = kHalf;
            for (int i = 0; i < weights.count[x]; ++i, source += kChannels) {
                red += source[0] * weight[i];
                green += source[1] * weight[i];
                blue += source[2] * weight[i];
            }
            target[0] = toByte(red);
            target[1] = toByte(green);
            target[2] = toByte(blue);
        }
    }
    return out;
}

formats::Image resizeRows(const formats::Image& image, int height, Interpolation interpolation) {
    const Weights weights = makeWeights(image.height, height, interpolation);
    formats::Image out = emptyImage(image.width, height);
    const std::size_t rowSize = static_cast<std::size_t>(image.width) * kChannels;
    std::vector<std::int32_t> sums(rowSize);
    for (int y = 0; y < height; ++y) {
        std::fill(sums.begin(), sums.end(), kHalf);
        for (int i = 0; i < weights.count[y]; ++i) {
            const std::uint8_t* source = image.rgb.data() + (weights.first[y] + i) * rowSize;
            const std::int32_t weight = weights.at(y)[i];
            for (std::size_t k = 0; k < rowSize; ++k) sums[k] += source[k] * weight;
        }
        std::transform(sums.begin(), sums.end(), out.rgb.begin() + static_cast<std::ptrdiff_t>(y * rowSize), toByte);
    }
    return out;
}

}  // namespace

formats::Image resize(const formats::Image& image, PictureSize size, Interpolation interpolation) {
    if (size.width <= 0 || size.height <= 0 || size.height > formats::kMaximumPixels / size.width)
        fail(ErrorCode::invalidArgument, "a picture cannot be resized to " + std::to_string(size.width) + " x " +
                                             std::to_string(size.height) + " pixels");
    if (image.width == size.width) {
        return image.height == size.height ? image : resizeRows(image, size.height, interpolation);
    }
    const formats::Image narrowed = resizeColumns(image, size.width, interpolation);
    return image.height == size.height ? narrowed : resizeRows(narrowed, size.height, interpolation);
}

}  // namespace vitrine::data
