// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <span>
#include <vector>

#include "engine/products.h"
#include "graph/graph.h"

namespace vitrine::engine {

/// A node on the way back.
struct BackwardCall {
    const graph::Graph& graph;
    const graph::Node& node;
    at::Tensor gradient;                 ///< of the result; may be overwritten when nobody else holds it
    at::Tensor output;                   ///< the result, where keepsOutput() says so
    std::span<const at::Tensor> inputs;  ///< the operands as the node read them, where keepsInput() says so; of parameters the second
    const PackedWeight* transposed = nullptr;  ///< of the weight, seen as [inputs, outputs]; of linear and packed convolutions
    std::vector<std::int64_t> inputSizes;      ///< of input 0
};

/// Whether the way back of a node looks at its result, or at its operand `index`. `active` tells by ValueId what gets gradients.
bool keepsOutput(const graph::Node& node);
bool keepsInput(const graph::Node& node, std::size_t index, const std::vector<bool>& active);

/// The gradient of operand `index`, an activation or a parameter. May be a view of call.gradient.
at::Tensor gradientOf(BackwardCall& call, std::size_t index);

}  // namespace vitrine::engine
