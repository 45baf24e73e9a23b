// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/attention_layers.h"

#include <algorithm>
#include <optional>

namespace vitrine::methods {
namespace {

using graph::NodeId;
using graph::Site;

/// The projection behind the attention of a block: the first linear layer after the product with the softmax.
std::optional<NodeId> projectionOf(const graph::Graph& graph, std::size_t block, const std::vector<Site>& sites) {
    std::optional<NodeId> product;
    for (const Site& site : sites)
        if (site.role == graph::Role::postSoftmax && site.block == block) product = site.operands.front().node;
    if (!product) return std::nullopt;
    for (NodeId node = *product + 1; node < graph.blocks[block].endNode; ++node)
        if (graph.node(node).op == graph::Op::linear) return node;
    return std::nullopt;
}

enum class Side { attention, mlp };

std::vector<BlockPart> partsOf(const graph::Graph& graph, const std::vector<Site>& sites, Side side) {
    std::vector<BlockPart> parts;
    for (std::size_t block = 0; block < graph.blocks.size(); ++block) {
        const std::optional<NodeId> projection = projectionOf(graph, block, sites);
        if (!projection) continue;
        BlockPart part{.block = block};
        for (std::size_t i = 0; i < sites.size(); ++i) {
            if (sites[i].block != block) continue;
            const bool inAttention = sites[i].operands.front().node <= *projection;
            if (inAttention != (side == Side::attention)) continue;
            (sites[i].isWeight() ? part.weights : part.activations).push_back(i);
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

}  // namespace

std::vector<BlockPart> attentionParts(const graph::Graph& graph, const std::vector<Site>& sites) {
    return partsOf(graph, sites, Side::attention);
}

std::vector<BlockPart> mlpParts(const graph::Graph& graph, const std::vector<Site>& sites) { return partsOf(graph, sites, Side::mlp); }

}  // namespace vitrine::methods
