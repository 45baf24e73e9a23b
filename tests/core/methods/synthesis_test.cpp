// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/synthesis.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "methods/parts/image_prior.h"
#include "quant/quantized_network.h"

namespace vitrine::methods {
namespace {

struct Loss {
    bool contrast = true;
    bool entropy = false;
    FeatureSource source = FeatureSource::floating;
    bool disagreement = false;
};

class SynthesisTest : public testing::TestWithParam<const char*> {
  protected:
    std::shared_ptr<const graph::Graph> graph = std::string(GetParam()) == "Vit" ? test::randomVit(1) : test::randomSwin(1);
    engine::Network network{graph};
    jobs::Control control;

    std::vector<WeightedLoss> losses(const Loss& loss = {}) const {
        std::vector<WeightedLoss> terms;
        if (loss.contrast) terms.push_back({contrastiveTerm(*graph, {}, loss.source), 1});
        if (loss.entropy) terms.push_back({patchEntropyTerm(*graph, {}), 1});
        if (loss.disagreement) terms.push_back({disagreementTerm(*graph), 1});
        terms.push_back({classTerm(*graph), 1});
        return terms;
    }

    static SynthesisSettings settings() {
        return {.count = 5, .iterations = 25, .rounds = 2, .learningRate = 0.1, .warmUp = 5, .jitter = {15, 30}, .chunk = 2, .snapshots = 4};
    }

    Synthesis make(const Loss& loss = {}, const SynthesisSettings& of = settings()) const {
        return {network, of, losses(loss), RandomStreams(7)};
    }

    void steps(Synthesis& synthesis, int count) const {
        for (int i = 0; i < count; ++i) synthesis.step(control);
    }
};

INSTANTIATE_TEST_SUITE_P(Networks, SynthesisTest, testing::Values("Vit", "Swin"), [](const auto& instance) { return instance.param; });

TEST_P(SynthesisTest, LossFallsAndImagesStayInTheBox) {
    const ValidBox box = validBox(graph->info);
    for (const Loss& loss : {Loss{}, Loss{.contrast = false, .entropy = true}}) {
        SynthesisSettings quiet = settings();
        quiet.jitter.clear();  // the same view in every iteration
        quiet.flip = 0;
        Synthesis synthesis = make(loss, quiet);
        synthesis.step(control);
        const double before = synthesis.loss();
        while (!synthesis.done()) {
            synthesis.step(control);
            EXPECT_TRUE(synthesis.images().ge(box.low).all().item<bool>());
            EXPECT_TRUE(synthesis.images().le(box.high).all().item<bool>());
        }
        EXPECT_LT(synthesis.loss(), before);
    }
}

TEST_P(SynthesisTest, RepeatsBitForBit) {
    Synthesis one = make({.entropy = true}), two = make({.entropy = true});
    steps(one, 8);
    steps(two, 8);
    EXPECT_TRUE(one.images().equal(two.images()));
    EXPECT_EQ(one.artefact(), two.artefact());
    Synthesis other(network, settings(), losses(), RandomStreams(8));
    EXPECT_FALSE(other.images().equal(make().images()));
}

// Adam divides by the size of a gradient, so that pixels whose gradient is nearly nothing turn rounding into steps. Without it the
// chunk is rounding alone.
TEST_P(SynthesisTest, ChunksAreRoundingAlone) {
    SynthesisSettings whole = settings();
    whole.chunk = 5;
    whole.epsilon = 1;  // steps in proportion to gradients
    SynthesisSettings parts = whole;
    parts.chunk = 2;
    Synthesis one = make({.entropy = true}, whole), two = make({.entropy = true}, parts);
    steps(one, 10);
    steps(two, 10);
    EXPECT_LT((one.images() - two.images()).abs().max().item<double>(), 2e-4);
}

TEST_P(SynthesisTest, ResumesFromEveryIterationToTheSameBytes) {
    Synthesis whole = make({.entropy = true});
    std::vector<MethodState> saved;
    while (!whole.done()) {
        if (whole.iteration() % 7 == 3) whole.save(saved.emplace_back());
        whole.step(control);
    }
    for (const MethodState& state : saved) {
        EXPECT_TRUE(Synthesis::isIn(state));
        Synthesis resumed = make({.entropy = true});
        resumed.restore(state);
        while (!resumed.done()) resumed.step(control);
        EXPECT_TRUE(resumed.images().equal(whole.images()));
        EXPECT_EQ(resumed.artefact(), whole.artefact());
    }
    MethodState wrong = saved.front();
    wrong.tensors.erase("synthesis/second");
    EXPECT_THROW(make().restore(wrong), Exception);
    wrong = saved.front();
    wrong.data["synthesis"]["made"] = "many";
    EXPECT_THROW(make().restore(wrong), Exception);
}

TEST_P(SynthesisTest, CancellingWithinAnIterationLeavesTheStateBeforeIt) {
    Synthesis synthesis = make(), whole = make();
    steps(synthesis, 3);
    steps(whole, 3);
    jobs::Control cancelled;
    cancelled.cancel();
    EXPECT_THROW(synthesis.step(cancelled), Exception);
    steps(synthesis, 3);
    steps(whole, 3);
    EXPECT_TRUE(synthesis.images().equal(whole.images()));
}

TEST_P(SynthesisTest, RunStopsAndPausesBetweenIterations) {
    Synthesis synthesis = make();
    jobs::Progress progress;
    jobs::Control stopped;
    stopped.stopAndKeep();
    int shown = 0;
    synthesis.run(stopped, progress, [] {}, [&] { ++shown; });
    EXPECT_EQ(synthesis.iteration(), 0);
    EXPECT_EQ(shown, 1);
    jobs::Control left;
    left.leave();
    int saves = 0;
    EXPECT_THROW(synthesis.run(left, progress, [&] { ++saves; }, [] {}), Exception);
    EXPECT_EQ(saves, 1);
    synthesis.run(control, progress, [] {}, [] {}, 10);
    EXPECT_EQ(synthesis.iteration(), 10);
    synthesis.run(control, progress, [] {}, [] {});
    EXPECT_TRUE(synthesis.done());
}

TEST_P(SynthesisTest, LooksAtTheQuantizedNetworkWhereAskedTo) {
    const auto model = test::runMethod("repq", graph, test::randomImages(*graph, 4, 3), {.parameters = {{"weight.bits", "4"}, {"activation.bits", "4"}}})
                           .state.model;
    const quant::QuantizedNetwork quantized(model);
    std::vector<at::Tensor> results;
    for (const FeatureSource source : {FeatureSource::floating, FeatureSource::quantized, FeatureSource::both}) {
        Synthesis synthesis = make({.source = source, .disagreement = source != FeatureSource::floating});
        if (source != FeatureSource::floating) {
            EXPECT_THROW(synthesis.step(control), Exception);
        }
        synthesis.setQuantized({.network = &quantized.network(), .hooks = quantized.hooks()});
        steps(synthesis, 5);
        EXPECT_TRUE(at::isfinite(synthesis.images()).all().item<bool>());
        results.push_back(synthesis.images().clone());
    }
    EXPECT_FALSE(results[0].equal(results[1]));
    EXPECT_FALSE(results[1].equal(results[2]));
}

TEST_P(SynthesisTest, NewSchedulesAndLossesGoOnFromTheImages) {
    Synthesis synthesis = make();
    steps(synthesis, 4);
    synthesis.restart(6, 1);
    EXPECT_EQ(synthesis.iterations(), 6);
    EXPECT_FALSE(synthesis.done());
    synthesis.setLosses(losses({.contrast = false, .entropy = true}));
    steps(synthesis, 6);
    EXPECT_TRUE(synthesis.done());
    const results::SyntheticImages shown = synthesis.artefact();
    EXPECT_EQ(shown.steps.size(), 10u);
    for (const auto& term : shown.terms) EXPECT_EQ(term.values.size(), shown.steps.size()) << term.name;
    EXPECT_EQ(shown.images.size(), 5u);
    EXPECT_EQ(shown.sheets.back().step, 10);
    EXPECT_EQ(static_cast<std::int64_t>(shown.sheets.back().rgb.size()),
              3 * shown.columns * shown.rows * shown.sheets.back().tileWidth * shown.sheets.back().tileHeight);
}

TEST_P(SynthesisTest, LongCurvesAreThinnedOut) {
    SynthesisSettings longer = settings();
    longer.iterations = 450;
    longer.rounds = 2;
    longer.count = 1;
    Synthesis synthesis = make({.contrast = false}, longer);
    while (!synthesis.done()) synthesis.step(control);
    const results::SyntheticImages shown = synthesis.artefact();
    EXPECT_LE(shown.steps.size(), 400u);
    EXPECT_GE(shown.steps.size(), 200u);
    for (std::size_t i = 1; i < shown.steps.size(); ++i) EXPECT_EQ(shown.steps[i] - shown.steps[i - 1], shown.steps[1]);
    EXPECT_LE(shown.sheets.size(), 16u);
}

}  // namespace
}  // namespace vitrine::methods
