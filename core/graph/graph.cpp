// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph.h"

#include <algorithm>
#include <unordered_set>

#include "base/error.h"
#include "base/parameters.h"
#include "graph/operations.h"

namespace vitrine::graph {
namespace {

[[noreturn]] void broken(const std::string& what, const std::string& where) { fail(ErrorCode::internal, what, where); }

void validateValues(const Graph& graph) {
    std::unordered_set<std::string_view> ids;
    for (const Value& value : graph.values) {
        if (value.id.empty() || !ids.insert(value.id).second) broken("the id of a value is empty or used twice", value.id);
        const bool computed = value.kind == ValueKind::computed;
        if (computed != (value.producer != kNone)) broken("the value's producer does not fit its kind", value.id);
        if (value.kind == ValueKind::parameter && value.data.shape != value.shape)
            broken("the data of a parameter has another shape", value.id);
    }
}

void validateNodes(const Graph& graph) {
    std::vector<bool> known(graph.values.size());
    for (std::size_t i = 0; i < graph.values.size(); ++i) known[i] = graph.values[i].kind != ValueKind::computed;
    for (NodeId id = 0; id < static_cast<NodeId>(graph.nodes.size()); ++id) {
        const Node& node = graph.node(id);
        const std::string& name = graph.value(node.output).id;
        std::vector<Shape> shapes;
        for (const ValueId input : node.inputs) {
            if (!known[static_cast<std::size_t>(input)]) broken("a node reads a value before it is computed", name);
            shapes.push_back(graph.value(input).shape);
        }
        if (graph.value(node.output).producer != id) broken("a node's result names another producer", name);
        if (inferShape(node, shapes) != graph.value(node.output).shape) broken("a node's result has another shape", name);
        known[static_cast<std::size_t>(node.output)] = true;
    }
}

void validateBlocks(const Graph& graph) {
    NodeId next = 0;
    ValueId stream = graph.input;
    for (const Block& block : graph.blocks) {
        if (block.firstNode != next || block.endNode <= block.firstNode) broken("blocks are no partition", block.id);
        if (block.input != stream) broken("a block does not continue the previous one", block.id);
        const NodeId producer = graph.value(block.output).producer;
        if (producer < block.firstNode || producer >= block.endNode) broken("a block does not compute its output", block.id);
        for (NodeId id = block.firstNode; id < block.endNode; ++id)
            for (const ValueId operand : graph.node(id).inputs) {
                const Value& value = graph.value(operand);
                const bool inside = value.producer >= block.firstNode;
                if (value.kind != ValueKind::parameter && !inside && operand != block.input)
                    broken("a block reads '" + value.id + "' from outside", block.id);
            }
        next = block.endNode;
        stream = block.output;
    }
    if (next != static_cast<NodeId>(graph.nodes.size()) || stream != graph.output)
        broken("the blocks do not end with the output", "graph");
}

}  // namespace

std::string_view blockKindName(BlockKind kind) {
    switch (kind) {
        case BlockKind::embedding: return "embedding";
        case BlockKind::transformer: return "transformer";
        case BlockKind::merging: return "merging";
        case BlockKind::head: return "head";
    }
    return "transformer";
}

std::optional<ValueId> Graph::find(std::string_view id) const {
    const auto found = std::find_if(values.begin(), values.end(), [&](const Value& value) { return value.id == id; });
    if (found == values.end()) return std::nullopt;
    return static_cast<ValueId>(found - values.begin());
}

ValueId Graph::require(std::string_view id) const {
    if (const auto found = find(id)) return *found;
    std::vector<std::string> ids;
    for (const Value& value : values) ids.push_back(value.id);
    const std::string near = nearestName(id, ids);
    fail(ErrorCode::notFound, "the network has no such value", std::string(id),
         near.empty() ? "list them with 'vitrine-cli info'" : "did you mean '" + near + "'?");
}

std::size_t Graph::blockOf(NodeId node) const {
    const auto after = std::upper_bound(blocks.begin(), blocks.end(), node,
                                        [](NodeId id, const Block& block) { return id < block.endNode; });
    return static_cast<std::size_t>(after - blocks.begin());
}

std::vector<std::vector<NodeId>> Graph::consumers() const {
    std::vector<std::vector<NodeId>> readers(values.size());
    for (std::size_t i = 0; i < nodes.size(); ++i)
        for (const ValueId operand : nodes[i].inputs) {
            auto& list = readers[static_cast<std::size_t>(operand)];
            if (list.empty() || list.back() != static_cast<NodeId>(i)) list.push_back(static_cast<NodeId>(i));
        }
    return readers;
}

std::int64_t Graph::parameterCount() const {
    std::int64_t count = 0;
    for (const Value& value : values)
        if (value.kind == ValueKind::parameter && !value.constant) count += elementCount(value.shape);
    return count;
}

bool matchesPattern(std::string_view text, std::string_view pattern) {
    // Greedy matching that returns to the latest star: linear in practice, no recursion.
    std::size_t t = 0, p = 0, star = std::string_view::npos, resume = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (star != std::string_view::npos) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

std::vector<ValueId> matchValues(const Graph& graph, std::string_view pattern) {
    std::vector<ValueId> ids;
    for (std::size_t i = 0; i < graph.values.size(); ++i)
        if (matchesPattern(graph.values[i].id, pattern)) ids.push_back(static_cast<ValueId>(i));
    return ids;
}

void validate(const Graph& graph) {
    validateValues(graph);
    validateNodes(graph);
    validateBlocks(graph);
}

}  // namespace vitrine::graph
