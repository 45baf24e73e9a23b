// SPDX-License-Identifier: GPL-3.0-or-later
// The promises of docs/methods.md for CLAMP-ViT, by their numbers there.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "engine/tensors.h"
#include "methods/clampvit_allocation.h"
#include "methods/clampvit_layers.h"
#include "methods/parts/bit_budget.h"
#include "methods/parts/image_prior.h"
#include "methods/parts/synthesis.h"

namespace vitrine::methods {
namespace {

using results::SearchHistory;
using results::SyntheticImages;

class ClampVitOn : public ::testing::TestWithParam<const char*> {
  protected:
    std::shared_ptr<const graph::Graph> graph_ = std::string(GetParam()) == "Swin" ? test::randomSwin(2) : test::randomVit(2);
    std::vector<graph::Site> sites_ = graph::findSites(*graph_);
    at::Tensor given_ = test::randomImages(*graph_, 6, 3);

    using Parameters = std::map<std::string, std::string>;

    static Parameters small(Parameters parameters) {
        parameters.merge(Parameters{{"synthesis.count", "4"}, {"synthesis.iterations", "6"}, {"search.cycles", "3"},
                                    {"search.passes", "2"}, {"refresh.iterations", "2"}});
        return parameters;
    }

    test::RecordedRun run(Parameters parameters = {}, std::size_t stages = 99) const {
        return test::runMethod("clampvit", graph_, given_, {.parameters = small(std::move(parameters)), .stages = stages});
    }

    static const SearchHistory& history(const test::RecordedRun& run) {
        return std::get<SearchHistory>(run.artefacts.at("search.history").payload);
    }
};

/// T2 and T3, which neighbours attract, are promises of PositiveNeighbours (patch_losses_test.cpp).
TEST_P(ClampVitOn, T1TheLossOfTheImagesFalls) {
    const auto meanLoss = [](const SyntheticImages& images, std::size_t step) {
        double sum = 0;
        for (const SyntheticImages::Term& term : images.terms)
            for (const double value : term.values.at(step)) sum += term.weight * value;
        return sum;
    };
    // The same view in every iteration, so that losses of different ones compare.
    const test::RecordedRun result = run({{"synthesis.iterations", "50"}, {"synthesis.jitter", "0"}, {"synthesis.flip", "0"}}, 1);
    const auto& images = std::get<SyntheticImages>(result.artefacts.at("synthesis.images").payload);
    std::set<std::string> names;
    for (const SyntheticImages::Term& term : images.terms) names.insert(term.name);
    EXPECT_GE(names.size(), 2u) << "contrast and class";
    EXPECT_LT(meanLoss(images, images.steps.size() - 1), 0.9 * meanLoss(images, 0));
}

TEST_P(ClampVitOn, T4TheBestOfAVisitNeverRisesWhileTheImagesStay) {
    for (const char* fitness : {"contrastive", "mse", "kl", "cosine"}) {
        const test::RecordedRun result = run({{"images", "given"}, {"fitness", fitness}, {"search.amplitude", "0.1"}, {"search.cycles", "5"}});
        const SearchHistory& told = history(result);
        std::size_t improved = 0;
        for (std::size_t i = 1; i < told.candidates.size(); ++i) {
            const auto& before = told.candidates[i - 1];
            const auto& now = told.candidates[i];
            if (before.target != now.target || before.pass != now.pass) continue;
            EXPECT_LE(now.best, before.best) << fitness << " at " << now.evaluation;
            EXPECT_LE(now.best, now.worst);
            improved += now.best < before.best;
        }
        EXPECT_GT(improved, 0u) << fitness;
    }
}

TEST_P(ClampVitOn, ChangesThatMayBeChanceAreNotKept) {
    const auto changedLayers = [&](const char* confidence) {
        const test::RecordedRun result = run({{"images", "given"}, {"search.cycles", "5"}, {"search.passes", "1"}, {"search.confidence", confidence}});
        const auto& sites = history(result).sites;
        return std::count_if(sites.begin(), sites.end(), [](const auto& site) { return site.role == "weight" && site.scalesBefore != site.scalesAfter; });
    };
    EXPECT_GT(changedLayers("0"), changedLayers("2"));
    EXPECT_EQ(changedLayers("10"), 0) << "ten standard errors";
}

/// What is left of a visit after new images is what a fresh measurement on them gives.
TEST_P(ClampVitOn, T5NewImagesMakeEveryFitnessAnew) {
    const Parameters parameters = small({{"refresh.scope", "layer"}, {"search.cycles", "2"}});
    const test::RecordedRun prepared = test::runMethod("clampvit", graph_, given_, {.parameters = parameters, .stages = 3});
    ParameterSet set(methodInfo("clampvit").parameters);
    for (const auto& [key, text] : parameters) set.setText(key, text);
    const quant::Policy policy = methodInfo("clampvit").policy(set);
    const engine::Network network(graph_);
    const RandomStreams random(1);
    jobs::Control control;
    jobs::Progress progress;
    MethodContext context{.network = network, .parameters = set, .policy = policy, .data = nullptr, .random = random,
                          .control = control, .progress = progress, .emit = {}, .saveCheckpoint = {}, .checkpoint = {}};
    std::size_t checked = 0;
    const at::NoGradGuard noGradient;
    for (const MethodState& checkpoint : run(parameters).checkpoints) {
        const bool isFresh = checkpoint.data.at("renewed") && checkpoint.data.at("renewal") == 0 && checkpoint.data.at("cycle") == 1 &&
                             checkpoint.data.at("waiting").empty();
        if (!isFresh || checked == 4) continue;
        clamp::Layers layers(context, prepared.state.model);
        quant::QuantizedModel model = prepared.state.model;
        layers.restoreRanges(checkpoint, model);
        for (std::size_t i = 0; i < layers.all().size(); ++i) {
            const std::string& id = layers.idOf(layers.all()[i]);
            const Individual kept{.scales = checkpoint.tensors.at("scale/" + id).toFloats(), .bits = checkpoint.data.at("bits").at(id)};
            for (const auto& [site, encoding] : layers.encodings(i, kept)) model.encodings[sites_[site].id] = encoding;
        }
        Synthesis synthesis(network, synthesisSettings(set), {}, random);
        synthesis.restore(checkpoint);
        CandidateEvaluator evaluator(network, model, synthesis.images(),
                                     {.probes = clamp::fitnessProbes(*graph_, set), .lossBatch = 4, .chunk = 16}, control);
        const Population population = Population::fromJson(checkpoint.data.at("population"));
        EXPECT_GT(population.members().size(), 1u);
        for (const Individual& each : population.members())
            EXPECT_EQ(each.fitness, evaluator.measure(layers.encodings(checkpoint.data.at("layer"), each), clamp::fitnessLoss(set)));
        ++checked;
    }
    EXPECT_GT(checked, 0u);
}

TEST_P(ClampVitOn, T6FixedPrecisionNeverChangesBits) {
    const test::RecordedRun result = run({{"weight.bits", "3"}, {"search.passes", "1"}});
    for (const graph::Site& site : sites_) {
        const int bits = result.state.model.encodings.at(site.id).bits;
        EXPECT_EQ(bits, site.isWeight() ? 3 : 8) << site.id;
    }
    for (const auto& candidate : history(result).candidates) EXPECT_EQ(candidate.bits, 3);
    EXPECT_EQ(history(result).rejected, 0);
}

TEST_P(ClampVitOn, T6MixedPrecisionStaysWithinItsWidthsAndItsBudget) {
    const BitBudget plain(*graph_, sites_, {});
    SiteBits five;
    for (const graph::Site& site : sites_) five.push_back(site.isWeight() ? 5 : 8);
    const BitUsage at5 = plain.usage(five);
    for (const Parameters& budget : {Parameters{{"budget.weight_bits", "4.3"}},
                                     Parameters{{"budget.weight_bits", "0"}, {"budget.size", std::to_string(at5.sizeBytes / 1e6)}},
                                     Parameters{{"budget.weight_bits", "0"}, {"budget.bops", std::to_string(at5.bops / 1e9)}}}) {
        Parameters parameters = budget;
        parameters.merge(Parameters{{"precision", "mixed"}, {"images", "given"}, {"bits.minimum", "3"}, {"search.initial", "3"}, {"search.confidence", "0"}});
        const test::RecordedRun result = run(parameters);
        std::set<int> widths;
        for (const graph::Site& site : sites_)
            if (site.isWeight()) widths.insert(result.state.model.encodings.at(site.id).bits);
        EXPECT_GE(*widths.begin(), 3);
        EXPECT_LE(*widths.rbegin(), 8);
        EXPECT_GT(widths.size(), 1u);
        const quant::Cost cost = quant::cost(*graph_, result.state.model.encodings);
        EXPECT_GT(history(result).rejected, 0);
        bool limited = false;
        for (const SearchHistory::Budget& each : history(result).budgets) {
            if (!each.allowed) continue;
            limited = true;
            EXPECT_LE(each.used, *each.allowed) << each.measure;
            if (each.measure == "weight_bits") {
                EXPECT_DOUBLE_EQ(each.used, cost.averageWeightBits);
            }
        }
        EXPECT_TRUE(limited);
    }
}

TEST_P(ClampVitOn, ActivationsFollowTheSensitivityOfTheirLayers) {
    const test::RecordedRun result = run({{"precision", "mixed"}, {"images", "given"}, {"activation.width", "sensitivity"},
                                          {"budget.weight_bits", "4.5"}, {"search.passes", "1"}});
    const auto& encodings = result.state.model.encodings;
    std::set<int> offsets;
    for (const graph::Node& node : graph_->nodes) {
        if (node.op != graph::Op::linear) continue;
        const auto activation = encodings.find(graph_->value(node.inputs[0]).id);
        const auto weight = encodings.find(graph_->value(node.inputs[1]).id);
        if (activation == encodings.end() || weight == encodings.end()) continue;
        EXPECT_GE(activation->second.bits, 4);
        EXPECT_LE(activation->second.bits, 8);
        if (activation->second.bits > 4 && activation->second.bits < 8) offsets.insert(activation->second.bits - weight->second.bits);
    }
    for (const int offset : offsets) EXPECT_TRUE(offset == 1 || offset == 2) << offset;
    EXPECT_FALSE(offsets.empty());
}

TEST_P(ClampVitOn, PressureInsteadOfABound) {
    const test::RecordedRun result = run({{"precision", "mixed"}, {"images", "given"}, {"budget.form", "pressure"}, {"budget.pressure", "5"},
                                          {"search.initial", "4"}});
    for (const SearchHistory::Budget& each : history(result).budgets) EXPECT_FALSE(each.allowed);
    EXPECT_EQ(history(result).rejected, 0);
    EXPECT_LT(quant::cost(*graph_, result.state.model.encodings).averageWeightBits, 5);
}

TEST_P(ClampVitOn, RulesOfTheUserKeepTheirWidths) {
    const test::RecordedRun result =
        test::runMethod("clampvit", graph_, given_, {.parameters = small({{"precision", "mixed"}, {"images", "given"}, {"budget.weight_bits", "0"}}),
                                                     .rules = {{"head*.weight", quant::QuantizerSpec{.bits = 7, .granularity = quant::Granularity::channel}},
                                                               {"*.fc1.weight", std::nullopt}}});
    for (const graph::Site& site : sites_) {
        if (graph::matchesPattern(site.id, "head*.weight")) {
            EXPECT_EQ(result.state.model.encodings.at(site.id).bits, 7);
        }
        if (graph::matchesPattern(site.id, "*.fc1.weight")) {
            EXPECT_FALSE(result.state.model.encodings.contains(site.id));
        }
    }
}

TEST_P(ClampVitOn, T7TheFloatNetworkItselfIsNearTheLeastLoss) {
    const at::NoGradGuard noGradient;
    const engine::Network network(graph_);
    ParameterSet set(methodInfo("clampvit").parameters);
    const CandidateEvaluator::Loss loss = clamp::fitnessLoss(set);
    std::vector<at::Tensor> rows;
    for (const graph::ValueId probe : clamp::fitnessProbes(*graph_, set))
        rows.push_back(engine::evaluate(network, {{graph_->input, given_}}, {&probe, 1}).at(probe).flatten(1));
    const double exact = loss(rows, rows);
    Random random(4);
    for (int i = 0; i < 20; ++i) {
        std::vector<at::Tensor> disturbed;
        for (const at::Tensor& each : rows) {
            at::Tensor noise = at::empty_like(each);
            float* values = noise.data_ptr<float>();
            for (std::int64_t k = 0; k < noise.numel(); ++k) values[k] = static_cast<float>(random.normal());
            disturbed.push_back(each + noise * each.std());
        }
        EXPECT_LT(exact, loss(disturbed, rows));
    }
}

TEST_P(ClampVitOn, T8ImagesStayInTheValidBox) {
    const test::RecordedRun result = run({{"refresh.scope", "layer"}, {"search.passes", "1"}});
    const MethodState& last = result.checkpoints.back();
    const engine::Network network(graph_);
    Synthesis synthesis(network, {.count = 4}, {}, RandomStreams(1));
    synthesis.restore(last);
    const ValidBox box = validBox(graph_->info);
    EXPECT_TRUE((synthesis.images() >= box.low - 1e-5).all().item<bool>());
    EXPECT_TRUE((synthesis.images() <= box.high + 1e-5).all().item<bool>());
}

/// With ranges that are fitted, whether widths were chosen by layers or one fits all.
TEST_P(ClampVitOn, T10MixedWidthsAreNoWorseThanOneForAll) {
    ParameterSet set(methodInfo("clampvit").parameters);
    const engine::Network network(graph_);
    const RandomStreams random(1);
    jobs::Control control;
    jobs::Progress progress;
    const at::NoGradGuard noGradient;
    for (const auto& [budget, narrowest, loss] :
         {std::tuple{3, "2", "logits"}, {3, "2", "fitness"}, {4, "2", "fitness"}, {4, "2", "logits"}, {5, "4", "logits"}}) {
        const Parameters parameters = small({{"precision", "mixed"}, {"images", "given"}, {"bits.minimum", narrowest}, {"sensitivity.loss", loss},
                                             {"budget.weight_bits", std::to_string(budget)}});
        for (const auto& [key, text] : parameters) set.setText(key, text);
        const quant::Policy policy = methodInfo("clampvit").policy(set);
        MethodContext context{.network = network, .parameters = set, .policy = policy, .data = nullptr, .random = random,
                              .control = control, .progress = progress, .emit = {}, .saveCheckpoint = {}, .checkpoint = {}};
        const quant::QuantizedModel chosen = run(parameters, 3).state.model;
        clamp::Layers layers(context, chosen);
        CandidateEvaluator evaluator = clamp::makeSensitivityEvaluator(chosen, context, given_);
        SiteEncodings mixed, uniform;
        for (std::size_t i = 0; i < layers.all().size(); ++i) {
            const std::size_t site = layers.all()[i].site;
            mixed.emplace(site, chosen.encodings.at(sites_[site].id));
            uniform.emplace(site, layers.encodings(i, {.scales = layers.first(i, budget).scale, .bits = budget}).at(site));
        }
        const CandidateEvaluator::Loss measure = clamp::sensitivityLoss(set);
        EXPECT_LE(evaluator.measure(mixed, measure), evaluator.measure(uniform, measure)) << budget << " " << loss;
    }
}

TEST_P(ClampVitOn, NeedsNoImagesUnlessTheyAreGiven) {
    EXPECT_FALSE(methodInfo("clampvit").needsData);
    EXPECT_THROW(test::runMethod("clampvit", graph_, at::empty({0, 3, 16, 16}), {.parameters = {{"images", "given"}}}), Exception);
}

TEST_P(ClampVitOn, EveryCalibrationOfActivationsWorks) {
    for (const char* calibration : {"minmax", "percentile", "omse"})
        for (const char* range : {"minmax", "omse"}) {
            const auto encodings =
                run({{"images", "given"}, {"activation.calibration", calibration}, {"weight.range", range}, {"search.passes", "1"}})
                    .state.model.encodings;
            EXPECT_EQ(encodings.size(), sites_.size());
        }
}

TEST_P(ClampVitOn, TheCycleChangesTheResult) {
    const quant::QuantizedModel never = run({{"refresh.scope", "never"}}).state.model;
    EXPECT_FALSE(test::identical(never, run({{"refresh.scope", "layer"}}).state.model));
    EXPECT_FALSE(test::identical(never, run({{"refresh.scope", "pass"}}).state.model));
}

TEST_P(ClampVitOn, RangesBehindGelusOnlyGrow) {
    std::size_t grown = 0;
    // Starts that cut off a third of the values, or nearly half, have something to gain.
    for (const auto& [bits, percentile] : {std::pair{"4", "0.7"}, {"8", "0.55"}}) {
        const Parameters parameters{{"images", "given"}, {"search.passes", "1"}, {"weight.bits", bits},
                                    {"start.set", std::string("search.post_gelu=value_error; search.percentiles=") + percentile}};
        Parameters none = parameters;
        none.merge(Parameters{{"activation.search", "none"}});
        const test::RecordedRun start = run(parameters, 3), end = run(parameters), kept = run(none);
        for (const graph::Site& site : sites_) {
            if (site.role != graph::Role::postGelu) continue;
            const quant::Encoding& before = start.state.model.encodings.at(site.id);
            const double high = quant::interval(before, 0).high, after = quant::interval(end.state.model.encodings.at(site.id), 0).high;
            EXPECT_GE(after, high - before.scale[0]) << site.id;
            grown += after > high * 1.4;
            EXPECT_EQ(kept.state.model.encodings.at(site.id), before);
        }
    }
    EXPECT_GT(grown, 0u);
}

TEST_P(ClampVitOn, ActivationsAreCalibratedAnewBehindWhatChanged) {
    const Parameters parameters{{"images", "given"}, {"activation.search", "none"}, {"fitness", "mse"}, {"search.amplitude", "0.1"}, {"search.cycles", "12"}, {"search.passes", "3"}, {"search.confidence", "0"}};
    Parameters never = parameters;
    never.merge(Parameters{{"activation.recompute", "false"}});
    const auto activations = [&](const test::RecordedRun& run) {
        std::map<std::string, quant::Encoding> encodings;
        for (const graph::Site& site : sites_)
            if (!site.isWeight()) encodings.emplace(site.id, run.state.model.encodings.at(site.id));
        return encodings;
    };
    const auto start = activations(run(parameters, 3));
    EXPECT_EQ(activations(run(never)), start);
    EXPECT_NE(activations(run(parameters)), start);
}

TEST_P(ClampVitOn, HandsOnTheImagesThatItMade) {
    const test::RecordedRun result = run({{"search.passes", "1"}});
    EXPECT_EQ(result.state.tensors.at(kMadeImages).shape, (Shape{4, 3, given_.size(2), given_.size(3)}));
    EXPECT_FALSE(run({{"images", "given"}, {"search.passes", "1"}}).state.tensors.contains(kMadeImages));
}

INSTANTIATE_TEST_SUITE_P(Both, ClampVitOn, ::testing::Values("Vit", "Swin"));

TEST(WithBits, KeepsTheInterval) {
    const quant::Encoding eight{.bits = 8, .qmin = 0, .qmax = 255, .scale = {0.1F}, .zeroPoint = {30}};
    const quant::Encoding five = clamp::withBits(eight, 5);
    EXPECT_EQ(five.bits, 5);
    EXPECT_EQ(five.qmax, 31);
    EXPECT_NEAR(quant::interval(five, 0).low, -3, 0.5);
    EXPECT_NEAR(quant::interval(five, 0).high, 22.5, 0.5);
    EXPECT_NO_THROW(quant::validate(five));
    const quant::Encoding log{.kind = quant::QuantizerKind::logSqrt2, .bits = 8, .qmin = 0, .qmax = 255, .scale = {0.9F}, .zeroPoint = {}};
    EXPECT_EQ(clamp::withBits(log, 4).qmax, 15);
    EXPECT_EQ(clamp::withBits(log, 4).scale, log.scale);
    EXPECT_NO_THROW(quant::validate(clamp::withBits(log, 4)));
}

}  // namespace
}  // namespace vitrine::methods
