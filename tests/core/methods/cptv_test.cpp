// SPDX-License-Identifier: GPL-3.0-or-later
// The promises of docs/methods.md for CPT-V, by their numbers there.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <thread>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "methods/parts/attention_layers.h"
#include "methods/parts/output_loss.h"
#include "methods/parts/start_model.h"
#include "quant/quantized_network.h"

namespace vitrine::methods {
namespace {

/// What the user does in the middle of a search.
struct Intervention {
    std::size_t at;
    std::function<void(jobs::Control&)> act;
};

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

    /// A search on a given start in which the user does something after measurement number `at`.
    test::RecordedRun interfered(const Intervention& user, jobs::Control& control, std::size_t& seen) const {
        const quant::QuantizedModel start = run({}, 1).state.model;
        const auto onArtefact = [&](const std::string& id) { if (id == "search.best" && ++seen == user.at) user.act(control); };
        return test::runMethod("cptv", graph_, images_, {.parameters = {{"search.passes", "3"}, {"loss.batch", "4"}},
                                                         .control = &control, .onArtefact = onArtefact, .start = &start});
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

TEST_P(CptvOn, ItsLastLossIsThatOfTheModelItLeaves) {
    const at::NoGradGuard noGradient;
    const engine::Network floating(graph_);
    for (const char* corrected : {"false", "true"})
        for (const char* start : {"baseline", "repq"}) {
            const test::RecordedRun result = run({{"loss.batch", "8"}, {"weight.bias_correction", corrected}, {"start.method", start},
                                                  {"search.mutation", "relative"}, {"search.amplitude", "0.1"}});
            const at::Tensor quantized = quant::QuantizedNetwork(result.state.model).forward(images_);
            const double loss = outputLoss(OutputLoss::contrastive, quantized, engine::forward(floating, images_), 3).item<double>();
            const std::vector<double>& best = trace(result, "search.best").y;
            EXPECT_NEAR(best.back(), loss, 2e-5);  // single precision, and corrected weights are stored as codes
            EXPECT_GT(best.front() - best.back(), 1e-4) << "the search found nothing: the test above says little";
        }
}

TEST_P(CptvOn, AVisitBeginsWithTheBestOfTheOneBefore) {
    const test::RecordedRun result = run({{"search.mutation", "relative"}, {"search.amplitude", "0.1"}});
    const std::vector<double>& best = trace(result, "search.best").y;
    const std::vector<double>& tried = trace(result, "search.candidates").y;
    for (std::size_t visit = 4; visit < best.size(); visit += 4) EXPECT_EQ(tried[visit], best[visit - 1]);
    // With visits of no children every one of them is measured alone: the known loss is the measured one.
    const quant::QuantizedModel left = result.state.model;
    const test::RecordedRun next = test::runMethod("cptv", graph_, images_,
        {.parameters = {{"loss.batch", "4"}, {"search.passes", "1"}, {"search.cycles", "0"}}, .start = &left});
    EXPECT_EQ(trace(next, "search.candidates").y.front(), best.back());
}

TEST_P(CptvOn, StopsInTheMiddleWithTheBestSoFar) {
    const test::RecordedRun whole = run();
    for (const std::size_t at : {1u, 6u, 11u}) {
        jobs::Control control;
        std::size_t seen = 0;
        const test::RecordedRun stopped = interfered({at, [](jobs::Control& c) { c.stopAndKeep(); }}, control, seen);
        EXPECT_EQ(seen, at);
        EXPECT_TRUE(control.endedEarly());
        const std::vector<double>&all = trace(whole, "search.best").y, &best = trace(stopped, "search.best").y;
        ASSERT_EQ(best.size(), at);
        EXPECT_TRUE(std::equal(best.begin(), best.end(), all.begin()));
        const test::RecordedRun next = test::runMethod("cptv", graph_, images_,
            {.parameters = {{"loss.batch", "4"}, {"search.passes", "1"}, {"search.cycles", "0"}}, .start = &stopped.state.model});
        EXPECT_EQ(trace(next, "search.candidates").y.front(), best.back()) << "the best is not what was left";
    }
}

TEST_P(CptvOn, PausesInTheMiddleAndGoesOnAsIfNothingHadBeen) {
    const test::RecordedRun whole = run();
    for (const std::size_t at : {1u, 6u, 11u}) {
        std::jthread user;
        int waits = 0;
        jobs::Control* shared = nullptr;
        jobs::Control control([&](bool waiting) {
            if (!waiting) return;
            ++waits;
            user = std::jthread([shared] { shared->resume(); });
        });
        shared = &control;
        std::size_t seen = 0;
        const test::RecordedRun paused = interfered({at, [](jobs::Control& c) { c.pause(); }}, control, seen);
        EXPECT_EQ(waits, 1);
        EXPECT_TRUE(test::identical(paused.state.model, whole.state.model));
        EXPECT_EQ(trace(paused, "search.candidates").y, trace(whole, "search.candidates").y);
    }
}

TEST_P(CptvOn, EndsInTheMiddleWhenCancelled) {
    for (const std::size_t at : {1u, 6u, 11u}) {
        jobs::Control control;
        std::size_t seen = 0;
        EXPECT_THROW(interfered({at, [](jobs::Control& c) { c.cancel(); }}, control, seen), Exception);
        EXPECT_EQ(seen, at);
    }
}

TEST_P(CptvOn, IsLeftInTheMiddleAndTakenUpThere) {
    const quant::QuantizedModel start = run({}, 1).state.model;
    test::RunOptions options{.parameters = {{"search.passes", "3"}, {"loss.batch", "4"}}, .start = &start};
    const test::RecordedRun whole = test::runMethod("cptv", graph_, images_, options);
    const std::size_t evaluations = trace(whole, "search.best").y.size();
    for (std::size_t at = 1; at < evaluations; at += 4) {
        // Stopped there, the last checkpoint is the one that leaving writes: it is the newest there can be.
        jobs::Control control;
        std::optional<MethodState> left;
        std::size_t seen = 0;
        test::RunOptions leaving = options;
        leaving.control = &control;
        leaving.onArtefact = [&](const std::string& id) { if (id == "search.best" && ++seen == at) control.leave(); };
        leaving.onState = [&](const MethodState& state) { left = state; };
        EXPECT_THROW(test::runMethod("cptv", graph_, images_, leaving), Exception);
        ASSERT_TRUE(left);
        EXPECT_EQ(left->data.at("evaluations"), at);
        test::RunOptions resuming = options;
        resuming.checkpoint = left;
        resuming.checkpointStage = 1;
        const test::RecordedRun resumed = test::runMethod("cptv", graph_, images_, resuming);
        EXPECT_TRUE(test::identical(resumed.state.model, whole.state.model)) << at;
        EXPECT_EQ(trace(resumed, "search.candidates").y, trace(whole, "search.candidates").y);
    }
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
