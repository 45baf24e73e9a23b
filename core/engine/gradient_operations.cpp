// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gradient_operations.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "engine/kernels.h"
#include "engine/operations.h"
#include "engine/stacks.h"
#include "graph/operations.h"

namespace vitrine::engine {
namespace {

using namespace graph;

constexpr std::int64_t kGrain = 1 << 15;

template <typename Body>
void overRows(std::int64_t rows, std::int64_t columns, const Body& body) {
    const std::int64_t grain = std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, columns));
    at::parallel_for(0, rows, grain, [&](std::int64_t begin, std::int64_t end) { body(begin, end - begin); });
}

/// Where an elementwise way back writes to: over the gradient when nobody else sees it.
at::Tensor resultOver(const at::Tensor& gradient) {
    return overwritable(gradient) ? gradient : at::empty(gradient.sizes(), gradient.options());
}

at::Tensor takeDense(at::Tensor& gradient) {
    at::Tensor taken = std::move(gradient);
    return taken.is_contiguous() ? taken : taken.contiguous();
}

/// What a bias or another vector along the last dimension gets.
at::Tensor sumOfRows(const at::Tensor& gradient) { return gradient.reshape({-1, gradient.size(-1)}).sum(0); }

/// Of weight or bias; for the gradient of a weight its values do not count.
at::Tensor conv2dParameter(const BackwardCall& call, std::size_t index) {
    if (index == 2) return call.gradient.sum({0, 2, 3});
    const auto& a = call.node.as<ConvAttributes>();
    const at::Tensor weight = at::empty({1}, call.gradient.options()).expand(call.graph.value(call.node.inputs[1]).shape);
    return std::get<1>(at::convolution_backward(call.gradient, call.inputs[0], weight, c10::nullopt, a.stride, a.padding, {1, 1}, false,
                                                {0, 0}, a.groups, {false, true, false}));
}

at::Tensor conv2d(BackwardCall& call, std::size_t index) {
    if (index > 0) return conv2dParameter(call, index);
    const auto& a = call.node.as<ConvAttributes>();
    if (call.transposed == nullptr) {
        const at::Tensor image = at::empty({1}, call.gradient.options()).expand(call.inputSizes);  // only its size counts
        return std::get<0>(at::convolution_backward(call.gradient, image, call.inputs[1], c10::nullopt, a.stride, a.padding, {1, 1},
                                                    false, {0, 0}, a.groups, {true, false, false}));
    }
    const auto& sizes = call.inputSizes;
    const at::Tensor patches = multiplyPacked(call.gradient.permute({0, 2, 3, 1}), *call.transposed, {});
    return patches.view({sizes[0], sizes[2] / a.stride[0], sizes[3] / a.stride[1], sizes[1], a.stride[0], a.stride[1]})
        .permute({0, 3, 1, 4, 2, 5})
        .reshape(sizes);
}

at::Tensor linear(BackwardCall& call, std::size_t index) {
    if (index == 2) return sumOfRows(call.gradient);
    if (index == 1) {
        const at::Tensor rows = call.gradient.reshape({-1, call.gradient.size(-1)});
        return at::mm(rows.t(), call.inputs[0].reshape({-1, call.inputs[0].size(-1)}));
    }
    if (call.transposed != nullptr) return multiplyPacked(call.gradient, *call.transposed, {});
    return at::matmul(call.gradient, call.inputs[1]);
}

/// With out = s a b: the gradient of a is s g b^T, that of b is s a^T g, or s g^T a where b was taken transposed.
at::Tensor matmul(BackwardCall& call, std::size_t index) {
    const auto& a = call.node.as<MatMulAttributes>();
    const at::Tensor& left = call.inputs[0];
    const at::Tensor& right = call.inputs[1];
    const at::Tensor& gradient = call.gradient;
    at::Tensor result = at::empty((index == 0 ? left : right).sizes(), gradient.options());
    if (index == 0)
        multiplyStacks(gradient, a.transposeB ? right : right.transpose(-1, -2), a.scale, result);
    else if (a.transposeB)
        multiplyStacks(gradient.transpose(-1, -2), left, a.scale, result);
    else
        multiplyStacks(left.transpose(-1, -2), gradient, a.scale, result);
    return result;
}

at::Tensor softmax(BackwardCall& call, std::size_t) {
    const at::Tensor gradient = takeDense(call.gradient);
    const at::Tensor y = call.output.contiguous();
    at::Tensor result = resultOver(gradient);
    const std::int64_t columns = y.size(-1);
    overRows(y.numel() / columns, columns, [&](std::int64_t first, std::int64_t count) {
        const std::int64_t offset = first * columns;
        softmaxGradientRows(y.data_ptr<float>() + offset, gradient.data_ptr<float>() + offset, result.data_ptr<float>() + offset, count,
                            columns);
    });
    return result;
}

/// The rows before weight and bias.
at::Tensor normalized(const at::Tensor& x, double epsilon) {
    const std::int64_t columns = x.size(-1);
    const at::Tensor one = at::ones({columns}, x.options());
    const at::Tensor zero = at::zeros({columns}, x.options());
    const LayerNorm norm{one.data_ptr<float>(), zero.data_ptr<float>(), static_cast<float>(epsilon)};
    at::Tensor result = at::empty(x.sizes(), x.options());
    overRows(x.numel() / columns, columns, [&](std::int64_t first, std::int64_t count) {
        layerNormRows(x.data_ptr<float>() + first * columns, result.data_ptr<float>() + first * columns, count, columns, norm);
    });
    return result;
}

at::Tensor layerNorm(BackwardCall& call, std::size_t index) {
    if (index == 2) return sumOfRows(call.gradient);
    const at::Tensor gradient = takeDense(call.gradient);
    const at::Tensor x = call.inputs[0].contiguous();
    if (index == 1) return sumOfRows(normalized(x, call.node.as<LayerNormAttributes>().epsilon).mul_(gradient));
    const at::Tensor weight = call.inputs[1].contiguous();
    at::Tensor result = resultOver(gradient);
    const LayerNorm norm{weight.data_ptr<float>(), nullptr, static_cast<float>(call.node.as<LayerNormAttributes>().epsilon)};
    const std::int64_t columns = x.size(-1);
    overRows(x.numel() / columns, columns, [&](std::int64_t first, std::int64_t count) {
        const std::int64_t offset = first * columns;
        layerNormGradientRows(x.data_ptr<float>() + offset, gradient.data_ptr<float>() + offset, result.data_ptr<float>() + offset, count,
                              columns, norm);
    });
    return result;
}

at::Tensor gelu(BackwardCall& call, std::size_t) {
    if (call.node.as<GeluAttributes>().tanhApproximation) return at::gelu_backward(call.gradient, call.inputs[0], "tanh");
    const at::Tensor gradient = takeDense(call.gradient);
    const at::Tensor x = call.inputs[0].contiguous();
    at::Tensor result = resultOver(gradient);
    overRows(x.numel(), 1, [&](std::int64_t first, std::int64_t count) {
        geluGradient(x.data_ptr<float>() + first, gradient.data_ptr<float>() + first, result.data_ptr<float>() + first, count);
    });
    return result;
}

at::Tensor relu(BackwardCall& call, std::size_t) { return call.gradient * call.output.gt(0); }

at::Tensor add(BackwardCall& call, std::size_t index) {
    if (index == 0) return at::sum_to(call.gradient, call.inputSizes);
    Shape sizes = call.graph.value(call.node.inputs[index]).shape;
    if (!sizes.empty() && sizes[0] == kBatch) sizes[0] = call.gradient.size(0);
    return at::sum_to(call.gradient, sizes);
}

at::Tensor reshape(BackwardCall& call, std::size_t) { return call.gradient.reshape(call.inputSizes); }

at::Tensor permute(BackwardCall& call, std::size_t) {
    const auto& axes = call.node.as<PermuteAttributes>().axes;
    std::vector<std::int64_t> inverse(axes.size());
    for (std::size_t i = 0; i < axes.size(); ++i) inverse[static_cast<std::size_t>(axes[i])] = static_cast<std::int64_t>(i);
    return call.gradient.permute(inverse);
}

at::Tensor concat(BackwardCall& call, std::size_t index) {
    const std::int64_t axis = call.node.as<AxisAttributes>().axis;
    std::int64_t start = 0;
    const auto length = [&](std::size_t i) { return call.graph.value(call.node.inputs[i]).shape[static_cast<std::size_t>(axis)]; };
    for (std::size_t i = 0; i < index; ++i) start += length(i);
    return call.gradient.narrow(axis, start, length(index));
}

at::Tensor roll(BackwardCall& call, std::size_t) {
    const auto& a = call.node.as<RollAttributes>();
    std::vector<std::int64_t> shifts = a.shifts;
    for (std::int64_t& shift : shifts) shift = -shift;
    return at::roll(call.gradient, shifts, a.axes);
}

at::Tensor pad(BackwardCall& call, std::size_t) {
    const auto& a = call.node.as<PadAttributes>();
    at::Tensor result = call.gradient;
    for (const std::int64_t axis : a.axes) result = result.narrow(axis, 0, call.inputSizes[static_cast<std::size_t>(axis)]);
    return result;
}

at::Tensor mean(BackwardCall& call, std::size_t) {
    const std::int64_t axis = call.node.as<AxisAttributes>().axis;
    const std::int64_t count = call.inputSizes[static_cast<std::size_t>(axis)];
    return (call.gradient / static_cast<double>(count)).unsqueeze(axis).expand(call.inputSizes);
}

at::Tensor expand(BackwardCall& call, std::size_t) { return call.gradient.sum(0, true); }

/// Rows that are read several times get the sum.
at::Tensor gather(BackwardCall& call, std::size_t) {
    const at::Tensor rows = call.inputs[1].reshape({-1});
    std::vector<std::int64_t> sizes = call.inputSizes;
    sizes[0] = rows.numel();
    return at::zeros(call.inputSizes, call.gradient.options()).index_add_(0, rows, call.gradient.reshape(sizes));
}

/// Slices are added into the gradient of their whole by the caller.
at::Tensor none(BackwardCall& call, std::size_t) {
    fail(ErrorCode::internal, "no gradient passes here", call.graph.value(call.node.output).id);
}

using Kernel = at::Tensor (*)(BackwardCall&, std::size_t);

// In the order of Op.
constexpr Kernel kKernels[] = {conv2d,  linear, matmul, softmax, layerNorm, gelu, relu, add,  reshape,
                               permute, expand, concat, none,    roll,      pad,  gather, mean};
static_assert(std::size(kKernels) == kOpCount);

}  // namespace

bool keepsOutput(const Node& node) { return node.op == Op::softmax || node.op == Op::relu; }

bool keepsInput(const Node& node, std::size_t index, const std::vector<bool>& active) {
    if (node.op == Op::matmul) return index < 2;
    if (index != 0) return false;
    if (node.op == Op::linear || node.op == Op::conv2d) return active[static_cast<std::size_t>(node.inputs[1])];
    return node.op == Op::layerNorm || node.op == Op::gelu;
}

at::Tensor gradientOf(BackwardCall& call, std::size_t index) { return kKernels[static_cast<std::size_t>(call.node.op)](call, index); }

}  // namespace vitrine::engine
