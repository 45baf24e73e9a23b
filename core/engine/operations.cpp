// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/operations.h"

#include <ATen/ATen.h>
#include <ATen/core/LegacyTypeDispatch.h>

#include <vector>

#include "base/error.h"
#include "engine/cpu_operations.h"

namespace vitrine::engine {
namespace {

using namespace graph;

c10::optional<at::Tensor> bias(const Call& call) {
    if (call.inputs.size() < 3) return c10::nullopt;
    return call.inputs[2];
}

at::Tensor conv2d(Call& call) {
    if (!call.torchOnly && takesPackedWeight(call.graph, call.node)) return cpu::conv2d(call);
    const auto& a = call.node.as<ConvAttributes>();
    return at::conv2d(call.inputs[0], call.inputs[1], bias(call), a.stride, a.padding, {1, 1}, a.groups);
}

at::Tensor linear(Call& call) {
    if (!call.torchOnly) return cpu::linear(call);
    return at::linear(call.inputs[0], call.inputs[1], bias(call));
}

at::Tensor matmul(Call& call) {
    if (!call.torchOnly) return cpu::matmul(call);
    const auto& a = call.node.as<MatMulAttributes>();
    const at::Tensor right = a.transposeB ? call.inputs[1].transpose(-1, -2) : call.inputs[1];
    const at::Tensor product = at::matmul(call.inputs[0], right);
    return a.scale == 1.0 ? product : at::mul(product, a.scale);
}

at::Tensor softmax(Call& call) { return call.torchOnly ? at::softmax(call.inputs[0], -1) : cpu::softmax(call); }

at::Tensor layerNorm(Call& call) {
    if (!call.torchOnly) return cpu::layerNorm(call);
    const at::Tensor& x = call.inputs[0];
    return at::layer_norm(x, {x.size(-1)}, call.inputs[1], call.inputs[2], call.node.as<LayerNormAttributes>().epsilon);
}

at::Tensor gelu(Call& call) {
    const bool tanh = call.node.as<GeluAttributes>().tanhApproximation;
    return call.torchOnly || tanh ? at::gelu(call.inputs[0], tanh ? "tanh" : "none") : cpu::gelu(call);
}

at::Tensor relu(Call& call) {
    at::Tensor& x = call.inputs[0];
    return call.mayOverwrite && overwritable(x) ? at::relu_(x) : at::relu(x);
}

at::Tensor add(Call& call) {
    at::Tensor& a = call.inputs[0];
    at::Tensor& b = call.inputs[1];
    const auto takes = [&](const at::Tensor& into, const at::Tensor& other) {
        return call.mayOverwrite && overwritable(into) && into.dim() >= other.dim() && at::infer_size(into.sizes(), other.sizes()) == into.sizes();
    };
    if (takes(a, b)) return a.add_(b);
    if (takes(b, a)) return b.add_(a);
    return at::add(a, b);
}

at::Tensor reshape(Call& call) {
    Shape shape = call.node.as<ReshapeAttributes>().shape;
    if (!shape.empty() && shape[0] == kBatch) shape[0] = call.inputs[0].size(0);
    if (!call.rows.all()) shape[static_cast<std::size_t>(call.rows.axis)] = call.rows.length;
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
    const at::Tensor& range = call.inputs[0];  // cut already
    const at::Tensor result = a.squeeze ? range.squeeze(a.axis) : range;
    return call.rows.all() ? result : result.narrow(call.rows.axis, call.rows.start, call.rows.length);
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

bool takesPackedWeight(const Graph& graph, const Node& node) {
    if (node.op == Op::linear) return true;
    if (node.op != Op::conv2d) return false;
    // A convolution whose patches tile the image is a product of matrices.
    const auto& a = node.as<ConvAttributes>();
    const Shape& image = graph.value(node.inputs[0]).shape;
    const Shape& kernel = graph.value(node.inputs[1]).shape;
    return a.groups == 1 && a.padding == std::array<std::int64_t, 2>{0, 0} && a.stride[0] == kernel[2] &&
           a.stride[1] == kernel[3] && image[2] % kernel[2] == 0 && image[3] % kernel[3] == 0;
}

bool overwritable(const at::Tensor& tensor) {
    return tensor.use_count() == 1 && tensor.storage().use_count() == 1 && tensor.is_non_overlapping_and_dense();
}

at::Tensor compute(Call& call) {
    const Kernel kernel = kKernels[static_cast<std::size_t>(call.node.op)];
    if (!call.mayOverwrite) return kernel(call);
    // Below autograd, where a view does not hold the tensor it was taken from: see overwritable().
    const at::AutoDispatchBelowADInplaceOrView guard;
    return kernel(call);
}

}  // namespace vitrine::engine
