// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "engine/products.h"
#include "engine/rows.h"
#include "graph/graph.h"

namespace vitrine::engine {

/// A node about to be computed.
struct Call {
    const graph::Graph& graph;
    const graph::Node& node;
    std::span<at::Tensor> inputs;
    std::int64_t batch = graph::kNone;
    bool torchOnly = false;  ///< torch's own kernels: for gradients, other devices and other types than float32
    bool mayOverwrite = false;  ///< results may take over the memory of inputs that nobody else holds
    Rows rows{};  ///< of the result; inputs hold what rowsOfInput() says
    const PackedWeight* weight = nullptr;  ///< instead of input 1, which is then undefined
    std::span<const std::int64_t> order;   ///< the axes, slowest first, in which readers want the result to lie
};

/// The result of the node; it may be a view of an input. Kernels take over the memory of an input only when it is
/// allowed and overwritable().
at::Tensor compute(Call& call);

/// Whether a node multiplies by a constant matrix, so that its weight (input 1) can be packed.
bool takesPackedWeight(const graph::Graph& graph, const graph::Node& node);

/// Whether nobody but the holder of `tensor` can see its memory, and every element has a place of its own.
bool overwritable(const at::Tensor& tensor);

}  // namespace vitrine::engine
