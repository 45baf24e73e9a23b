// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/builder.h"

#include <utility>

#include "base/error.h"
#include "graph/operations.h"

namespace vitrine::graph {

GraphBuilder::GraphBuilder(ModelInfo info) {
    graph_.info = std::move(info);
    const ModelInfo& i = graph_.info;
    graph_.values.push_back({.id = "input", .kind = ValueKind::input,
                             .shape = {kBatch, i.imageChannels, i.imageHeight, i.imageWidth}});
    graph_.input = 0;
}

ValueId GraphBuilder::parameter(const std::string& id, HostTensor data) {
    Shape shape = data.shape;
    graph_.values.push_back({.id = id, .kind = ValueKind::parameter, .shape = std::move(shape), .data = std::move(data)});
    return static_cast<ValueId>(graph_.values.size()) - 1;
}

ValueId GraphBuilder::constant(const std::string& id, HostTensor data) {
    const ValueId value = parameter(id, std::move(data));
    graph_.values.back().constant = true;
    return value;
}

ValueId GraphBuilder::addNode(const std::string& id, Op op, std::vector<ValueId> inputs, Attributes attributes) {
    while (!inputs.empty() && inputs.back() == kNone) inputs.pop_back();  // an absent bias
    Node node{.op = op, .attributes = std::move(attributes), .inputs = std::move(inputs)};
    std::vector<Shape> shapes;
    for (const ValueId input : node.inputs) shapes.push_back(shape(input));
    Shape result;
    try {
        result = inferShape(node, shapes);
    } catch (const Exception& exception) {
        Error error = exception.error();
        error.where = id;
        throw Exception(error);
    }
    node.output = static_cast<ValueId>(graph_.values.size());
    graph_.values.push_back({.id = id, .kind = ValueKind::computed, .shape = std::move(result),
                             .producer = static_cast<NodeId>(graph_.nodes.size())});
    graph_.nodes.push_back(std::move(node));
    return graph_.nodes.back().output;
}

ValueId GraphBuilder::conv2d(const std::string& id, ValueId x, ValueId weight, ValueId bias, ConvAttributes attributes) {
    return addNode(id, Op::conv2d, {x, weight, bias}, attributes);
}
ValueId GraphBuilder::linear(const std::string& id, ValueId x, ValueId weight, ValueId bias) {
    return addNode(id, Op::linear, {x, weight, bias});
}
ValueId GraphBuilder::matmul(const std::string& id, ValueId a, ValueId b, MatMulAttributes attributes) {
    return addNode(id, Op::matmul, {a, b}, attributes);
}
ValueId GraphBuilder::softmax(const std::string& id, ValueId x) { return addNode(id, Op::softmax, {x}); }
ValueId GraphBuilder::layerNorm(const std::string& id, ValueId x, ValueId weight, ValueId bias, double epsilon) {
    return addNode(id, Op::layerNorm, {x, weight, bias}, LayerNormAttributes{epsilon});
}
ValueId GraphBuilder::gelu(const std::string& id, ValueId x, bool tanhApproximation) {
    return addNode(id, Op::gelu, {x}, GeluAttributes{tanhApproximation});
}
ValueId GraphBuilder::relu(const std::string& id, ValueId x) { return addNode(id, Op::relu, {x}); }
ValueId GraphBuilder::add(const std::string& id, ValueId a, ValueId b) { return addNode(id, Op::add, {a, b}); }
ValueId GraphBuilder::reshape(const std::string& id, ValueId x, Shape shape) {
    return addNode(id, Op::reshape, {x}, ReshapeAttributes{std::move(shape)});
}
ValueId GraphBuilder::permute(const std::string& id, ValueId x, std::vector<std::int64_t> axes) {
    return addNode(id, Op::permute, {x}, PermuteAttributes{std::move(axes)});
}
ValueId GraphBuilder::expand(const std::string& id, ValueId x) { return addNode(id, Op::expand, {x}); }
ValueId GraphBuilder::concat(const std::string& id, std::vector<ValueId> parts, std::int64_t axis) {
    return addNode(id, Op::concat, std::move(parts), AxisAttributes{axis});
}
ValueId GraphBuilder::slice(const std::string& id, ValueId x, SliceAttributes attributes) {
    return addNode(id, Op::slice, {x}, attributes);
}
ValueId GraphBuilder::roll(const std::string& id, ValueId x, RollAttributes attributes) {
    return addNode(id, Op::roll, {x}, std::move(attributes));
}
ValueId GraphBuilder::pad(const std::string& id, ValueId x, PadAttributes attributes) {
    return addNode(id, Op::pad, {x}, std::move(attributes));
}
ValueId GraphBuilder::gather(const std::string& id, ValueId table, ValueId index) {
    return addNode(id, Op::gather, {table, index});
}
ValueId GraphBuilder::mean(const std::string& id, ValueId x, std::int64_t axis) {
    return addNode(id, Op::mean, {x}, AxisAttributes{axis});
}

void GraphBuilder::beginBlock(const std::string& id, BlockKind kind, ValueId input) {
    closeBlock(input);
    const auto first = static_cast<NodeId>(graph_.nodes.size());
    graph_.blocks.push_back({.id = id, .kind = kind, .firstNode = first, .endNode = first, .input = input});
}

void GraphBuilder::closeBlock(ValueId output) {
    if (graph_.blocks.empty()) return;
    graph_.blocks.back().endNode = static_cast<NodeId>(graph_.nodes.size());
    graph_.blocks.back().output = output;
}

Graph GraphBuilder::finish(ValueId output) {
    closeBlock(output);
    graph_.output = output;
    validate(graph_);
    return std::move(graph_);
}

}  // namespace vitrine::graph
