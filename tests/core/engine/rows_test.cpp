// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/rows.h"

#include <map>

#include "core/engine/support.h"
#include "engine/products.h"

namespace vitrine::test {
namespace {

using engine::evaluate;
using engine::findRows;
using engine::Hooks;
using engine::Network;
using engine::Rows;
using graph::kBatch;
using graph::ValueId;

std::vector<graph::NodeId> allNodes(const graph::Graph& graph) {
    std::vector<graph::NodeId> nodes(graph.nodes.size());
    std::iota(nodes.begin(), nodes.end(), 0);
    return nodes;
}

/// Rows by id of the value, with `kept` values and the output needed as they are.
std::map<std::string, Rows> rowsById(const graph::Graph& graph, const std::vector<std::string>& kept = {}) {
    std::vector<bool> whole(graph.values.size());
    whole[static_cast<std::size_t>(graph.output)] = true;
    for (std::size_t i = 0; i < whole.size(); ++i)
        if (std::find(kept.begin(), kept.end(), graph.values[i].id) != kept.end()) whole[i] = true;
    const std::vector<Rows> rows = findRows(graph, allNodes(graph), whole);
    std::map<std::string, Rows> byId;
    for (std::size_t i = 0; i < rows.size(); ++i) byId[graph.values[i].id] = rows[i];
    return byId;
}

constexpr Rows kClassToken{1, 0, 1};
constexpr Rows kClassTokenOfHeads{2, 0, 1};

TEST(Rows, OnlyTheClassTokenOfTheLastBlockIsRead) {
    const auto graph = makeVit({});
    auto rows = rowsById(*graph);
    for (const char* id : {"attn.out", "attn.proj", "resid1", "norm2", "mlp.fc1", "mlp.gelu", "mlp.fc2", "resid2"})
        EXPECT_EQ(rows.at(std::string("blocks.1.") + id), kClassToken) << id;
    for (const char* id : {"attn.q", "attn.logits", "attn.softmax", "attn.heads"})
        EXPECT_EQ(rows.at(std::string("blocks.1.") + id), kClassTokenOfHeads) << id;
    EXPECT_EQ(rows.at("norm"), kClassToken);
    for (const char* id : {"blocks.1.attn.k", "blocks.1.attn.v", "blocks.1.attn.qkv", "blocks.1.norm1", "blocks.0.resid2", "blocks.0.mlp.gelu", "tokens"})
        EXPECT_TRUE(rows.at(id).all()) << id;
}

TEST(Rows, WhatIsWantedIsWhole) {
    const auto graph = makeVit({});
    auto rows = rowsById(*graph, {"blocks.1.mlp.gelu"});
    for (const char* id : {"attn.softmax", "resid1", "norm2", "mlp.fc1", "mlp.gelu"})
        EXPECT_TRUE(rows.at(std::string("blocks.1.") + id).all()) << id;
    EXPECT_EQ(rows.at("blocks.1.mlp.fc2"), kClassToken);
    EXPECT_EQ(rows.at("blocks.1.resid2"), kClassToken);
}

TEST(Rows, SeveralReadersGetTheRangeBetweenThem) {
    graph::ModelInfo info;
    info.imageChannels = 2;
    info.imageHeight = 6;
    info.imageWidth = 4;
    graph::GraphBuilder builder(info);
    builder.beginBlock("block", graph::BlockKind::transformer, 0);
    const ValueId x = builder.relu("rectified", builder.reshape("tokens", 0, {kBatch, 8, 6}));
    const auto token = [&](const char* id, std::int64_t start) { return builder.slice(id, x, {.axis = 1, .start = start}); };
    const ValueId sum = builder.add("sum", token("second", 1), token("fifth", 4));
    const auto graph = std::make_shared<const graph::Graph>(builder.finish(sum));
    EXPECT_EQ(rowsById(*graph).at("rectified"), (Rows{1, 1, 4}));
    const at::Tensor images = randomImages(*graph, 2);
    const at::Tensor expected = at::relu(images.reshape({2, 8, 6}));
    EXPECT_TRUE(sameBits(engine::forward(Network(graph), images), expected.narrow(1, 1, 1) + expected.narrow(1, 4, 1)));
}

TEST(Rows, NothingIsLeftOutWhereAllTokensCount) {
    for (const auto& [id, rows] : rowsById(*makeWindowNetwork())) EXPECT_TRUE(rows.all()) << id;
}

/// Overwrites whatever it may, and tells the shapes that it meets.
Hooks quantizing(bool elements, std::map<std::size_t, Shape>* met = nullptr) {
    return {.quantize =
                [met](std::size_t site, at::Tensor value, bool mayOverwrite) {
                    if (met != nullptr) (*met)[site] = value.sizes().vec();
                    return mayOverwrite ? value.mul_(8).round_().div_(8) : at::round(value * 8) / 8;
                },
            .quantizesElements = elements};
}

TEST(Rows, ResultsAreTheSameBytes) {
    for (const VitSizes& sizes : {VitSizes{}, VitSizes{224, 16, 192, 2, 3, 1000}}) {
        const Network network(makeVit(sizes));
        const graph::Graph& graph = network.graph();
        const std::vector<ValueId> middle{graph.blocks[2].input, graph.output};
        for (const std::int64_t batch : {1, 5}) {
            const at::Tensor images = randomImages(graph, batch);
            const at::Tensor original = images.clone();
            const at::Tensor seen = engine::forward(network, images, {.observe = [](ValueId, const at::Tensor&) {}});
            EXPECT_TRUE(sameBits(engine::forward(network, images), seen)) << batch;
            EXPECT_TRUE(sameBits(evaluate(network, {{graph.input, images}}, computedValues(graph)).at(graph.output), seen)) << batch;
            const at::Tensor whole = engine::forward(network, images, quantizing(false));
            const engine::ValueTensors parts = evaluate(network, {{graph.input, images}}, middle, quantizing(true));
            EXPECT_TRUE(sameBits(parts.at(graph.output), whole)) << batch;
            const engine::ValueTensors start{{middle[0], parts.at(middle[0])}};
            EXPECT_TRUE(sameBits(evaluate(network, start, {{graph.output}}, quantizing(true)).at(graph.output), whole)) << batch;
            EXPECT_TRUE(sameBits(images, original));
        }
    }
}

TEST(Rows, QuantizersGetPartsOnlyWhereTheyMayAndNobodyLooks) {
    const Network network(makeVit({}));
    const at::Tensor images = randomImages(network.graph(), 2);
    const auto shapeAt = [&](const std::string& id, Hooks hooks, std::map<std::size_t, Shape>& met) {
        engine::forward(network, images, hooks);
        for (const auto& [site, shape] : met)
            if (network.sites()[site].id == id) return shape;
        return Shape();
    };
    const Shape whole{2, 17, 128}, part{2, 1, 128};
    std::map<std::size_t, Shape> met;
    EXPECT_EQ(shapeAt("blocks.1.mlp.gelu", quantizing(false, &met), met), whole);
    EXPECT_EQ(shapeAt("blocks.1.mlp.gelu", quantizing(true, &met), met), engine::productsKeepRows() ? part : whole);
    EXPECT_EQ(shapeAt("blocks.0.mlp.gelu", quantizing(true, &met), met), whole);
    Hooks watched = quantizing(true, &met);
    watched.observe = [](ValueId, const at::Tensor&) {};
    EXPECT_EQ(shapeAt("blocks.1.mlp.gelu", watched, met), whole);
}

TEST(Rows, ProductsKeepThem) {
    if (!engine::productsKeepRows()) GTEST_SKIP() << "not with the kernels for this processor";
    for (const auto& [inputs, outputs] : {std::pair{192, 576}, {768, 192}, {384, 1536}, {97, 31}}) {
        const engine::PackedWeight weight(engine::toTorch(randomTensor({outputs, inputs}, 1)));
        const at::Tensor bias = engine::toTorch(randomTensor({outputs}, 2));
        for (const std::int64_t batch : {1, 2, 5, 16}) {
            const at::Tensor x = engine::toTorch(randomTensor({batch, 197, inputs}, 3));
            const at::Tensor all = engine::multiplyPacked(x, weight, bias);
            EXPECT_TRUE(sameBits(all.narrow(1, 0, 1), engine::multiplyPacked(x.narrow(1, 0, 1), weight, bias))) << inputs << " " << batch;
        }
    }
}

}  // namespace
}  // namespace vitrine::test
