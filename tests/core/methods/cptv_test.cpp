// SPDX-License-Identifier: GPL-3.0-or-later
// The promises of docs/methods.md for CPT-V, by their numbers there.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <set>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "methods/parts/attention_layers.h"
#include "methods/parts/start_model.h"

namespace vitrine::methods {
namespace {

class CptvOn : public ::testing::TestWithParam<const char*> {
  protected:
    std::shared_ptr<const graph::Graph> graph_ = std::string(GetParam()) == "Swin" ? test::randomSwin(2) : test::randomVit(2);
    std::vector<graph::Site> sites_ = graph::findSites(*graph_);
    at::Tensor images_ = test::randomImages(*graph_, 8, 3);

    test::RecordedRun run(std::map<std::string, std::string> parameters = {}, std::size_t stages = 99) const {
        parameters.emplace("start.method", "baseline");
        parameters.emplace("search.passes", "3");
        parameters.emplace("loss.batch", "4");
        return test::runMethod("cptv", graph_, images_, {.parameters = parameters, .stages = stages});
    }

    static const results::Trace& trace(const test::RecordedRun& run, const std::string& id) {
        return std::get<results::Trace>(run.artefacts.at(id).payload);
    }
};

TEST_P(CptvOn, T1TheBestLossNeverRises) {
    for (const char* loss : {"contrastive", "mse", "cosine", "kl"}) {
        const test::RecordedRun result = run({{"loss", loss}, {"search.mutation", "relative"}, {"search.amplitude", "0.1"}});
        const std::vector<double>& best = trace(result, "search.best").y;
        for (std::size_t i = 1; i < best.size(); ++i) EXPECT_LE(best[i], best[i - 1]) << loss << " at " << i;
        EXPECT_LT(best.back(), best.front()) << loss;  // noise of 10 % finds something better in 27 candidates
    }
}

TEST_P(CptvOn, T2OnlyScalesOfAttentionWeightsChange) {
    const quant::QuantizedModel before = run({}, 1).state.model, after = run().state.model;
    std::set<std::string> searched;
    for (const BlockPart& part : attentionParts(*graph_, sites_))
        for (const std::size_t site : part.weights) searched.insert(sites_[site].id);
    std::size_t changed = 0;
    for (const auto& [id, encoding] : before.encodings) {
        quant::Encoding now = after.encodings.at(id);
        if (searched.contains(id)) {
            changed += now.scale != encoding.scale;
            now.scale = encoding.scale;
        }
        EXPECT_EQ(now, encoding) << id;
    }
    EXPECT_GT(changed, 0u);
    EXPECT_EQ(before.graph, after.graph);
    EXPECT_EQ(before.rewritten, after.rewritten);
}

TEST_P(CptvOn, T3ScalesMoveByTheNoiseOfEveryVisitAtMost) {
    const quant::QuantizedModel before = run({}, 1).state.model, after = run().state.model;
    for (const auto& [id, encoding] : before.encodings)
        for (std::size_t i = 0; i < encoding.scale.size(); ++i) {
            const double moved = std::abs(after.encodings.at(id).scale[i] - encoding.scale[i]);
            EXPECT_LE(moved, 3 * 3 * 1e-3 + 1e-6) << id;  // 3 passes of 3 children, 4 bits
            EXPECT_GT(after.encodings.at(id).scale[i], 0);
        }
}

TEST_P(CptvOn, T5WithoutCyclesNothingChanges) {
    EXPECT_TRUE(test::identical(run({}, 1).state.model, run({{"search.cycles", "0"}}).state.model));
    EXPECT_TRUE(test::identical(run({}, 1).state.model, run({{"search.passes", "0"}}).state.model));
}

TEST_P(CptvOn, T6RepeatsWithItsSeed) { EXPECT_TRUE(test::identical(run().state.model, run().state.model)); }

TEST_P(CptvOn, T7MeasuresPassesTimesBlocksTimesOneMoreThanCycles) {
    const std::size_t blocks = attentionParts(*graph_, sites_).size();
    EXPECT_EQ(trace(run(), "search.candidates").y.size(), 3 * blocks * 4);
    EXPECT_EQ(trace(run({{"search.cycles", "1"}, {"search.blocks", "attention_and_mlp"}}), "search.candidates").y.size(),
              3 * 2 * blocks * 2);
}

TEST_P(CptvOn, SearchesMlpsAndActivationsWhenAsked) {
    const std::map<std::string, std::string> wide{{"search.blocks", "attention_and_mlp"}, {"search.activations", "true"},
                                                  {"search.mutation", "relative"}, {"search.passes", "6"}};
    const quant::QuantizedModel before = run({}, 1).state.model, after = run(wide).state.model;
    std::size_t mlp = 0, activations = 0;
    for (const BlockPart& part : mlpParts(*graph_, sites_)) {
        for (const std::size_t site : part.weights) mlp += after.encodings.at(sites_[site].id) != before.encodings.at(sites_[site].id);
        for (const std::size_t site : part.activations)
            activations += after.encodings.at(sites_[site].id) != before.encodings.at(sites_[site].id);
    }
    EXPECT_GT(mlp, 0u);
    EXPECT_GT(activations, 0u);
}

TEST_P(CptvOn, DoesNotDependOnTheMemoryOfItsCaches) {
    EXPECT_TRUE(test::identical(run().state.model, run({{"memory.cache", "1"}}).state.model));
}

INSTANTIATE_TEST_SUITE_P(Both, CptvOn, ::testing::Values("Vit", "Swin"));

TEST(AttentionParts, FollowFromTheGraph) {
    for (const auto& graph : {test::randomVit(1), test::randomSwin(1)}) {
        const std::vector<graph::Site> sites = graph::findSites(*graph);
        for (const BlockPart& part : attentionParts(*graph, sites)) {
            ASSERT_EQ(part.weights.size(), 2u);
            for (const std::size_t site : part.weights) EXPECT_NE(sites[site].id.find(".attn."), std::string::npos);
        }
        for (const BlockPart& part : mlpParts(*graph, sites)) {
            ASSERT_EQ(part.weights.size(), 2u);
            for (const std::size_t site : part.weights) EXPECT_NE(sites[site].id.find(".mlp."), std::string::npos);
        }
    }
}

TEST(Start, TakesSharedParametersThenItsOwn) {
    ParameterSet own(methodInfo("cptv").parameters);
    own.setText("weight.bits", "3");
    own.setText("start.set", "search.percentiles=0.9,0.99; repq.softmax=log2 ;");
    const ParameterSet start = startParameters(own);
    EXPECT_EQ(start.integer("weight.bits"), 3);
    EXPECT_EQ(start.integer("activation.bits"), 8);
    EXPECT_EQ(start.reals("search.percentiles"), (std::vector<double>{0.9, 0.99}));
    EXPECT_EQ(start.text("repq.softmax"), "log2");
    own.setText("start.set", "repq.softmax");
    EXPECT_THROW(startParameters(own), Exception);
    own.setText("start.set", "repq.sofmax=log2");
    EXPECT_THROW(startParameters(own), Exception);
}

TEST(Start, IsTheModelThatTheUserNamed) {
    const auto graph = test::randomVit(2);
    const at::Tensor images = test::randomImages(*graph, 4, 3);
    const quant::QuantizedModel named = test::runMethod("baseline", graph, images, {.parameters = {{"weight.bits", "5"}}}).state.model;
    const test::RecordedRun run = test::runMethod("cptv", graph, images, {.stages = 1, .start = &named});
    EXPECT_TRUE(test::identical(run.state.model, named));
}

}  // namespace
}  // namespace vitrine::methods
