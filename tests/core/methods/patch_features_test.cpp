// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/patch_features.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/analysis/random_networks.h"
#include "engine/engine.h"
#include "models/model.h"
#include "support/reference_data.h"

namespace vitrine::methods {
namespace {

TEST(PatchFeatures, ClassTokenIsDropped) {
    const auto graph = test::randomVit(1);
    const auto features = patchFeatures(*graph);
    ASSERT_EQ(features.size(), 2u);
    for (const PatchFeature& feature : features) {
        EXPECT_EQ(feature.prefixTokens, 1);
        EXPECT_EQ(feature.rows, 2);
        EXPECT_EQ(feature.columns, 2);
        EXPECT_EQ(graph->value(feature.output).shape, (Shape{graph::kBatch, 5, 16}));
        const at::Tensor output = at::arange(2 * 5 * 16).view({2, 5, 16});
        EXPECT_TRUE(patchesOf(feature, output).equal(output.slice(1, 1)));
        const at::Tensor attended = at::randn({2, 2, 5, 8});
        EXPECT_TRUE(attendedPatches(feature, attended).equal(attended.mean(1).slice(1, 1).unsqueeze(1)));
    }
}

/// Whatever a Swin does to its windows: what is found is what its block adds to the residual stream, patch by patch.
TEST(PatchFeatures, WindowsAreUndoneAndGridsFollowTheStages) {
    const auto graph = test::randomSwin(1);
    const auto features = patchFeatures(*graph);
    ASSERT_FALSE(features.empty());
    const engine::Network network(graph);
    const at::Tensor images = test::randomImages(*graph, 2, 3);
    for (const PatchFeature& feature : features) {
        const Shape& shape = graph->value(feature.output).shape;
        EXPECT_EQ(feature.prefixTokens, 0);
        EXPECT_EQ(shape[1] * (shape.size() == 4 ? shape[2] : 1), feature.rows * feature.columns);
        const graph::Block& block = graph->blocks[feature.block];
        graph::ValueId sum = graph::kNone;
        for (const graph::Node& node : graph->nodes)
            if (node.op == graph::Op::add && (node.inputs[0] == feature.output || node.inputs[1] == feature.output)) sum = node.output;
        const at::NoGradGuard noGradient;
        const auto values = engine::evaluate(network, {{graph->input, images}}, {{block.input, feature.output, sum, feature.attended}});
        EXPECT_TRUE(at::allclose(values.at(sum) - values.at(block.input), values.at(feature.output), 1e-4, 1e-4));
        EXPECT_EQ(patchesOf(feature, values.at(feature.output)).size(1), feature.rows * feature.columns);
        const at::Tensor windows = attendedPatches(feature, values.at(feature.attended));
        EXPECT_EQ(windows.size(0), 2);
        EXPECT_EQ(windows.size(1) * windows.size(2), feature.rows * feature.columns);
    }
}

TEST(PatchFeatures, OfTheReferenceNetwork) {
    VITRINE_REQUIRE_REFERENCE("data/weights/vit_tiny_patch16_224_in1k.safetensors");
    const auto graph = models::loadModel(test::referencePath("data/weights/vit_tiny_patch16_224_in1k.safetensors")).graph;
    const auto features = patchFeatures(*graph);
    ASSERT_EQ(features.size(), 12u);
    EXPECT_EQ(features[5].rows, 14);
    EXPECT_EQ(features[5].columns, 14);
    EXPECT_EQ(graph->value(features[5].output).id, "blocks.5.attn.proj");
    EXPECT_EQ(graph->value(features[5].attended).id, "blocks.5.attn.context");
}

}  // namespace
}  // namespace vitrine::methods
