// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "graph/graph.h"

namespace vitrine::methods {

/// Where the patches of one attention module (MHSA) of a network are found. Follows from the graph, whatever its values are called.
struct PatchFeature {
    std::size_t block = 0;                    ///< index in Graph::blocks
    graph::ValueId output = graph::kNone;     ///< what the module adds to the residual stream: [B, prefix + rows * columns, C] or a map [B, rows, columns, C]
    graph::ValueId attended = graph::kNone;   ///< attention probabilities times values: [B, heads, n, d], with windows [B, windows, heads, n, d]
    std::int64_t prefixTokens = 0;            ///< class and distillation tokens, in front
    std::int64_t rows = 0;                    ///< of the grid of patches
    std::int64_t columns = 0;
};

/// The attention modules of a network in its order. `output` is the operand of a block's first residual addition that is not the
/// residual stream; in windowed networks it lies on the grid already, un-windowed and un-shifted. Blocks without a softmax, and
/// those whose tokens are no grid behind at most two prefix tokens, are left out.
std::vector<PatchFeature> patchFeatures(const graph::Graph& graph);

/// The patches [B, rows * columns, C] of a tensor of `feature.output`. A view.
at::Tensor patchesOf(const PatchFeature& feature, const at::Tensor& output);

/// The patches of a tensor of `feature.attended`, averaged over heads: [B, groups, n, d]. Without windows there is one group, and the
/// prefix tokens are dropped; with windows each is a group.
at::Tensor attendedPatches(const PatchFeature& feature, const at::Tensor& attended);

}  // namespace vitrine::methods
