// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/patch_features.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace vitrine::methods {
namespace {

using graph::Graph;
using graph::NodeId;
using graph::Op;
using graph::ValueId;

constexpr std::int64_t kMostPrefixTokens = 2;  // class and distillation

struct Grid {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
};

/// The operand of the block's first residual addition that is not the residual stream.
std::optional<ValueId> addedToStream(const Graph& graph, const graph::Block& block) {
    for (NodeId id = block.firstNode; id < block.endNode; ++id) {
        const graph::Node& node = graph.node(id);
        if (node.op != Op::add) continue;
        if (node.inputs[0] == block.input) return node.inputs[1];
        if (node.inputs[1] == block.input) return node.inputs[0];
    }
    return std::nullopt;
}

/// The product of the attention probabilities with the values.
std::optional<ValueId> attendedIn(const Graph& graph, const graph::Block& block) {
    for (NodeId id = block.firstNode; id < block.endNode; ++id) {
        const graph::Node& node = graph.node(id);
        if (node.op != Op::matmul) continue;
        const NodeId producer = graph.value(node.inputs[0]).producer;
        if (producer != graph::kNone && graph.node(producer).op == Op::softmax) return node.output;
    }
    return std::nullopt;
}

/// How many tokens a value [B, tokens, C] or a map [B, rows, columns, C] has.
std::optional<std::int64_t> tokensOf(const Shape& shape) {
    if (shape.size() == 3) return shape[1];
    return shape.size() == 4 ? std::optional(shape[1] * shape[2]) : std::nullopt;
}

/// The grid of a map [B, rows, columns, C], or of tokens that were one just before, as behind windows.
std::optional<Grid> gridOfMap(const Graph& graph, ValueId tokens) {
    if (const Shape& own = graph.value(tokens).shape; own.size() == 4) return Grid{own[1], own[2]};
    const NodeId producer = graph.value(tokens).producer;
    if (producer == graph::kNone || graph.node(producer).op != Op::reshape) return std::nullopt;
    const Shape& map = graph.value(graph.node(producer).inputs[0]).shape;
    const Shape& flat = graph.value(tokens).shape;
    if (map.size() != 4 || flat.size() != 3 || map[3] != flat[2] || map[1] * map[2] != flat[1]) return std::nullopt;
    return Grid{map[1], map[2]};
}

/// The map that the patch embedding's convolution makes.
std::optional<Grid> gridOfEmbedding(const Graph& graph) {
    for (const graph::Node& node : graph.nodes) {
        if (node.op != Op::conv2d) continue;
        const Shape& map = graph.value(node.output).shape;
        return Grid{map[2], map[3]};
    }
    return std::nullopt;
}

}  // namespace

std::vector<PatchFeature> patchFeatures(const Graph& graph) {
    const std::optional<Grid> embedding = gridOfEmbedding(graph);
    std::vector<PatchFeature> features;
    for (std::size_t i = 0; i < graph.blocks.size(); ++i) {
        const std::optional<ValueId> output = addedToStream(graph, graph.blocks[i]);
        const std::optional<ValueId> attended = attendedIn(graph, graph.blocks[i]);
        if (!output || !attended) continue;
        const std::optional<Grid> map = gridOfMap(graph, *output);
        const std::optional<Grid> grid = map ? map : embedding;
        const std::optional<std::int64_t> tokens = tokensOf(graph.value(*output).shape);
        if (!grid || !tokens) continue;
        const std::int64_t prefix = *tokens - grid->rows * grid->columns;
        if (prefix < 0 || prefix > kMostPrefixTokens || grid->rows < 2 || grid->columns < 2) continue;
        features.push_back({i, *output, *attended, prefix, grid->rows, grid->columns});
    }
    return features;
}

at::Tensor patchesOf(const PatchFeature& feature, const at::Tensor& output) {
    if (output.dim() == 4) return output.flatten(1, 2);
    return output.narrow(1, feature.prefixTokens, feature.rows * feature.columns);
}

at::Tensor attendedPatches(const PatchFeature& feature, const at::Tensor& attended) {
    const at::Tensor mean = attended.mean(-3);
    if (attended.dim() == 5) return mean;
    return mean.narrow(1, feature.prefixTokens, mean.size(1) - feature.prefixTokens).unsqueeze(1);
}

}  // namespace vitrine::methods
