// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rows.h"

#include <algorithm>

namespace vitrine::engine {
namespace {

using namespace graph;

constexpr Rows kAll{};

std::int64_t rankOf(const Graph& graph, ValueId value) { return static_cast<std::int64_t>(graph.value(value).shape.size()); }

bool isLastAxis(const Graph& graph, const Node& node, const Rows& rows) { return rows.axis + 1 == rankOf(graph, node.output); }

/// Operands that broadcast along the axis are read as they are.
Rows rowsOfSummand(const Graph& graph, const Node& node, std::size_t input, const Rows& rows) {
    const Shape& summand = graph.value(node.inputs[input]).shape;
    const Shape& sum = graph.value(node.output).shape;
    const std::int64_t axis = rows.axis - static_cast<std::int64_t>(sum.size() - summand.size());
    if (axis < 0 || summand[static_cast<std::size_t>(axis)] != sum[static_cast<std::size_t>(rows.axis)]) return kAll;
    return {axis, rows.start, rows.length};
}

/// Axes up to that of the rows must stay as they are; what is behind them may be cut in other ways.
std::optional<Rows> rowsBeforeReshape(const Graph& graph, const Node& node, const Rows& rows) {
    const Shape& from = graph.value(node.inputs[0]).shape;
    const Shape& to = graph.value(node.output).shape;
    const auto kept = static_cast<std::size_t>(rows.axis) + 1;
    if (from.size() < kept || !std::equal(to.begin(), to.begin() + static_cast<std::ptrdiff_t>(kept), from.begin())) return std::nullopt;
    return rows;
}

/// The slice's own range: what is read of it then is a range within that.
Rows rowsBeforeSlice(const Graph& graph, const Node& node) {
    const auto& slice = node.as<SliceAttributes>();
    const Shape& from = graph.value(node.inputs[0]).shape;
    if (slice.length == from[static_cast<std::size_t>(slice.axis)]) return kAll;
    return {slice.axis, slice.start, slice.length};
}

/// The least range that holds both.
Rows joined(const Rows& a, const Rows& b) {
    if (a.all() || b.all() || a.axis != b.axis) return kAll;
    const std::int64_t start = std::min(a.start, b.start);
    return {a.axis, start, std::max(a.start + a.length, b.start + b.length) - start};
}

}  // namespace

std::optional<Rows> rowsOfInput(const Graph& graph, const Node& node, std::size_t input, const Rows& rows) {
    if (node.op == Op::slice) return rowsBeforeSlice(graph, node);
    if (rows.all()) return kAll;
    switch (node.op) {
        case Op::linear:
        case Op::softmax:
        case Op::layerNorm:
            if (isLastAxis(graph, node, rows)) return std::nullopt;
            return input == 0 ? rows : kAll;
        case Op::gelu:
        case Op::relu: return rows;
        case Op::add: return rowsOfSummand(graph, node, input, rows);
        case Op::matmul:
            if (rows.axis + 2 != rankOf(graph, node.output)) return std::nullopt;
            return input == 0 ? rows : kAll;
        case Op::reshape: return rowsBeforeReshape(graph, node, rows);
        case Op::permute:
            return Rows{node.as<PermuteAttributes>().axes[static_cast<std::size_t>(rows.axis)], rows.start, rows.length};
        default: return std::nullopt;
    }
}

std::vector<Rows> findRows(const Graph& graph, const std::vector<NodeId>& nodes, const std::vector<bool>& whole) {
    std::vector<std::optional<Rows>> asked(graph.values.size());
    const auto ask = [&](ValueId value, const Rows& rows) {
        std::optional<Rows>& known = asked[static_cast<std::size_t>(value)];
        known = known ? joined(*known, rows) : rows;
    };
    std::vector<Rows> found(graph.values.size());
    for (auto id = nodes.rbegin(); id != nodes.rend(); ++id) {
        const Node& node = graph.node(*id);
        const auto output = static_cast<std::size_t>(node.output);
        Rows& rows = found[output];
        if (!whole[output]) rows = asked[output].value_or(kAll);
        if (!rows.all() && rows.length == graph.values[output].shape[static_cast<std::size_t>(rows.axis)]) rows = kAll;
        if (!rowsOfInput(graph, node, 0, rows)) rows = kAll;
        for (std::size_t i = 0; i < node.inputs.size(); ++i) ask(node.inputs[i], rowsOfInput(graph, node, i, rows).value());
    }
    return found;
}

}  // namespace vitrine::engine
