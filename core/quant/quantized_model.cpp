// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/quantized_model.h"

#include <string_view>

#include "base/error.h"

namespace vitrine::quant {
namespace {

constexpr std::string_view kBiasSuffix = ".bias";

std::string description(const HostTensor& tensor) {
    return std::string(dtypeName(tensor.dtype)) + " " + shapeText(tensor.shape);
}

void requireWhole(const std::string& id, const HostTensor& tensor) {
    if (tensor.byteCount != static_cast<std::size_t>(tensor.count()) * dtypeSize(tensor.dtype))
        fail(ErrorCode::badFormat, "the bytes of a parameter do not match its shape", id);
}

void replace(graph::Value& value, const HostTensor& tensor) {
    if (value.kind != graph::ValueKind::parameter)
        fail(ErrorCode::badFormat, "this is no parameter of the network", value.id);
    if (tensor.shape != value.shape || tensor.dtype != value.data.dtype)
        fail(ErrorCode::badFormat,
             "a rewritten parameter is " + description(tensor) + ", not " + description(value.data), value.id);
    value.data = tensor;
}

/// The linear layer without bias that a new parameter "<layer>.bias" belongs to; kNone when there is none.
graph::NodeId layerWithoutBias(const graph::Graph& graph, std::string_view id) {
    if (!id.ends_with(kBiasSuffix)) return graph::kNone;
    const auto result = graph.find(id.substr(0, id.size() - kBiasSuffix.size()));
    const graph::NodeId producer = result ? graph.value(*result).producer : graph::kNone;
    if (producer == graph::kNone) return graph::kNone;
    const graph::Node& node = graph.node(producer);
    return node.op == graph::Op::linear && node.inputs.size() == 2 ? producer : graph::kNone;
}

void addBias(graph::Graph& graph, const std::string& id, const HostTensor& tensor) {
    const graph::NodeId layer = layerWithoutBias(graph, id);
    if (layer == graph::kNone)
        fail(ErrorCode::badFormat,
             "the network has no such parameter, and no linear layer that it could be the bias of", id);
    graph::Node& node = graph.nodes[static_cast<std::size_t>(layer)];
    const Shape shape{graph.value(node.output).shape.back()};
    if (tensor.shape != shape || tensor.dtype != DType::f32)
        fail(ErrorCode::badFormat, "a new bias is " + description(tensor) + ", not F32 " + shapeText(shape), id);
    node.inputs.push_back(static_cast<graph::ValueId>(graph.values.size()));
    graph.values.push_back({.id = id, .kind = graph::ValueKind::parameter, .shape = shape, .data = tensor});
}

}  // namespace

std::shared_ptr<const graph::Graph> withParameters(const graph::Graph& graph, const TensorMap& replacements) {
    auto result = std::make_shared<graph::Graph>(graph);
    for (const auto& [id, tensor] : replacements) {
        requireWhole(id, tensor);
        if (const auto value = result->find(id))
            replace(result->values[static_cast<std::size_t>(*value)], tensor);
        else
            addBias(*result, id, tensor);
    }
    return result;
}

void requireFit(const Encoding& encoding, const graph::Site& site) {
    validate(encoding);
    if (encoding.granularity == Granularity::tensor) return;
    const auto axis = static_cast<std::size_t>(encoding.axis);
    const auto scales = static_cast<std::int64_t>(encoding.scale.size());
    if (axis >= site.shape.size() || site.shape[axis] != scales)
        fail(ErrorCode::badFormat, std::to_string(scales) + " scales along dimension " + std::to_string(encoding.axis) +
                                       " do not fit the shape " + shapeText(site.shape));
}

}  // namespace vitrine::quant
