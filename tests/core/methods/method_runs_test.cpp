// SPDX-License-Identifier: GPL-3.0-or-later
// What every method promises: it finishes, repeats bit for bit, resumes, stops early with a whole model, and can be cancelled.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "quant/quantized_network.h"

namespace vitrine::methods {
namespace {

struct Case {
    std::string name;
    std::string method;
    std::shared_ptr<const graph::Graph> graph;
    std::map<std::string, std::string> parameters;
};

std::vector<Case> cases() {
    std::vector<Case> result;
    for (const auto& [network, graph] : {std::pair{"Vit", test::randomVit(1)}, {"Swin", test::randomSwin(1)}}) {
        result.push_back({std::string("Baseline") + network, "baseline", graph, {{"calibration.batch", "2"}}});
        result.push_back({std::string("Omse") + network, "baseline", graph,
                          {{"calibration.batch", "2"}, {"activation.observer", "omse"}, {"weight.observer", "omse"}}});
        result.push_back({std::string("Repq") + network, "repq", graph, {}});
        result.push_back({std::string("RepqCompat") + network, "repq", graph, {{"repq.compat", "true"}}});
        result.push_back({std::string("Cptv") + network, "cptv", graph, {{"search.passes", "2"}, {"loss.batch", "4"}}});
        result.push_back({std::string("Ptf") + network, "baseline", graph, {{"calibration.batch", "2"}, {"activation.ptf", "true"}}});
        result.push_back({std::string("CptvOnBaseline") + network, "cptv", graph,
                          {{"start.method", "baseline"}, {"search.passes", "1"}, {"loss.batch", "4"}}});
        result.push_back({std::string("CptvOnFqVit") + network, "cptv", graph,
                          {{"start.method", "baseline"}, {"search.passes", "1"}, {"loss.batch", "4"}, {"weight.bias_correction", "true"},
                           {"start.set", "weight.observer=omse; weight.symmetric=false; activation.observer=omse; activation.ptf=true"}}});
        result.push_back({std::string("CptvWide") + network, "cptv", graph,
                          {{"search.passes", "1"}, {"loss.batch", "6"}, {"search.blocks", "attention_and_mlp"},
                           {"search.activations", "true"}, {"search.mutation", "relative"}, {"weight.bias_correction", "true"}}});
        const std::map<std::string, std::string> few{
            {"synthesis.count", "4"}, {"synthesis.iterations", "5"}, {"synthesis.rounds", "1"}, {"synthesis.warmup", "1"}};
        result.push_back({std::string("Noise") + network, "noise", graph, {{"synthesis.count", "4"}}});
        result.push_back({std::string("Psaq") + network, "psaq", graph, few});
        result.push_back({std::string("Psaq2") + network, "psaq2", graph, few});
        std::map<std::string, std::string> lessons = few;
        lessons.insert({{"psaq2.student_every", "2"}, {"psaq2.student_steps", "2"}, {"psaq2.student_rate", "0.0001"}, {"start.method", "baseline"}});
        result.push_back({std::string("Psaq2Lessons") + network, "psaq2", graph, lessons});
        result.push_back({std::string("ClampVit") + network, "clampvit", graph,
                          {{"synthesis.count", "4"}, {"synthesis.iterations", "3"}, {"search.passes", "1"}, {"search.cycles", "2"},
                           {"refresh.scope", "layer"}, {"refresh.iterations", "1"}}});
        result.push_back({std::string("ClampVitMixed") + network, "clampvit", graph,
                          {{"synthesis.count", "4"}, {"synthesis.iterations", "2"}, {"search.passes", "2"}, {"search.cycles", "1"},
                           {"refresh.iterations", "1"}, {"precision", "mixed"}, {"bits.minimum", "4"}, {"bits.maximum", "6"},
                           {"activation.width", "sensitivity"}}});
        result.push_back({std::string("RepqFloat") + network, "repq", graph, {{"calibration.prefix", "float"}}});
    }
    return result;
}

class EveryMethod : public testing::TestWithParam<Case> {
  protected:
    const Case& c = GetParam();
    const at::Tensor images = test::randomImages(*c.graph, 6, 2);

    test::RecordedRun run(test::RunOptions options = {}) const {
        options.parameters = c.parameters;
        return test::runMethod(c.method, c.graph, images, options);
    }

    /// Every site has a valid quantizer, and the network computes finite logits.
    void expectWhole(const quant::QuantizedModel& model) const {
        for (const graph::Site& site : graph::findSites(*c.graph)) {
            ASSERT_TRUE(model.encodings.contains(site.id)) << site.id;
            EXPECT_NO_THROW(quant::validate(model.encodings.at(site.id))) << site.id;
        }
        EXPECT_TRUE(at::isfinite(quant::QuantizedNetwork(model).forward(images)).all().item<bool>());
    }

    /// What a resumed run tells again is as complete as the first time.
    static void expectSameArtefacts(const test::RecordedRun& whole, const test::RecordedRun& resumed) {
        for (const auto& [id, artefact] : resumed.artefacts) {
            const auto& first = whole.artefacts.at(id).payload;
            if (const auto* intervals = std::get_if<results::Intervals>(&artefact.payload)) {
                EXPECT_EQ(intervals->rows.size(), std::get<results::Intervals>(first).rows.size()) << id;
            }
            if (const auto* trace = std::get_if<results::Trace>(&artefact.payload)) {
                EXPECT_EQ(trace->x, std::get<results::Trace>(first).x) << id;
                EXPECT_EQ(trace->y, std::get<results::Trace>(first).y) << id;
            }
            if (const auto* history = std::get_if<results::SearchHistory>(&artefact.payload)) {
                EXPECT_EQ(*history, std::get<results::SearchHistory>(first)) << id;
            }
        }
    }
};

TEST_P(EveryMethod, FinishesWithAWholeModel) {
    const test::RecordedRun result = run();
    expectWhole(result.state.model);
    EXPECT_TRUE(result.artefacts.contains("calibration.intervals"));
}

TEST_P(EveryMethod, RepeatsBitForBit) { EXPECT_TRUE(test::identical(run().state.model, run().state.model)); }

TEST_P(EveryMethod, ResumesFromEveryCheckpointToTheSameBytes) {
    const test::RecordedRun whole = run();
    for (std::size_t stage = 0; stage < method(c.method).info().stages.size(); ++stage)
        for (const MethodState& checkpoint : run({.stages = stage + 1}).checkpoints) {
            const test::RecordedRun resumed = run({.checkpoint = checkpoint, .checkpointStage = stage});
            EXPECT_TRUE(test::identical(whole.state.model, resumed.state.model));
            expectSameArtefacts(whole, resumed);
        }
}

TEST_P(EveryMethod, StopsEarlyWithAWholeModelAfterEachStage) {
    for (std::size_t stages = 1; stages <= method(c.method).info().stages.size(); ++stages) {
        jobs::Control control;
        control.stopAndKeep();
        expectWhole(run({.stages = stages, .control = &control}).state.model);
    }
}

TEST_P(EveryMethod, EndsWhenCancelledBeforeOrWithin) {
    jobs::Control before;
    before.cancel();
    EXPECT_THROW(run({.control = &before}), Exception);
    const std::size_t checkpoints = run({.stages = 1}).checkpoints.size();
    for (std::size_t at = 1; at <= checkpoints; ++at) {
        jobs::Control within;
        std::size_t seen = 0;
        const auto cancel = [&] { if (++seen == at) within.cancel(); };
        EXPECT_THROW(run({.control = &within, .onCheckpoint = cancel}), Exception);
        EXPECT_EQ(seen, at);
    }
}

INSTANTIATE_TEST_SUITE_P(Runs, EveryMethod, testing::ValuesIn(cases()), [](const auto& instance) { return instance.param.name; });

TEST(Methods, NeedImages) {
    const auto graph = test::randomVit(1);
    EXPECT_THROW(test::runMethod("baseline", graph, at::empty({0, 3, 16, 16})), Exception);
    EXPECT_THROW(test::runMethod("repq", graph, at::empty({0, 3, 16, 16})), Exception);
}

TEST(Methods, ScopeFollowsTheParameters) {
    const auto graph = test::randomVit(1);
    const at::Tensor images = test::randomImages(*graph, 2, 2);
    for (const std::string id : {"baseline", "repq"}) {
        const auto encodings = test::runMethod(id, graph, images, {.parameters = {{"weight.bits", "3"}, {"activation.bits", "5"},
            {"scope.head", "float"}, {"scope.softmax", "8bit"}, {"scope.patch_weight", "8bit"}}}).state.model.encodings;
        EXPECT_FALSE(encodings.contains("head.weight"));
        EXPECT_FALSE(encodings.contains("head.cls"));
        EXPECT_EQ(encodings.at("input").bits, 8);
        EXPECT_EQ(encodings.at("patch_embed.proj.weight").bits, 8);
        EXPECT_EQ(encodings.at("blocks.0.attn.softmax").bits, 8);
        EXPECT_EQ(encodings.at("blocks.0.attn.q").bits, 5);
        EXPECT_EQ(encodings.at("blocks.1.mlp.fc2.weight").bits, 3);
    }
}

}  // namespace
}  // namespace vitrine::methods
