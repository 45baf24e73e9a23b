// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/views.h"

#include <algorithm>
#include <vector>

#include "graph/operations.h"

namespace vitrine::engine {
namespace {

using graph::NodeId;
using graph::ValueId;

/// The rearrangements that lead to `value`, the latest first.
std::vector<NodeId> rearrangements(const graph::Graph& graph, ValueId value) {
    std::vector<NodeId> nodes;
    for (NodeId node = graph.value(value).producer;
         node != graph::kNone && graph::operationInfo(graph.node(node).op).movesOnly; node = graph.value(value).producer) {
        nodes.push_back(node);
        value = graph.node(node).inputs[0];
    }
    return nodes;
}

bool cutApart(const graph::Node& a, const graph::Node& b) {
    if (a.op != graph::Op::slice || b.op != graph::Op::slice || a.inputs[0] != b.inputs[0]) return false;
    const auto& first = a.as<graph::SliceAttributes>();
    const auto& second = b.as<graph::SliceAttributes>();
    return first.axis == second.axis &&
           (first.start + first.length <= second.start || second.start + second.length <= first.start);
}

}  // namespace

bool areDisjointParts(const graph::Graph& graph, ValueId a, ValueId b) {
    const std::vector<NodeId> pathOfA = rearrangements(graph, a);
    const std::vector<NodeId> pathOfB = rearrangements(graph, b);
    return std::any_of(pathOfA.begin(), pathOfA.end(), [&](NodeId first) {
        return std::any_of(pathOfB.begin(), pathOfB.end(),
                           [&](NodeId second) { return cutApart(graph.node(first), graph.node(second)); });
    });
}

}  // namespace vitrine::engine
