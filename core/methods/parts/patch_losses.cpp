// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/patch_losses.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/custom_function.h>

#include <limits>
#include <utility>
#include <vector>

#include "base/error.h"
#include "methods/parts/kernel_density.h"

namespace vitrine::methods {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double kCosineGuard = 1e-8;
constexpr double kEntropyGuard = 1e-4;  // PSAQ-ViT's code

/// The offsets of the neighbours in the order of their index, centre left out.
std::vector<std::pair<std::int64_t, std::int64_t>> offsetsWithin(std::int64_t radius) {
    std::vector<std::pair<std::int64_t, std::int64_t>> offsets;
    for (std::int64_t row = -radius; row <= radius; ++row)
        for (std::int64_t column = -radius; column <= radius; ++column)
            if (row != 0 || column != 0) offsets.emplace_back(row, column);
    return offsets;
}

void requireGrid(std::int64_t rows, std::int64_t columns, std::int64_t radius) {
    if (rows < 2 || columns < 2) fail(ErrorCode::invalidArgument, "a grid of patches has at least 2 x 2 of them", "patches");
    if (radius < 1) fail(ErrorCode::invalidArgument, "must be at least 1", "radius");
}

/// The part of a grid [B,R,C,...] whose patches have a neighbour at this offset; `ahead`: those neighbours.
at::Tensor partOf(const at::Tensor& grid, std::pair<std::int64_t, std::int64_t> offset, bool ahead) {
    at::Tensor part = grid;
    const std::int64_t steps[] = {offset.first, offset.second};
    for (std::int64_t axis = 0; axis < 2; ++axis) {
        const std::int64_t step = steps[axis];
        const std::int64_t length = grid.size(1 + axis) - std::abs(step);
        const std::int64_t start = ahead ? std::max<std::int64_t>(step, 0) : std::max<std::int64_t>(-step, 0);
        part = part.narrow(1 + axis, start, length);
    }
    return part;
}

bool isOnGrid(const at::Tensor& grid, std::pair<std::int64_t, std::int64_t> offset) {
    return std::abs(offset.first) < grid.size(1) && std::abs(offset.second) < grid.size(2);
}

/// Inner products of each patch of a grid [B,R,C,D] with its neighbours: [B,R,C,K], 0 where there is none. A pair of opposite offsets
/// is one pass over the patches; nothing larger than the patches themselves is made.
struct NeighbourProducts : torch::autograd::Function<NeighbourProducts> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& grid, std::int64_t radius) {
        context->save_for_backward({grid});
        context->saved_data["radius"] = radius;
        const auto offsets = offsetsWithin(radius);
        const auto count = static_cast<std::int64_t>(offsets.size());
        at::Tensor products = at::zeros({grid.size(0), grid.size(1), grid.size(2), count}, grid.options());
        for (std::int64_t k = 0; k < count / 2; ++k) {
            const auto offset = offsets[static_cast<std::size_t>(k)];
            if (!isOnGrid(grid, offset)) continue;
            const at::Tensor product = (partOf(grid, offset, false) * partOf(grid, offset, true)).sum(-1);
            partOf(products, offset, false).select(3, k).copy_(product);
            partOf(products, offset, true).select(3, count - 1 - k).copy_(product);
        }
        return products;
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const at::Tensor grid = context->get_saved_variables()[0];
        const auto offsets = offsetsWithin(context->saved_data["radius"].toInt());
        const auto count = static_cast<std::int64_t>(offsets.size());
        at::Tensor result = at::zeros(grid.sizes(), grid.options());
        for (std::int64_t k = 0; k < count / 2; ++k) {
            const auto offset = offsets[static_cast<std::size_t>(k)];
            if (!isOnGrid(grid, offset)) continue;
            const at::Tensor weight = (partOf(gradients[0], offset, false).select(3, k) +
                                       partOf(gradients[0], offset, true).select(3, count - 1 - k)).unsqueeze(-1);
            partOf(result, offset, false).addcmul_(weight, partOf(grid, offset, true));
            partOf(result, offset, true).addcmul_(weight, partOf(grid, offset, false));
        }
        return {result, at::Tensor()};
    }
};

}  // namespace

PatchNeighbours patchNeighbours(std::int64_t rows, std::int64_t columns, std::int64_t radius) {
    requireGrid(rows, columns, radius);
    const auto offsets = offsetsWithin(radius);
    const auto count = static_cast<std::int64_t>(offsets.size());
    PatchNeighbours neighbours{at::empty({rows * columns, count}, at::kLong), at::empty({rows * columns, count}, at::kBool), {}};
    auto index = neighbours.index.accessor<std::int64_t, 2>();
    auto valid = neighbours.valid.accessor<bool, 2>();
    for (std::int64_t patch = 0; patch < rows * columns; ++patch)
        for (std::int64_t k = 0; k < count; ++k) {
            const std::int64_t row = patch / columns + offsets[static_cast<std::size_t>(k)].first;
            const std::int64_t column = patch % columns + offsets[static_cast<std::size_t>(k)].second;
            valid[patch][k] = row >= 0 && row < rows && column >= 0 && column < columns;
            index[patch][k] = valid[patch][k] ? row * columns + column : patch;
        }
    neighbours.count = neighbours.valid.sum(1);
    return neighbours;
}

at::Tensor neighbourSimilarity(const at::Tensor& patches, std::int64_t rows, std::int64_t columns, std::int64_t radius) {
    requireGrid(rows, columns, radius);
    if (patches.dim() != 3 || patches.size(1) != rows * columns)
        fail(ErrorCode::invalidArgument, "the patches do not lie on the grid", "patches");
    const std::int64_t batch = patches.size(0);
    const PatchNeighbours neighbours = patchNeighbours(rows, columns, radius);
    const at::Tensor grid = patches.reshape({batch, rows, columns, patches.size(2)});
    const at::Tensor products = NeighbourProducts::apply(grid, radius).view({batch, rows * columns, -1});
    const at::Tensor length = patches.norm(2, {2});
    const at::Tensor index = neighbours.index.to(patches.device());
    const at::Tensor others = length.index_select(1, index.flatten()).view(products.sizes());
    return products / (length.unsqueeze(2) * others + kCosineGuard);
}

at::Tensor positiveNeighbours(const at::Tensor& similarity, const PatchNeighbours& neighbours, std::int64_t positives) {
    if (positives < 1) fail(ErrorCode::invalidArgument, "must be at least 1", "positives");
    const at::NoGradGuard noGradient;
    const at::Device device = similarity.device();
    const at::Tensor known = similarity.detach().masked_fill(neighbours.valid.to(device).logical_not(), -std::numeric_limits<double>::infinity());
    const at::Tensor order = std::get<1>(at::sort(known, c10::optional<bool>(true), 2, true));
    const at::Tensor taken = (neighbours.count - 1).clamp_max(positives).to(device);
    const at::Tensor place = at::arange(similarity.size(2), at::TensorOptions(at::kLong).device(device));
    const at::Tensor isTaken = place.unsqueeze(0).lt(taken.unsqueeze(1)).unsqueeze(0).expand(similarity.sizes());
    return at::zeros(similarity.sizes(), isTaken.options()).scatter_(2, order, isTaken);
}

at::Tensor patchContrastiveLoss(const at::Tensor& patches, std::int64_t rows, std::int64_t columns, const PatchContrast& contrast) {
    if (!(contrast.temperature > 0)) fail(ErrorCode::invalidArgument, "must be positive", "temperature");
    const at::Tensor similarity = neighbourSimilarity(patches, rows, columns, contrast.radius);
    const PatchNeighbours neighbours = patchNeighbours(rows, columns, contrast.radius);
    const at::Tensor positive = positiveNeighbours(similarity, neighbours, contrast.positives);
    const at::Tensor logits = similarity / contrast.temperature;
    constexpr double never = -std::numeric_limits<double>::infinity();
    const at::Tensor all = logits.masked_fill(neighbours.valid.to(patches.device()).logical_not(), never).logsumexp({2});
    if (contrast.reduction == PositivesReduction::sum)
        return (all - logits.masked_fill(positive.logical_not(), never).logsumexp({2})).mean(1);
    const at::Tensor weight = positive.to(logits.scalar_type());
    return (all - (logits * weight).sum({2}) / weight.sum({2})).mean(1);
}

at::Tensor patchEntropy(const at::Tensor& patches, const PatchDensity& density) {
    if (patches.dim() != 3 || patches.size(1) < 2) fail(ErrorCode::invalidArgument, "a group has at least two patches", "patches");
    if (!(density.bandwidth > 0) || density.points < 2)
        fail(ErrorCode::invalidArgument, "needs a positive bandwidth and at least two points", "density");
    const at::Tensor directions = patches / patches.norm(2, {2}, true).clamp_min(kCosineGuard);
    const at::Tensor similarity = directions.bmm(directions.transpose(1, 2));
    at::Tensor points;
    {
        const at::NoGradGuard noGradient;
        const at::Tensor flat = similarity.detach().flatten(1);
        const at::Tensor low = flat.amin(1, true);
        const at::Tensor share = at::linspace(0, 1, density.points, flat.options()).unsqueeze(0);
        points = low + (flat.amax(1, true) - low) * share;
    }
    const at::Tensor mass = symmetricDensity(similarity, points, density.bandwidth) + kEntropyGuard;
    const at::Tensor integrand = -(mass * mass.log());
    return at::trapezoid(integrand, points, 1);
}

}  // namespace vitrine::methods
