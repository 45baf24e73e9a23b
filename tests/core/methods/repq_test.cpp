// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "engine/tensors.h"
#include "quant/quantized_network.h"

namespace vitrine::methods {
namespace {

double relativeDifference(const at::Tensor& a, const at::Tensor& b) { return ((a - b).norm() / a.norm()).item<double>(); }

class RepqTest : public testing::TestWithParam<bool> {
  protected:
    const std::shared_ptr<const graph::Graph> graph = GetParam() ? test::randomSwin(3) : test::randomVit(3);
    const at::Tensor images = test::randomImages(*graph, 8, 4);

    quant::QuantizedModel run(std::map<std::string, std::string> parameters) const {
        return test::runMethod("repq", graph, images, {.parameters = std::move(parameters)}).state.model;
    }
    at::Tensor logits() const { return engine::forward(engine::Network(graph), images); }
};

TEST_P(RepqTest, RewrittenNetworkComputesTheSameInFloat) {
    const quant::QuantizedModel model = run({});
    EXPECT_FALSE(model.rewritten.empty());
    EXPECT_LT(relativeDifference(logits(), engine::forward(engine::Network(model.graph), images)), 1e-5);
}

TEST_P(RepqTest, OneScaleBehindEachNormAndPowersOfRootTwoAfterSoftmax) {
    const quant::QuantizedModel model = run({});
    for (const graph::Site& site : graph::findSites(*graph)) {
        const quant::Encoding& encoding = model.encodings.at(site.id);
        EXPECT_EQ(encoding.granularity, site.isWeight() ? quant::Granularity::channel : quant::Granularity::tensor) << site.id;
        const auto kind = site.role == graph::Role::postSoftmax ? quant::QuantizerKind::logSqrt2 : quant::QuantizerKind::uniform;
        EXPECT_EQ(encoding.kind, kind) << site.id;
        for (const float zero : encoding.zeroPoint) EXPECT_EQ(zero, std::nearbyint(zero)) << site.id;
    }
}

TEST_P(RepqTest, CompatibilityKeepsTheFractionalZeroPoint) {
    const quant::QuantizedModel model = run({{"repq.compat", "true"}});
    const auto fractional = [&](const graph::Site& site) {
        const float zero = model.encodings.at(site.id).zeroPoint.empty() ? 0 : model.encodings.at(site.id).zeroPoint[0];
        return site.role == graph::Role::postLayerNorm && zero != std::nearbyint(zero);
    };
    const std::vector<graph::Site> sites = graph::findSites(*graph);
    EXPECT_TRUE(std::any_of(sites.begin(), sites.end(), fractional));
}

TEST_P(RepqTest, WithoutReparameterizationScalesStayChannelWise) {
    const quant::QuantizedModel model = run({{"repq.reparameterize", "false"}});
    EXPECT_TRUE(model.rewritten.empty());
    for (const graph::Site& site : graph::findSites(*graph)) {
        if (site.role != graph::Role::postLayerNorm) continue;
        EXPECT_EQ(model.encodings.at(site.id).granularity, quant::Granularity::channel) << site.id;
    }
}

TEST_P(RepqTest, IsNotWorseThanMinMaxAtFourBits) {
    const at::Tensor exact = logits();
    const double repq = relativeDifference(exact, quant::QuantizedNetwork(run({})).forward(images));
    const quant::QuantizedModel plain =
        test::runMethod("baseline", graph, images, {.parameters = {{"weight.bits", "4"}, {"activation.bits", "4"}}}).state.model;
    EXPECT_LT(repq, relativeDifference(exact, quant::QuantizedNetwork(plain).forward(images)));
}

TEST_P(RepqTest, AChannelThatNeverChangesDoesNoHarm) {
    const std::string weightId = GetParam() ? "layers.0.blocks.0.norm1.weight" : "blocks.0.norm1.weight";
    std::vector<float> weight = graph->value(graph->require(weightId)).data.toFloats();
    weight[2] = 0;  // the channel is its bias now
    const auto channels = static_cast<std::int64_t>(weight.size());
    const auto constant = quant::withParameters(*graph, {{weightId, HostTensor::of(std::move(weight), {channels})}});
    const quant::QuantizedModel model = test::runMethod("repq", constant, images).state.model;
    for (const auto& [site, encoding] : model.encodings) EXPECT_NO_THROW(quant::validate(encoding)) << site;
    const at::Tensor expected = engine::forward(engine::Network(constant), images);
    EXPECT_LT(relativeDifference(expected, engine::forward(engine::Network(model.graph), images)), 1e-4);
}

TEST_P(RepqTest, RulesBehindLayerNormsKeepTheFloatNetwork) {
    std::vector<std::string> norms;
    for (const graph::Site& site : graph::findSites(*graph))
        if (site.role == graph::Role::postLayerNorm) norms.push_back(site.id);
    ASSERT_GE(norms.size(), 4u);
    const std::vector<quant::PolicyRule> rules = {
        {norms[0], std::nullopt},
        {norms[1], quant::QuantizerSpec{.bits = 7, .granularity = quant::Granularity::channel}},
        {norms[2], quant::QuantizerSpec{.bits = 6}},
        {norms[3], quant::QuantizerSpec{.bits = 8, .symmetric = true, .granularity = quant::Granularity::token}}};
    const quant::QuantizedModel model = test::runMethod("repq", graph, images, {.rules = rules}).state.model;
    EXPECT_FALSE(model.encodings.contains(norms[0]));
    EXPECT_EQ(model.encodings.at(norms[1]).granularity, quant::Granularity::channel);
    EXPECT_EQ(model.encodings.at(norms[1]).bits, 7);
    EXPECT_EQ(model.encodings.at(norms[2]).granularity, quant::Granularity::tensor) << "folded";
    EXPECT_EQ(model.encodings.at(norms[2]).bits, 6);
    EXPECT_EQ(model.encodings.at(norms[3]).granularity, quant::Granularity::token);
    for (const auto& [site, encoding] : model.encodings) EXPECT_NO_THROW(quant::validate(encoding)) << site;
    EXPECT_LT(relativeDifference(logits(), engine::forward(engine::Network(model.graph), images)), 1e-5);
    EXPECT_TRUE(at::isfinite(quant::QuantizedNetwork(model).forward(images)).all().item<bool>());
}

TEST_P(RepqTest, AWeightInFloatIsStillRewritten) {
    const quant::QuantizedModel model =
        test::runMethod("repq", graph, images, {.rules = {{"*.attn.qkv.weight", std::nullopt}}}).state.model;
    EXPECT_FALSE(std::any_of(model.encodings.begin(), model.encodings.end(),
                             [](const auto& entry) { return entry.first.ends_with("attn.qkv.weight"); }));
    EXPECT_LT(relativeDifference(logits(), engine::forward(engine::Network(model.graph), images)), 1e-5);
}

TEST_P(RepqTest, TellsTheErrorOfEveryActivationQuantizer) {
    const test::RecordedRun run = test::runMethod("repq", graph, images);
    const auto& trace = std::get<results::Trace>(run.artefacts.at("calibration.sqnr").payload);
    const auto& ranges = std::get<results::Intervals>(run.artefacts.at("calibration.intervals").payload);
    EXPECT_EQ(trace.y.size(), ranges.rows.size());
    EXPECT_EQ(trace.x.size(), trace.y.size());
    for (const double decibels : trace.y) EXPECT_GT(decibels, 0);
}

INSTANTIATE_TEST_SUITE_P(Networks, RepqTest, testing::Bool(), [](const auto& instance) { return instance.param ? "Swin" : "Vit"; });

}  // namespace
}  // namespace vitrine::methods
