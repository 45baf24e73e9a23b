// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "graph/graph.h"

namespace vitrine::graph {

/// What the graph needs to know about an operation. The engine has the matching table of how to compute it.
struct OperationInfo {
    std::string_view name;  ///< stable id: "layer_norm"
    int minInputs = 1;
    int maxInputs = 1;
    bool movesOnly = false;  ///< rearranges elements of its first input without changing any
    Shape (*shape)(const Node& node, std::span<const Shape> inputs) = nullptr;
    /// Multiply-accumulates for one image; null for operations that count none.
    std::int64_t (*macs)(const Node& node, std::span<const Shape> inputs, const Shape& output) = nullptr;
};

const OperationInfo& operationInfo(Op op);

/// Shape of a node's result; throws Exception(badFormat) when the inputs do not fit.
Shape inferShape(const Node& node, std::span<const Shape> inputs);

/// Multiply-accumulates of a node for one image: convolution, linear and matrix product, others 0.
std::int64_t macs(const Graph& graph, const Node& node);
std::int64_t totalMacs(const Graph& graph);

}  // namespace vitrine::graph
