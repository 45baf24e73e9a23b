// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.h"

namespace vitrine::engine {

/// The part of a value that anybody reads: a range along one axis, or all of it. Where a classifier reads the class token alone, nobody
/// needs the other rows of the last block.
struct Rows {
    std::int64_t axis = graph::kNone;  ///< kNone: all of the value
    std::int64_t start = 0;
    std::int64_t length = 0;

    bool all() const { return axis == graph::kNone; }
    bool operator==(const Rows&) const = default;
};

/// What a node reads of its input number `input` to compute `rows` of its result. None when it can only compute all of it.
std::optional<Rows> rowsOfInput(const graph::Graph& graph, const graph::Node& node, std::size_t input, const Rows& rows);

/// The rows of each value, by ValueId, that `nodes` (in the order of the graph) must compute. Values in `whole` are needed as they are.
std::vector<Rows> findRows(const graph::Graph& graph, const std::vector<graph::NodeId>& nodes, const std::vector<bool>& whole);

}  // namespace vitrine::engine
