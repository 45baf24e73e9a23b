// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/graph.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "graph/builder.h"
#include "graph/operations.h"

namespace vitrine::graph {
namespace {

HostTensor zeros(Shape shape) {
    std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
    return HostTensor::of(std::move(values), std::move(shape));
}

ModelInfo smallInfo() {
    ModelInfo info;
    info.family = "vit";
    info.imageChannels = 1;
    info.imageHeight = info.imageWidth = 4;
    return info;
}

/// Image -> 4 tokens of 6 channels -> a residual linear layer -> mean -> 3 classes.
Graph smallGraph() {
    GraphBuilder g(smallInfo());
    g.beginBlock("patch_embed", BlockKind::embedding, 0);
    const ValueId map = g.conv2d("patch_embed.map", 0, g.parameter("patch_embed.weight", zeros({6, 1, 2, 2})), kNone,
                                 {.stride = {2, 2}});
    const ValueId flat = g.reshape("patch_embed.flat", map, {kBatch, 6, 4});
    const ValueId tokens = g.permute("tokens", flat, {0, 2, 1});
    g.beginBlock("blocks.0", BlockKind::transformer, tokens);
    const ValueId hidden = g.linear("blocks.0.fc", tokens, g.parameter("blocks.0.fc.weight", zeros({6, 6})));
    const ValueId shifted = g.add("blocks.0.shifted", hidden, g.constant("blocks.0.mask", zeros({4, 6})));
    const ValueId out = g.add("blocks.0.out", tokens, shifted);
    g.beginBlock("head", BlockKind::head, out);
    const ValueId pooled = g.mean("pooled", out, 1);
    const ValueId weight = g.parameter("head.weight", zeros({3, 6}));
    return g.finish(g.linear("logits", pooled, weight, g.parameter("head.bias", zeros({3}))));
}

TEST(GraphBuilder, MakesAValidGraphInBlocks) {
    const Graph graph = smallGraph();
    EXPECT_NO_THROW(validate(graph));
    EXPECT_EQ(graph.value(graph.input).id, "input");
    EXPECT_EQ(graph.value(graph.input).shape, (Shape{kBatch, 1, 4, 4}));
    EXPECT_EQ(graph.value(graph.output).id, "logits");
    ASSERT_EQ(graph.blocks.size(), 3u);
    EXPECT_EQ(graph.blocks[1].id, "blocks.0");
    EXPECT_EQ(graph.value(graph.blocks[1].input).id, "tokens");
    EXPECT_EQ(graph.value(graph.blocks[1].output).id, "blocks.0.out");
    EXPECT_EQ(graph.blockOf(graph.blocks[1].firstNode), 1u);
    EXPECT_EQ(graph.blockOf(graph.blocks[2].endNode - 1), 2u);
}

TEST(GraphBuilder, NamesTheNodeThatDoesNotFit) {
    GraphBuilder g(smallInfo());
    try {
        g.linear("blocks.0.fc", 0, g.parameter("w", zeros({6, 5})));
        FAIL() << "accepted";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().where, "blocks.0.fc");
    }
}

TEST(Graph, CountsTrainedParametersOnly) {
    const Graph graph = smallGraph();
    EXPECT_EQ(graph.parameterCount(), 6 * 4 + 36 + 18 + 3);
    EXPECT_EQ(totalMacs(graph), 6 * 4 * 4 + 4 * 36 + 18);
}

TEST(Graph, FindsValuesAndNamesTheNearest) {
    const Graph graph = smallGraph();
    EXPECT_EQ(graph.value(*graph.find("pooled")).id, "pooled");
    EXPECT_FALSE(graph.find("nothing").has_value());
    try {
        graph.require("blocks.0.outt");
        FAIL() << "found";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::notFound);
        EXPECT_NE(exception.error().remedy.find("blocks.0.out"), std::string::npos);
    }
}

TEST(Graph, ListsReadersOnce) {
    const Graph graph = smallGraph();
    const auto consumers = graph.consumers();
    EXPECT_EQ(consumers[static_cast<std::size_t>(graph.require("tokens"))].size(), 2u);
    EXPECT_TRUE(consumers[static_cast<std::size_t>(graph.output)].empty());
}

TEST(Patterns, MatchStarsAndQuestionMarks) {
    EXPECT_TRUE(matchesPattern("blocks.3.attn.softmax", "blocks.*.attn.softmax"));
    EXPECT_TRUE(matchesPattern("blocks.3.attn.softmax", "*soft*"));
    EXPECT_TRUE(matchesPattern("abcabd", "*ab?"));
    EXPECT_TRUE(matchesPattern("", "*"));
    EXPECT_TRUE(matchesPattern("a", "a**"));
    EXPECT_FALSE(matchesPattern("blocks.3.attn.softmax", "blocks.*.mlp*"));
    EXPECT_FALSE(matchesPattern("blocks.3", "blocks"));
    EXPECT_FALSE(matchesPattern("", "?"));
    EXPECT_FALSE(matchesPattern("abc", ""));
}

TEST(Patterns, SelectValuesInGraphOrder) {
    const Graph graph = smallGraph();
    const auto found = matchValues(graph, "blocks.0.*");
    ASSERT_EQ(found.size(), 5u);
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
}

struct Damage {
    const char* name;
    std::function<void(Graph&)> harm;
};

std::ostream& operator<<(std::ostream& out, const Damage& damage) { return out << damage.name; }

class BrokenGraphs : public testing::TestWithParam<Damage> {};

TEST_P(BrokenGraphs, AreRefused) {
    Graph graph = smallGraph();
    GetParam().harm(graph);
    EXPECT_THROW(validate(graph), Exception);
}

Value& valueOf(Graph& graph, const char* id) { return graph.values[static_cast<std::size_t>(graph.require(id))]; }
Node& producerOf(Graph& graph, const char* id) {
    return graph.nodes[static_cast<std::size_t>(valueOf(graph, id).producer)];
}

INSTANTIATE_TEST_SUITE_P(
    All, BrokenGraphs,
    testing::Values(Damage{"duplicate_id", [](Graph& g) { valueOf(g, "pooled").id = "tokens"; }},
                    Damage{"empty_id", [](Graph& g) { valueOf(g, "pooled").id.clear(); }},
                    Damage{"wrong_shape",
                           [](Graph& g) {
                               valueOf(g, "pooled").shape = {kBatch, 7};
                           }},
                    Damage{"parameter_shape",
                           [](Graph& g) {
                               valueOf(g, "head.weight").data.shape = {6, 3};
                           }},
                    Damage{"wrong_producer", [](Graph& g) { valueOf(g, "pooled").producer = 0; }},
                    Damage{"parameter_with_producer", [](Graph& g) { valueOf(g, "head.weight").producer = 0; }},
                    Damage{"read_before_computed",
                           [](Graph& g) { producerOf(g, "blocks.0.shifted").inputs[0] = g.require("blocks.0.out"); }},
                    Damage{"gap_between_blocks", [](Graph& g) { ++g.blocks[1].firstNode; }},
                    Damage{"block_input", [](Graph& g) { g.blocks[2].input = g.require("tokens"); }},
                    Damage{"block_output", [](Graph& g) { g.blocks[0].output = g.input; }},
                    Damage{"read_across_blocks",
                           [](Graph& g) { producerOf(g, "pooled").inputs[0] = g.require("tokens"); }},
                    Damage{"missing_block", [](Graph& g) { g.blocks.pop_back(); }},
                    Damage{"output", [](Graph& g) { g.output = g.require("pooled"); }}),
    [](const auto& tested) { return tested.param.name; });

TEST(Dump, ListsBlocksNodesAndCounts) {
    const std::string text = dump(smallGraph());
    EXPECT_NE(text.find("[blocks.0] transformer: tokens -> blocks.0.out"), std::string::npos) << text;
    EXPECT_NE(text.find("blocks.0.fc [B, 4, 6] = linear(tokens, blocks.0.fc.weight)  144 MACs"), std::string::npos)
        << text;
    EXPECT_NE(text.find("tokens [B, 4, 6] = permute(patch_embed.flat)\n"), std::string::npos) << text;
}

TEST(BlockKinds, HaveNames) {
    EXPECT_EQ(blockKindName(BlockKind::embedding), "embedding");
    EXPECT_EQ(blockKindName(BlockKind::merging), "merging");
}

}  // namespace
}  // namespace vitrine::graph
