// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "graph/graph.h"
#include "graph/sites.h"

namespace vitrine::methods {

/// The sites that belong to the attention module or to the MLP of one transformer block.
struct BlockPart {
    std::size_t block = 0;                 ///< index in Graph::blocks
    std::vector<std::size_t> weights;      ///< site indices, in network order
    std::vector<std::size_t> activations;
};

/// The attention modules of a network in its order: the linear layers before the product with the attention probabilities, and
/// the first one behind it (the projection). Follows from the graph, whatever its values are called. Blocks without a softmax
/// are left out.
std::vector<BlockPart> attentionParts(const graph::Graph& graph, const std::vector<graph::Site>& sites);

/// The MLPs of the same blocks: what comes behind the projection.
std::vector<BlockPart> mlpParts(const graph::Graph& graph, const std::vector<graph::Site>& sites);

}  // namespace vitrine::methods
