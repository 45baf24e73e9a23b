// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "quant/quantized_network.h"
#include "quant/scale_search.h"

namespace vitrine::methods {
namespace {

class BaselineTest : public testing::Test {
  protected:
    const std::shared_ptr<const graph::Graph> graph = test::randomVit(3);
    const at::Tensor images = test::randomImages(*graph, 8, 4);

    std::map<std::string, quant::Encoding> encodings(std::map<std::string, std::string> parameters) const {
        parameters.emplace("calibration.batch", "3");
        return test::runMethod("baseline", graph, images, {.parameters = parameters}).state.model.encodings;
    }
};

TEST_F(BaselineTest, MinMaxCoversAllImages) {
    const quant::Encoding input = encodings({}).at("input");
    const quant::Interval covered = quant::interval(input, 0);
    EXPECT_LE(covered.low, images.min().item<double>() + input.scale[0]);
    EXPECT_GE(covered.high, images.max().item<double>() - input.scale[0]);
    EXPECT_NEAR(input.scale[0], (images.max() - images.min()).item<double>() / 255, 1e-6);
    EXPECT_EQ(input.granularity, quant::Granularity::tensor);
}

TEST_F(BaselineTest, MinMaxDoesNotDependOnTheBatch) {
    EXPECT_EQ(encodings({{"calibration.batch", "3"}}).at("input"), encodings({{"calibration.batch", "8"}}).at("input"));
}

TEST_F(BaselineTest, MovingAverageStartsAtTheFirstBatch) {
    const auto first = encodings({{"calibration.count", "3"}, {"activation.observer", "minmax"}});
    EXPECT_EQ(encodings({{"calibration.count", "3"}, {"activation.observer", "ema"}}), first);
    const float averaged = encodings({{"activation.observer", "ema"}, {"activation.momentum", "0.5"}}).at("input").scale[0];
    EXPECT_LE(averaged, encodings({}).at("input").scale[0]);
}

TEST_F(BaselineTest, PercentileIsNarrowerThanMinMax) {
    const auto narrow = encodings({{"activation.observer", "percentile"}, {"activation.percentile", "0.99"}});
    EXPECT_LT(narrow.at("input").scale[0], 0.9F * encodings({}).at("input").scale[0]);
}

TEST_F(BaselineTest, LeastSquaresBeatMinMaxOnWhatTheySaw) {
    const std::string low = "4";
    const auto minMax = encodings({{"activation.bits", low}, {"weight.bits", low}, {"scope.patch_input", "same"}});
    const auto best = encodings({{"activation.bits", low}, {"weight.bits", low}, {"scope.patch_input", "same"},
                                 {"activation.observer", "omse"}, {"weight.observer", "omse"}});
    EXPECT_LT(quant::meanSquaredError(images, best.at("input")), quant::meanSquaredError(images, minMax.at("input")));
    for (const graph::Site& site : graph::findSites(*graph)) {
        if (!site.isWeight()) continue;
        const at::Tensor weight = engine::Network(graph).parameter(site.value);
        EXPECT_LE(quant::meanSquaredError(weight, best.at(site.id)), quant::meanSquaredError(weight, minMax.at(site.id)));
    }
}

TEST_F(BaselineTest, SymmetryAndGranularityFollowTheParameters) {
    const auto symmetric = encodings({{"activation.symmetric", "true"}});
    EXPECT_EQ(symmetric.at("input").zeroPoint[0], 0);
    EXPECT_EQ(symmetric.at("input").qmin, -128);
    const auto weights = encodings({{"weight.granularity", "tensor"}, {"weight.symmetric", "false"}});
    EXPECT_EQ(weights.at("head.weight").scale.size(), 1u);
    EXPECT_EQ(weights.at("head.weight").qmin, 0);
    EXPECT_EQ(encodings({}).at("head.weight").scale.size(), 5u);
    EXPECT_EQ(encodings({{"weight.observer", "percentile"}}).at("head.weight").axis, 0);
}

TEST_F(BaselineTest, RulesChooseKindBitsAndScales) {
    const std::vector<quant::PolicyRule> rules = {
        {"head*", std::nullopt},
        {"role:query", quant::QuantizerSpec{.bits = 5, .granularity = quant::Granularity::head}},
        {"role:post_softmax", quant::QuantizerSpec{.kind = quant::QuantizerKind::log2, .bits = 4}},
        {"role:post_gelu", quant::QuantizerSpec{.bits = 6, .granularity = quant::Granularity::channel}}};
    for (const char* observer : {"minmax", "ema", "percentile", "omse"}) {
        const quant::QuantizedModel model = test::runMethod("baseline", graph, images,
            {.parameters = {{"activation.observer", observer}}, .rules = rules}).state.model;
        for (const graph::Site& site : graph::findSites(*graph)) {
            EXPECT_EQ(model.encodings.contains(site.id), !site.id.starts_with("head")) << site.id;
            if (site.role == graph::Role::query) {
                EXPECT_EQ(static_cast<std::int64_t>(model.encodings.at(site.id).scale.size()), site.shape[1]);
            }
            if (site.role == graph::Role::postSoftmax) {
                EXPECT_EQ(model.encodings.at(site.id).kind, quant::QuantizerKind::log2);
            }
            if (site.role == graph::Role::postGelu) {
                EXPECT_EQ(static_cast<std::int64_t>(model.encodings.at(site.id).scale.size()), site.shape.back());
            }
        }
        EXPECT_TRUE(at::isfinite(quant::QuantizedNetwork(model).forward(images)).all().item<bool>());
    }
}

TEST_F(BaselineTest, PowerOfTwoFactorsSitBehindLayerNorms) {
    const auto plain = encodings({}), factored = encodings({{"activation.ptf", "true"}});
    std::size_t smaller = 0;
    for (const graph::Site& site : graph::findSites(*graph)) {
        const quant::Encoding& before = plain.at(site.id);
        const quant::Encoding& now = factored.at(site.id);
        if (site.role != graph::Role::postLayerNorm) {
            EXPECT_EQ(now, before) << site.id;
            continue;
        }
        EXPECT_EQ(now.granularity, quant::Granularity::channel);
        ASSERT_EQ(static_cast<std::int64_t>(now.scale.size()), site.shape.back());
        for (std::size_t c = 0; c < now.scale.size(); ++c) {
            const float ratio = before.scale[0] / now.scale[c];
            EXPECT_TRUE(ratio == 1 || ratio == 2 || ratio == 4 || ratio == 8) << ratio;
            EXPECT_EQ(now.zeroPoint[c], before.zeroPoint[0]);
            smaller += ratio > 1;
        }
    }
    EXPECT_GT(smaller, 0u);
    // A rule of the user comes after it.
    const quant::QuantizedModel ruled = test::runMethod("baseline", graph, images, {.parameters = {{"activation.ptf", "true"}},
        .rules = {{"role:post_layer_norm", quant::QuantizerSpec{.bits = 6}}}}).state.model;
    EXPECT_EQ(ruled.encodings.at("blocks.0.norm1").scale.size(), 1u);
}

TEST_F(BaselineTest, EightBitWeightsStayCloseToTheFloatNetwork) {
    quant::QuantizedModel model = test::runMethod("baseline", graph, images).state.model;
    EXPECT_TRUE(model.rewritten.empty());
    for (const graph::Site& site : graph::findSites(*graph))
        if (!site.isWeight()) model.encodings.erase(site.id);
    const at::Tensor logits = engine::forward(engine::Network(graph), images).flatten();
    const at::Tensor quantized = quant::QuantizedNetwork(model).forward(images).flatten();
    EXPECT_GT(at::cosine_similarity(logits, quantized, 0).item<double>(), 0.99);
}

}  // namespace
}  // namespace vitrine::methods
