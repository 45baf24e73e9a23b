// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "engine/engine.h"
#include "engine/rows.h"

namespace vitrine::engine {

/// Which nodes an evaluation runs, and how often each value will be read.
struct Plan {
    struct Reads {
        int plain = 0;      ///< as an ordinary operand
        int quantized = 0;  ///< as an activation of a quantizable operation
        bool kept = false;  ///< given or wanted: must survive
    };
    std::vector<graph::NodeId> nodes;  ///< in the order of the graph
    std::vector<Reads> reads;          ///< by ValueId
    std::vector<Rows> rows;            ///< by ValueId: what is computed of it; see computeOnlyReadRows()
    std::int64_t batch = graph::kNone; ///< images, when a given value tells
    at::ScalarType type = at::kFloat;  ///< of all floating values
};

/// Throws Exception(invalidArgument) when a wanted value needs an input that is not given, or when a given tensor does
/// not fit the graph: its shape, its device, its type (float32, or float64 for all of them), or its batch size.
Plan planEvaluation(const Network& network, const ValueTensors& given, std::span<const graph::ValueId> wanted);

/// Leaves out rows that nobody reads: a classifier on the class token needs one row of the last block's queries, residuals and MLP.
void computeOnlyReadRows(Plan& plan, const graph::Graph& graph);

}  // namespace vitrine::engine
