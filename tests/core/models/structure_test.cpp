// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "graph/sites.h"
#include "models/model.h"
#include "tiny_networks.h"

namespace vitrine::models {
namespace {

using graph::Graph;
using graph::Role;
using testing::ElementsAre;

std::shared_ptr<const Graph> vit(const test::TinyVit& network = {}) {
    return buildModel(test::randomCheckpoint(network), network.overrides()).graph;
}

std::shared_ptr<const Graph> swin(const test::TinySwin& network = {}) {
    return buildModel(test::randomCheckpoint(network), network.overrides()).graph;
}

/// "id role" of every activation site of a block.
std::vector<std::string> activationSites(const Graph& graph, const std::string& block) {
    std::vector<std::string> result;
    for (const graph::Site& site : findSites(graph))
        if (!site.isWeight() && graph.blocks[site.block].id == block)
            result.push_back(site.id + " " + std::string(roleName(site.role)));
    return result;
}

std::vector<std::string> blockIds(const Graph& graph) {
    std::vector<std::string> result;
    for (const graph::Block& block : graph.blocks)
        result.push_back(block.id + ": " + graph.value(block.input).id + " -> " + graph.value(block.output).id);
    return result;
}

bool foldable(const Graph& graph, const std::string& id) {
    for (const graph::Site& site : findSites(graph))
        if (site.id == id) return foldableNorm(graph, site).has_value();
    ADD_FAILURE() << "no site " << id;
    return false;
}

TEST(Vit, HasOneBlockPerResidualStep) {
    EXPECT_THAT(blockIds(*vit()),
                ElementsAre("patch_embed: input -> tokens", "blocks.0: tokens -> blocks.0.out",
                            "blocks.1: blocks.0.out -> blocks.1.out", "head: blocks.1.out -> logits"));
}

TEST(Vit, HasTheSitesOfItsRoles) {
    const auto graph = vit();
    EXPECT_THAT(activationSites(*graph, "patch_embed"), ElementsAre("input patch_input"));
    EXPECT_THAT(activationSites(*graph, "blocks.1"),
                ElementsAre("blocks.1.norm1 post_layer_norm", "blocks.1.attn.q query", "blocks.1.attn.k key",
                            "blocks.1.attn.softmax post_softmax", "blocks.1.attn.v value", "blocks.1.attn.out other",
                            "blocks.1.norm2 post_layer_norm", "blocks.1.mlp.gelu post_gelu"));
    EXPECT_THAT(activationSites(*graph, "head"), ElementsAre("pre_logits head_input"));
    EXPECT_TRUE(foldable(*graph, "blocks.1.norm1"));
    EXPECT_TRUE(foldable(*graph, "blocks.1.norm2"));
}

TEST(Vit, WithAnotherFormHasOtherSites) {
    EXPECT_THAT(activationSites(*vit({.distilled = true}), "head"),
                ElementsAre("pre_logits_cls head_input", "pre_logits_dist head_input"));
    EXPECT_THAT(activationSites(*vit({.activation = Activation::relu}), "blocks.0"),
                testing::Contains("blocks.0.mlp.relu other"));
    const auto post = vit({.norm = NormPlacement::post});
    EXPECT_THAT(activationSites(*post, "blocks.1"), testing::Contains("blocks.0.out post_layer_norm"));
    EXPECT_FALSE(foldable(*post, "blocks.0.out")) << "the residual stream reads it too";
}

TEST(Vit, SharesTheBytesOfItsCheckpoint) {
    const test::TinyVit network;
    const formats::Checkpoint checkpoint = test::randomCheckpoint(network);
    const auto graph = buildModel(checkpoint, network.overrides()).graph;
    for (const auto& [name, tensor] : checkpoint.tensors)
        EXPECT_EQ(graph->value(graph->require(name)).data.bytes, tensor.bytes) << name;
    EXPECT_EQ(graph->parameterCount(), [&] {
        std::int64_t count = 0;
        for (const auto& entry : checkpoint.tensors) count += entry.second.count();
        return count;
    }());
}

TEST(Swin, HasMergingBlocksBetweenStages) {
    EXPECT_THAT(blockIds(*swin()), ElementsAre("patch_embed: input -> patch_embed",
                                               "layers.0.blocks.0: patch_embed -> layers.0.blocks.0.out",
                                               "layers.0.blocks.1: layers.0.blocks.0.out -> layers.0.blocks.1.out",
                                               "layers.0.downsample: layers.0.blocks.1.out -> layers.0.downsample.out",
                                               "layers.1.blocks.0: layers.0.downsample.out -> layers.1.blocks.0.out",
                                               "layers.1.blocks.1: layers.1.blocks.0.out -> layers.1.blocks.1.out",
                                               "layers.1.blocks.2: layers.1.blocks.1.out -> layers.1.blocks.2.out",
                                               "layers.1.downsample: layers.1.blocks.2.out -> layers.1.downsample.out",
                                               "layers.2.blocks.0: layers.1.downsample.out -> layers.2.blocks.0.out",
                                               "head: layers.2.blocks.0.out -> logits"));
}

TEST(Swin, HasTheSitesOfItsRoles) {
    const auto graph = swin();
    EXPECT_THAT(activationSites(*graph, "layers.1.blocks.1"),
                ElementsAre("layers.1.blocks.1.attn.windows post_layer_norm", "layers.1.blocks.1.attn.q query",
                            "layers.1.blocks.1.attn.k key", "layers.1.blocks.1.attn.softmax post_softmax",
                            "layers.1.blocks.1.attn.v value", "layers.1.blocks.1.attn.out other",
                            "layers.1.blocks.1.norm2 post_layer_norm", "layers.1.blocks.1.mlp.gelu post_gelu"));
    EXPECT_THAT(activationSites(*graph, "layers.0.downsample"),
                ElementsAre("layers.0.downsample.norm post_layer_norm"));
    EXPECT_THAT(activationSites(*graph, "head"), ElementsAre("pre_logits head_input"));
}

TEST(Swin, FoldsNormsOnlyWhereNothingIsPadded) {
    const auto padded = swin();
    EXPECT_FALSE(foldable(*padded, "layers.0.blocks.1.attn.windows"))
        << "zeros appended after a norm do not scale with it";
    EXPECT_TRUE(foldable(*padded, "layers.0.blocks.1.norm2"));
    EXPECT_TRUE(foldable(*padded, "layers.0.downsample.norm"));
    const auto whole = swin({.height = 64, .width = 64, .window = 8});
    EXPECT_TRUE(foldable(*whole, "layers.0.blocks.1.attn.windows"));
}

TEST(Swin, ComputesMasksAndIndicesOncePerStage) {
    const auto graph = swin();
    const auto dataOf = [&](const char* id) { return graph->value(graph->require(id)); };
    EXPECT_TRUE(dataOf("layers.1.blocks.1.attn_mask").constant);
    EXPECT_FALSE(graph->find("layers.1.blocks.0.attn_mask").has_value());
    EXPECT_FALSE(graph->find("layers.2.blocks.0.attn_mask").has_value());
    EXPECT_EQ(dataOf("layers.1.blocks.0.attn.relative_position_index").data.bytes,
              dataOf("layers.1.blocks.2.attn.relative_position_index").data.bytes);
}

TEST(Swin, InBothLayoutsOfTimmIsTheSameGraph) {
    const test::TinySwin network;
    formats::Checkpoint current = test::randomCheckpoint(network);
    const auto rename = [&](const std::string& from, const std::string& to) {
        auto node = current.tensors.extract(from);
        node.key() = to;
        current.tensors.insert(std::move(node));
    };
    for (const int stage : {2, 1})
        for (const char* part : {"norm.weight", "norm.bias", "reduction.weight"})
            rename("layers." + std::to_string(stage - 1) + ".downsample." + part,
                   "layers." + std::to_string(stage) + ".downsample." + part);
    rename("head.weight", "head.fc.weight");
    rename("head.bias", "head.fc.bias");
    EXPECT_EQ(graph::dump(*buildModel(current, network.overrides()).graph), graph::dump(*swin(network)));
}

TEST(Dumps, ShowSizesAndOperations) {
    const std::string text = graph::dump(*vit());
    EXPECT_THAT(text,
                testing::HasSubstr("blocks.0.attn.logits [B, 3, 7, 7] = matmul(blocks.0.attn.q, blocks.0.attn.k)"));
    EXPECT_THAT(text, testing::HasSubstr("[head] head: blocks.1.out -> logits"));
}

}  // namespace
}  // namespace vitrine::models
