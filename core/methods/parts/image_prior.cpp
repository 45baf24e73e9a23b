// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/image_prior.h"

#include <ATen/ATen.h>

#include <cmath>
#include <vector>

#include "base/error.h"

namespace vitrine::methods {
namespace {

at::Tensor perChannel(const std::vector<double>& values, std::int64_t channels, double otherwise) {
    const bool known = static_cast<std::int64_t>(values.size()) == channels;
    const at::Tensor row = known ? at::tensor(values, at::kDouble) : at::full({channels}, otherwise, at::kDouble);
    return row.view({1, channels, 1, 1});
}

}  // namespace

at::Tensor totalVariation(const at::Tensor& images) {
    if (images.dim() != 4 || images.size(2) < 2 || images.size(3) < 2)
        fail(ErrorCode::invalidArgument, "images of at least 2 x 2 pixels are needed", "images");
    const std::int64_t rows = images.size(2) - 1;
    const std::int64_t columns = images.size(3) - 1;
    const auto part = [&](std::int64_t row, std::int64_t column, std::int64_t height, std::int64_t width) {
        return images.narrow(2, row, height).narrow(3, column, width);
    };
    const at::Tensor right = part(0, 0, rows + 1, columns) - part(0, 1, rows + 1, columns);
    const at::Tensor below = part(0, 0, rows, columns + 1) - part(1, 0, rows, columns + 1);
    const at::Tensor falling = part(0, 0, rows, columns) - part(1, 1, rows, columns);
    const at::Tensor rising = part(1, 0, rows, columns) - part(0, 1, rows, columns);
    return right.norm() + below.norm() + falling.norm() + rising.norm();
}

double variationScale(at::IntArrayRef sizes) {
    double elements = 1;
    for (const std::int64_t size : sizes) elements *= static_cast<double>(size);
    return std::sqrt(elements / (32.0 * 3 * 224 * 224));
}

ValidBox validBox(const graph::ModelInfo& info) {
    const at::Tensor mean = perChannel(info.mean, info.imageChannels, 0);
    const at::Tensor deviation = perChannel(info.standardDeviation, info.imageChannels, 1);
    return {(-mean / deviation).to(at::kFloat), ((1 - mean) / deviation).to(at::kFloat)};
}

at::Tensor denormalized(const at::Tensor& images, const graph::ModelInfo& info) {
    const at::Tensor mean = perChannel(info.mean, info.imageChannels, 0).to(at::kFloat);
    const at::Tensor deviation = perChannel(info.standardDeviation, info.imageChannels, 1).to(at::kFloat);
    return (images * deviation + mean).clamp(0, 1);
}

at::Tensor pictures(const at::Tensor& images, const graph::ModelInfo& info) {
    const at::Tensor pixels = denormalized(images.to(at::kCPU), info);
    const at::Tensor colours = pixels.size(1) == 3 ? pixels : pixels.narrow(1, 0, 1).expand({-1, 3, -1, -1});
    return (colours * 255).round().to(at::kByte).contiguous();
}

at::Tensor gaussianImages(const graph::ModelInfo& info, std::int64_t count, Random& random) {
    at::Tensor images = at::empty({count, info.imageChannels, info.imageHeight, info.imageWidth}, at::kFloat);
    auto* pixels = images.data_ptr<float>();
    for (std::int64_t i = 0; i < images.numel(); ++i) pixels[i] = static_cast<float>(random.normal());
    return images;
}

at::Tensor drawLabels(const graph::ModelInfo& info, std::int64_t count, Random& random) {
    at::Tensor labels = at::empty({count}, at::kLong);
    auto* label = labels.data_ptr<std::int64_t>();
    for (std::int64_t i = 0; i < count; ++i) label[i] = random.integer(0, info.classes - 1);
    return labels;
}

}  // namespace vitrine::methods
