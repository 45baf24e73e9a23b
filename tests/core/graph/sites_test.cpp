// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/sites.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "graph/builder.h"
#include "graph/operations.h"

namespace vitrine::graph {
namespace {

constexpr std::int64_t kTokens = 4;
constexpr std::int64_t kChannels = 6;

/// A transformer block by hand: norm -> q, k, v -> biased softmax -> projection -> residual -> norm -> GELU MLP.
class BlockByHand {
  public:
    BlockByHand() : g(info()) {
        g.beginBlock("patch_embed", BlockKind::embedding, 0);
        const ValueId map = g.conv2d("map", 0, weight("patch.weight", {kChannels, 1, 2, 2}), kNone, {.stride = {2, 2}});
        tokens = g.permute("tokens", g.reshape("flat", map, {kBatch, kChannels, kTokens}), {0, 2, 1});
    }

    static ModelInfo info() {
        ModelInfo result;
        result.imageChannels = 1;
        result.imageHeight = result.imageWidth = 4;
        return result;
    }
    ValueId weight(const std::string& id, Shape shape) {
        std::vector<float> zeros(static_cast<std::size_t>(elementCount(shape)));
        return g.parameter(id, HostTensor::of(std::move(zeros), std::move(shape)));
    }
    ValueId linear(const std::string& id, ValueId x, std::int64_t outputs) {
        return g.linear(id, x, weight(id + ".weight", {outputs, g.shape(x).back()}));
    }
    ValueId norm(const std::string& id, ValueId x) {
        return g.layerNorm(id, x, weight(id + ".weight", {g.shape(x).back()}),
                           weight(id + ".bias", {g.shape(x).back()}), 1e-6);
    }
    ValueId part(const std::string& id, ValueId qkv, std::int64_t index) {
        return g.slice(id, qkv, {.axis = 2, .start = index * kChannels, .length = kChannels});
    }
    /// `read` is what the query, key and value projection sees of the norm.
    Graph finish(ValueId read) {
        const ValueId qkv = linear("qkv", read, 3 * kChannels);
        const std::int64_t count = g.shape(read)[1];
        const ValueId logits = g.matmul("logits_qk", part("q", qkv, 0), part("k", qkv, 1), {.transposeB = true});
        const ValueId biased = g.add("biased", logits, weight("mask", {count, count}));
        ValueId attended =
            linear("proj", g.matmul("context", g.softmax("softmax", biased), part("v", qkv, 2)), kChannels);
        if (count != kTokens) attended = g.slice("cropped", attended, {.axis = 1, .start = 0, .length = kTokens});
        const ValueId middle = g.add("resid", tokens, attended);
        const ValueId norm2 = norm("norm2", middle);
        const ValueId out =
            g.add("out", middle, linear("fc2", g.gelu("gelu", linear("fc1", norm2, 8), false), kChannels));
        g.beginBlock("head", BlockKind::head, out);
        return g.finish(linear("logits", g.mean("pooled", norm("norm", out), 1), 3));
    }
    ValueId beginBlock() {
        g.beginBlock("blocks.0", BlockKind::transformer, tokens);
        return norm("norm1", tokens);
    }

    GraphBuilder g;
    ValueId tokens = kNone;
};

Graph plainBlock() {
    BlockByHand block;
    return block.finish(block.beginBlock());
}

Site siteOf(const Graph& graph, const std::string& id) {
    const auto sites = findSites(graph);
    const auto found = std::ranges::find(sites, id, &Site::id);
    EXPECT_NE(found, sites.end()) << id;
    return found == sites.end() ? Site{} : *found;
}

TEST(Sites, HaveTheRolesOfATransformer) {
    std::map<std::string, Role> roles;
    for (const Site& site : findSites(plainBlock())) roles[site.id] = site.role;
    const std::map<std::string, Role> expected = {{"input", Role::patchInput},
                                                  {"patch.weight", Role::weight},
                                                  {"norm1", Role::postLayerNorm},
                                                  {"qkv.weight", Role::weight},
                                                  {"q", Role::query},
                                                  {"k", Role::key},
                                                  {"softmax", Role::postSoftmax},
                                                  {"v", Role::value},
                                                  {"context", Role::other},
                                                  {"proj.weight", Role::weight},
                                                  {"norm2", Role::postLayerNorm},
                                                  {"fc1.weight", Role::weight},
                                                  {"gelu", Role::postGelu},
                                                  {"fc2.weight", Role::weight},
                                                  {"pooled", Role::headInput},
                                                  {"logits.weight", Role::weight}};
    EXPECT_EQ(roles, expected);
}

TEST(Sites, ComeInForwardOrderWithBlockShapeAndMacs) {
    const Graph graph = plainBlock();
    const auto sites = findSites(graph);
    ASSERT_GE(sites.size(), 4u);
    EXPECT_EQ(sites[0].id, "input");
    EXPECT_EQ(sites[1].id, "patch.weight");
    EXPECT_EQ(sites[2].id, "norm1");
    const Site query = siteOf(graph, "q");
    EXPECT_EQ(query.macs, kTokens * kTokens * kChannels);
    EXPECT_EQ(query.shape, (Shape{kBatch, kTokens, kChannels}));
    EXPECT_EQ(graph.blocks[query.block].id, "blocks.0");
    EXPECT_EQ(query.channelAxis(), 2);
    EXPECT_EQ(siteOf(graph, "input").channelAxis(), 1);
    EXPECT_EQ(siteOf(graph, "qkv.weight").channelAxis(), 0);
}

TEST(Sites, AreSharedByAllReadersOfAValue) {
    BlockByHand block;
    const ValueId normed = block.beginBlock();
    const ValueId side = block.linear("side", normed, kChannels);
    const ValueId both = block.g.add("both", block.linear("other", normed, kChannels), side);
    const Site site = siteOf(block.finish(both), "norm1");
    EXPECT_EQ(site.operands.size(), 2u);
    EXPECT_EQ(site.macs, 2 * kTokens * kChannels * kChannels);
}

TEST(Sites, SeeThroughRearrangements) {
    BlockByHand block;
    const ValueId normed = block.beginBlock();
    const ValueId rolled = block.g.roll("rolled", normed, {.axes = {1}, .shifts = {1}});
    const Graph graph = block.finish(rolled);
    EXPECT_EQ(siteOf(graph, "rolled").role, Role::postLayerNorm);
}

TEST(Roles, HaveNamesThatReadBack) {
    for (int i = 0; i <= static_cast<int>(Role::other); ++i)
        EXPECT_EQ(roleFromName(roleName(static_cast<Role>(i))), static_cast<Role>(i));
    EXPECT_EQ(roleName(Role::postLayerNorm), "post_layer_norm");
    EXPECT_FALSE(roleFromName("post_norm").has_value());
}

TEST(FoldableNorms, AreReadByLinearLayersAlone) {
    const Graph graph = plainBlock();
    const auto fold = foldableNorm(graph, siteOf(graph, "norm1"));
    ASSERT_TRUE(fold.has_value());
    EXPECT_EQ(graph.value(graph.node(fold->norm).output).id, "norm1");
    ASSERT_EQ(fold->linears.size(), 1u);
    EXPECT_EQ(graph.value(graph.node(fold->linears[0]).output).id, "qkv");
    EXPECT_FALSE(foldableNorm(graph, siteOf(graph, "gelu")).has_value());
    EXPECT_FALSE(foldableNorm(graph, siteOf(graph, "pooled")).has_value());
}

TEST(FoldableNorms, MayBeRolledAndCut) {
    BlockByHand block;
    const ValueId normed = block.beginBlock();
    const ValueId rolled = block.g.roll("rolled", normed, {.axes = {1}, .shifts = {1}});
    const ValueId tiles = block.g.reshape("tiles", rolled, {kBatch, 2, 2, kChannels});
    const ValueId turned = block.g.permute("turned", tiles, {0, 2, 1, 3});
    const Graph graph = block.finish(block.g.reshape("windows", turned, {kBatch, kTokens, kChannels}));
    const auto fold = foldableNorm(graph, siteOf(graph, "windows"));
    ASSERT_TRUE(fold.has_value());
    EXPECT_EQ(graph.value(graph.node(fold->norm).output).id, "norm1");
}

TEST(FoldableNorms, MustNotBePadded) {
    BlockByHand block;
    const ValueId normed = block.beginBlock();
    const ValueId padded = block.g.pad("padded", normed, {.axes = {1}, .after = {2}});
    const Graph graph = block.finish(padded);
    EXPECT_EQ(siteOf(graph, "padded").role, Role::postLayerNorm);
    EXPECT_FALSE(foldableNorm(graph, siteOf(graph, "padded")).has_value());
}

TEST(FoldableNorms, MustKeepChannelsLast) {
    BlockByHand block;
    const ValueId normed = block.beginBlock();
    const ValueId turned = block.g.permute("turned", normed, {0, 2, 1});
    const ValueId mixed = block.linear("mixer", turned, kTokens);
    const Graph graph = block.finish(block.g.permute("back", mixed, {0, 2, 1}));
    EXPECT_FALSE(foldableNorm(graph, siteOf(graph, "turned")).has_value());
}

TEST(FoldableNorms, MustNotFeedTheResidualStream) {
    BlockByHand block;
    const ValueId normed = block.beginBlock();
    const ValueId doubled = block.g.add("doubled", normed, block.linear("side", normed, kChannels));
    const Graph graph = block.finish(doubled);
    EXPECT_FALSE(foldableNorm(graph, siteOf(graph, "norm1")).has_value());
}

}  // namespace
}  // namespace vitrine::graph
