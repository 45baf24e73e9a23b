// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/operations.h"

#include <ATen/ATen.h>

#include <vector>

#include "base/error.h"

namespace vitrine::engine {
namespace {

using namespace graph;

/// "Is there a bias": the third input where it exists.
c10::optional<at::Tensor> bias(const Call& call) {
    if (call.inputs.size() < 3) return c10::nullopt;
    return call.inputs[2];
}

bool inPlace(const Call& call, const at::Tensor& tensor) { return !call.differentiable && overwritable(tensor); }

at::Tensor conv2d(Call& call) {
    const auto& a = call.node.as<ConvAttributes>();
    return at::conv2d(call.inputs[0], call.inputs[1], bias(call), a.stride, a.padding, {1, 1}, a.groups);
}

at::Tensor linear(Call& call) { return at::linear(call.inputs[0], call.inputs[1], bias(call)); }

at::Tensor matmul(Call& call) {
    const auto& a = call.node.as<MatMulAttributes>();
    const at::Tensor right = a.transposeB ? call.inputs[1].transpose(-1, -2) : call.inputs[1];
    at::Tensor product = at::matmul(call.inputs[0], right);
    if (a.scale == 1.0) return product;
    return call.differentiable ? at::mul(product, a.scale) : product.mul_(a.scale);
}

at::Tensor softmax(Call& call) { return at::softmax(call.inputs[0], -1); }

at::Tensor layerNorm(Call& call) {
    const at::Tensor& x = call.inputs[0];
    return at::layer_norm(x, {x.size(-1)}, call.inputs[1], call.inputs[2], call.node.as<LayerNormAttributes>().epsilon);
}

at::Tensor gelu(Call& call) {
    return at::gelu(call.inputs[0], call.node.as<GeluAttributes>().tanhApproximation ? "tanh" : "none");
}

at::Tensor relu(Call& call) {
    return inPlace(call, call.inputs[0]) ? at::relu_(call.inputs[0]) : at::relu(call.inputs[0]);
}

at::Tensor add(Call& call) {
    at::Tensor& a = call.inputs[0];
    at::Tensor& b = call.inputs[1];
    const auto takes = [&](const at::Tensor& into, const at::Tensor& other) {
        return inPlace(call, into) && into.dim() >= other.dim() && at::infer_size(into.sizes(), other.sizes()) == into.sizes();
    };
    if (takes(a, b)) return a.add_(b);
    if (takes(b, a)) return b.add_(a);
    return at::add(a, b);
}

at::Tensor reshape(Call& call) {
    Shape shape = call.node.as<ReshapeAttributes>().shape;
    if (!shape.empty() && shape[0] == kBatch) shape[0] = call.inputs[0].size(0);
    return call.inputs[0].reshape(shape);
}

at::Tensor permute(Call& call) { return call.inputs[0].permute(call.node.as<PermuteAttributes>().axes); }

at::Tensor expand(Call& call) {
    if (call.batch == kNone)
        fail(ErrorCode::invalidArgument, "no given value tells the size of the batch", "", "give the network's input");
    std::vector<std::int64_t> sizes = call.inputs[0].sizes().vec();
    sizes[0] = call.batch;
    return call.inputs[0].expand(sizes);
}

at::Tensor concat(Call& call) {
    const std::vector<at::Tensor> parts(call.inputs.begin(), call.inputs.end());
    return at::cat(parts, call.node.as<AxisAttributes>().axis);
}

at::Tensor slice(Call& call) {
    const auto& a = call.node.as<SliceAttributes>();
    const at::Tensor range = call.inputs[0].narrow(a.axis, a.start, a.length);
    return a.squeeze ? range.squeeze(a.axis) : range;
}

at::Tensor roll(Call& call) {
    const auto& a = call.node.as<RollAttributes>();
    return at::roll(call.inputs[0], a.shifts, a.axes);
}

at::Tensor pad(Call& call) {
    const auto& a = call.node.as<PadAttributes>();
    const std::int64_t dimensions = call.inputs[0].dim();
    std::vector<std::int64_t> sizes(static_cast<std::size_t>(2 * dimensions), 0);  // pairs (before, after), last axis first
    for (std::size_t i = 0; i < a.axes.size(); ++i)
        sizes[static_cast<std::size_t>(2 * (dimensions - 1 - a.axes[i]) + 1)] += a.after[i];
    return at::constant_pad_nd(call.inputs[0], sizes, 0);
}

at::Tensor gather(Call& call) { return at::embedding(call.inputs[0], call.inputs[1]); }

at::Tensor mean(Call& call) { return at::mean(call.inputs[0], call.node.as<AxisAttributes>().axis); }

using Kernel = at::Tensor (*)(Call&);

// In the order of Op.
constexpr Kernel kKernels[] = {conv2d, linear,  matmul, softmax, layerNorm, gelu, relu, add,  reshape,
                               permute, expand, concat, slice,   roll,      pad,  gather, mean};
static_assert(std::size(kKernels) == kOpCount);

}  // namespace

bool overwritable(const at::Tensor& tensor) {
    return tensor.use_count() == 1 && tensor.storage().use_count() == 1 && tensor.is_non_overlapping_and_dense();
}

at::Tensor compute(Call& call) { return kKernels[static_cast<std::size_t>(call.node.op)](call); }

}  // namespace vitrine::engine
