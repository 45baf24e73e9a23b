// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/plan.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>

#include "base/error.h"
#include "engine/state.h"

namespace vitrine::engine {
namespace {

using graph::kBatch;
using graph::ValueId;

const graph::Value& valueOf(const graph::Graph& graph, ValueId id) {
    if (id < 0 || static_cast<std::size_t>(id) >= graph.values.size())
        fail(ErrorCode::invalidArgument, "the network has no value number " + std::to_string(id));
    return graph.value(id);
}

bool fits(const Shape& expected, at::IntArrayRef actual) {
    if (expected.size() != actual.size()) return false;
    for (std::size_t i = 0; i < expected.size(); ++i)
        if (expected[i] == kBatch ? actual[i] < 1 : actual[i] != expected[i]) return false;
    return true;
}

void checkBatch(const graph::Value& value, const at::Tensor& tensor, Plan& plan) {
    if (value.shape.empty() || value.shape[0] != kBatch) return;
    if (plan.batch == graph::kNone) plan.batch = tensor.size(0);
    if (plan.batch != tensor.size(0))
        fail(ErrorCode::invalidArgument,
             "the given tensors are of batches of " + std::to_string(plan.batch) + " and of " +
                 std::to_string(tensor.size(0)) + " images",
             value.id);
}

void checkGiven(const Network::State& state, const ValueTensors& given, Plan& plan) {
    bool typed = false;
    for (const auto& [id, tensor] : given) {
        const graph::Value& value = valueOf(*state.graph, id);
        if (!tensor.defined()) fail(ErrorCode::invalidArgument, "the given tensor is undefined", value.id);
        if (!fits(value.shape, tensor.sizes()))
            fail(ErrorCode::invalidArgument,
                 "the given tensor has shape " + shapeText(tensor.sizes().vec()) + " instead of " + shapeText(value.shape) +
                     " (-1 is the batch)",
                 value.id);
        if (tensor.device() != state.device)
            fail(ErrorCode::invalidArgument, "the given tensor is on another device than the network", value.id);
        checkBatch(value, tensor, plan);
        if (value.kind == graph::ValueKind::parameter && value.data.dtype != DType::f32) continue;
        const at::ScalarType type = tensor.scalar_type();
        if ((type != at::kFloat && type != at::kDouble) || (typed && type != plan.type))
            fail(ErrorCode::invalidArgument, "the given tensors must all be float32, or all float64", value.id);
        plan.type = type;
        typed = true;
    }
}

}  // namespace

Plan planEvaluation(const Network& network, const ValueTensors& given, std::span<const ValueId> wanted) {
    const Network::State& state = network.state();
    const graph::Graph& graph = *state.graph;
    Plan plan;
    checkGiven(state, given, plan);

    plan.reads.resize(graph.values.size());
    plan.rows.resize(graph.values.size());
    std::vector<bool> needed(graph.values.size());
    for (const ValueId id : wanted) {
        valueOf(graph, id);
        needed[static_cast<std::size_t>(id)] = true;
        plan.reads[static_cast<std::size_t>(id)].kept = true;
    }
    for (const auto& [id, tensor] : given) plan.reads[static_cast<std::size_t>(id)].kept = true;

    for (auto node = static_cast<graph::NodeId>(graph.nodes.size()) - 1; node >= 0; --node) {
        const graph::Node& current = graph.node(node);
        if (!needed[static_cast<std::size_t>(current.output)] || given.contains(current.output)) continue;
        plan.nodes.push_back(node);
        for (std::size_t i = 0; i < current.inputs.size(); ++i) {
            const auto input = static_cast<std::size_t>(current.inputs[i]);
            needed[input] = true;
            const bool atSite = i < 2 && state.siteOfOperand[static_cast<std::size_t>(node)][i] != graph::kNone;
            ++(atSite ? plan.reads[input].quantized : plan.reads[input].plain);
        }
    }
    std::reverse(plan.nodes.begin(), plan.nodes.end());

    if (needed[static_cast<std::size_t>(graph.input)] && !given.contains(graph.input))
        fail(ErrorCode::invalidArgument, "the wanted values need the network's input, which is not given",
             graph.value(graph.input).id, "give the input, or inner values that lie before every wanted value");
    return plan;
}

void computeOnlyReadRows(Plan& plan, const graph::Graph& graph) {
    std::vector<bool> whole(plan.reads.size());
    for (std::size_t i = 0; i < whole.size(); ++i) whole[i] = plan.reads[i].kept;
    plan.rows = findRows(graph, plan.nodes, whole);
}

}  // namespace vitrine::engine
