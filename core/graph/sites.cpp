// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/sites.h"

#include <algorithm>
#include <array>

#include "graph/operations.h"

namespace vitrine::graph {
namespace {

constexpr std::array<std::string_view, 10> kRoleNames = {"weight",      "patch_input", "post_layer_norm", "query",     "key",
                                                         "value",       "post_softmax", "post_gelu",      "head_input", "other"};

bool isQuantizable(Op op) { return op == Op::conv2d || op == Op::linear || op == Op::matmul; }

/// The node that made the content of `value`, seen through rearrangements; kNone for the network's input.
NodeId origin(const Graph& graph, ValueId value) {
    NodeId node = graph.value(value).producer;
    while (node != kNone && (operationInfo(graph.node(node).op).movesOnly || graph.node(node).op == Op::pad))
        node = graph.value(graph.node(node).inputs[0]).producer;
    return node;
}

/// Whether the result of `node`, through rearrangements and additions of a bias or a mask, ends in a softmax.
bool feedsSoftmax(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers, NodeId node) {
    for (const NodeId reader : consumers[static_cast<std::size_t>(graph.node(node).output)]) {
        const Op op = graph.node(reader).op;
        if (op == Op::softmax) return true;
        const bool transparent = operationInfo(op).movesOnly || op == Op::add;
        if (transparent && feedsSoftmax(graph, consumers, reader)) return true;
    }
    return false;
}

Role matmulRole(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers, NodeId node, int operand) {
    const NodeId left = origin(graph, graph.node(node).inputs[0]);
    const bool weighsValues = left != kNone && graph.node(left).op == Op::softmax;
    if (weighsValues) return operand == 0 ? Role::postSoftmax : Role::value;
    if (feedsSoftmax(graph, consumers, node)) return operand == 0 ? Role::query : Role::key;
    return Role::other;
}

Role activationRole(const Graph& graph, const std::vector<std::vector<NodeId>>& consumers, const Operand& operand) {
    const Node& node = graph.node(operand.node);
    if (node.op == Op::matmul) return matmulRole(graph, consumers, operand.node, operand.index);
    const NodeId source = origin(graph, node.inputs[static_cast<std::size_t>(operand.index)]);
    if (source == kNone) return Role::patchInput;
    if (graph.blocks[graph.blockOf(operand.node)].kind == BlockKind::head) return Role::headInput;
    if (graph.node(source).op == Op::layerNorm) return Role::postLayerNorm;
    if (graph.node(source).op == Op::gelu) return Role::postGelu;
    return Role::other;
}

bool isWeightOperand(const Node& node, int index) { return node.op != Op::matmul && index == 1; }

}  // namespace

std::string_view roleName(Role role) { return kRoleNames[static_cast<std::size_t>(role)]; }

std::optional<Role> roleFromName(std::string_view name) {
    const auto found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
    if (found == kRoleNames.end()) return std::nullopt;
    return static_cast<Role>(found - kRoleNames.begin());
}

std::int64_t Site::channelAxis() const {
    if (isWeight()) return 0;
    return role == Role::patchInput && shape.size() == 4 ? 1 : static_cast<std::int64_t>(shape.size()) - 1;
}

std::vector<Site> findSites(const Graph& graph) {
    const auto consumers = graph.consumers();
    std::vector<Site> sites;
    std::vector<std::int32_t> siteOf(graph.values.size(), kNone);
    for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
        const Node& node = graph.node(id);
        if (!isQuantizable(node.op)) continue;
        for (int index = 0; index < 2; ++index) {
            const ValueId value = node.inputs[static_cast<std::size_t>(index)];
            std::int32_t& slot = siteOf[static_cast<std::size_t>(value)];
            if (slot == kNone) {
                slot = static_cast<std::int32_t>(sites.size());
                const Role role =
                    isWeightOperand(node, index) ? Role::weight : activationRole(graph, consumers, {id, index});
                sites.push_back({.id = graph.value(value).id, .role = role, .value = value,
                                 .block = graph.blockOf(id), .shape = graph.value(value).shape});
            }
            Site& site = sites[static_cast<std::size_t>(slot)];
            site.operands.push_back({id, index});
            site.macs += macs(graph, node);
        }
    }
    return sites;
}

std::optional<FoldableNorm> foldableNorm(const Graph& graph, const Site& site) {
    NodeId source = graph.value(site.value).producer;
    while (source != kNone && operationInfo(graph.node(source).op).movesOnly)
        source = graph.value(graph.node(source).inputs[0]).producer;
    if (source == kNone || graph.node(source).op != Op::layerNorm) return std::nullopt;

    FoldableNorm result{.norm = source};
    const auto consumers = graph.consumers();
    const std::int64_t channels = graph.value(graph.node(source).output).shape.back();
    std::vector<ValueId> pending{graph.node(source).output};
    while (!pending.empty()) {
        const ValueId value = pending.back();
        pending.pop_back();
        if (value == graph.output || graph.value(value).shape.back() != channels) return std::nullopt;
        for (const NodeId reader : consumers[static_cast<std::size_t>(value)]) {
            const Node& node = graph.node(reader);
            const bool movesChannels =
                node.op == Op::permute && node.as<PermuteAttributes>().axes.back() + 1 !=
                                              static_cast<std::int64_t>(node.as<PermuteAttributes>().axes.size());
            if (node.op == Op::linear && node.inputs[0] == value)
                result.linears.push_back(reader);
            else if (operationInfo(node.op).movesOnly && !movesChannels)
                pending.push_back(node.output);
            else
                return std::nullopt;
        }
    }
    std::sort(result.linears.begin(), result.linears.end());
    return result;
}

}  // namespace vitrine::graph
