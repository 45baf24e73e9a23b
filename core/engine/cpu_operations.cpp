// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/cpu_operations.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <optional>

#include "engine/kernels.h"
#include "engine/stacks.h"

namespace vitrine::engine::cpu {
namespace {

/// Elements that are worth a thread of their own.
constexpr std::int64_t kGrain = 1 << 15;

/// Calls body(first row, number of rows) on several threads.
template <typename Body>
void overRows(std::int64_t rows, std::int64_t columns, const Body& body) {
    const std::int64_t grain = std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, columns));
    at::parallel_for(0, rows, grain, [&](std::int64_t begin, std::int64_t end) { body(begin, end - begin); });
}

/// Where the result of an elementwise kernel on dense `x` goes: over x, or into new memory.
at::Tensor resultFor(const Call& call, const at::Tensor& x) {
    return call.mayOverwrite && overwritable(x) ? x : at::empty(x.sizes(), x.options());
}

/// The input as a dense tensor. An input that is no longer needed is dropped, so that a copy of it can be overwritten.
at::Tensor takeDense(at::Tensor& input) {
    at::Tensor taken = std::move(input);
    return taken.is_contiguous() ? taken : taken.contiguous();
}

at::Tensor biasOf(const Call& call) { return call.inputs.size() > 2 ? call.inputs[2] : at::Tensor(); }

at::Tensor multiplyByWeight(const Call& call, const at::Tensor& x) {
    if (call.weight != nullptr) return multiplyPacked(x, *call.weight, biasOf(call));
    return multiplyPacked(x, PackedWeight(call.inputs[1]), biasOf(call));
}

}  // namespace

at::Tensor linear(Call& call) { return multiplyByWeight(call, call.inputs[0]); }

/// Patches that do not overlap are rows of a matrix. The result [B,O,H,W] lies in memory as [B,H,W,O].
at::Tensor conv2d(Call& call) {
    const at::Tensor& image = call.inputs[0];
    const auto [height, width] = call.node.as<graph::ConvAttributes>().stride;
    const std::int64_t rows = image.size(2) / height;
    const std::int64_t columns = image.size(3) / width;
    const at::Tensor patches = image.view({image.size(0), image.size(1), rows, height, columns, width})
                                   .permute({0, 2, 4, 1, 3, 5})
                                   .reshape({image.size(0), rows, columns, image.size(1) * height * width});
    return multiplyByWeight(call, patches).permute({0, 3, 1, 2});
}

at::Tensor matmul(Call& call) {
    const auto& a = call.node.as<graph::MatMulAttributes>();
    const at::Tensor& left = call.inputs[0];
    const at::Tensor right = a.transposeB ? call.inputs[1].transpose(-1, -2) : call.inputs[1];
    std::vector<std::int64_t> sizes = left.sizes().vec();
    sizes.back() = right.size(-1);
    if (call.order.empty()) {
        at::Tensor result = at::empty(sizes, at::kFloat);
        multiplyStacks(left, right, a.scale, result);
        return result;
    }
    std::vector<std::int64_t> inMemory(sizes.size());
    std::vector<std::int64_t> inverse(sizes.size());
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto axis = static_cast<std::size_t>(call.order[i]);
        inMemory[i] = sizes[axis];
        inverse[axis] = static_cast<std::int64_t>(i);
    }
    at::Tensor result = at::empty(inMemory, at::kFloat).permute(inverse);
    multiplyStacks(left, right, a.scale, result);
    return result;
}

at::Tensor softmax(Call& call) {
    const at::Tensor x = takeDense(call.inputs[0]);
    at::Tensor result = resultFor(call, x);
    const std::int64_t columns = x.size(-1);
    const float* in = x.data_ptr<float>();
    float* out = result.data_ptr<float>();
    overRows(x.numel() / columns, columns, [=](std::int64_t first, std::int64_t count) {
        softmaxRows(in + first * columns, out + first * columns, count, columns);
    });
    return result;
}

at::Tensor gelu(Call& call) {
    const at::Tensor x = takeDense(call.inputs[0]);
    at::Tensor result = resultFor(call, x);
    const float* in = x.data_ptr<float>();
    float* out = result.data_ptr<float>();
    overRows(x.numel(), 1, [=](std::int64_t first, std::int64_t count) { engine::gelu(in + first, out + first, count); });
    return result;
}

at::Tensor layerNorm(Call& call) {
    const at::Tensor x = takeDense(call.inputs[0]);
    const at::Tensor weight = call.inputs[1].contiguous();
    const at::Tensor bias = call.inputs[2].contiguous();
    at::Tensor result = resultFor(call, x);
    const LayerNorm norm{weight.data_ptr<float>(), bias.data_ptr<float>(),
                         static_cast<float>(call.node.as<graph::LayerNormAttributes>().epsilon)};
    const std::int64_t columns = x.size(-1);
    const float* in = x.data_ptr<float>();
    float* out = result.data_ptr<float>();
    overRows(x.numel() / columns, columns, [=](std::int64_t first, std::int64_t count) {
        layerNormRows(in + first * columns, out + first * columns, count, columns, norm);
    });
    return result;
}

}  // namespace vitrine::engine::cpu
