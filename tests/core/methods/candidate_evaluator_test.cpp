// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/candidate_evaluator.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <optional>
#include <set>

#include "base/error.h"
#include "base/random.h"
#include "core/analysis/random_networks.h"
#include "core/methods/recorded_run.h"
#include "methods/parts/evolution.h"
#include "methods/parts/output_loss.h"
#include "quant/quantized_network.h"

namespace vitrine::methods {
namespace {

const CandidateEvaluator::Loss kContrast = [](const std::vector<at::Tensor>& quantized, const std::vector<at::Tensor>& floating) {
    double sum = 0;
    for (std::size_t i = 0; i < quantized.size(); ++i)
        sum += outputLoss(OutputLoss::contrastive, quantized[i], floating[i], 3).item<double>();
    return sum;
};

/// A quantized network, candidates for it, and its fitness the slow way: everything computed from the images.
class Evaluator : public ::testing::TestWithParam<const char*> {
  protected:
    std::shared_ptr<const graph::Graph> graph_ = std::string(GetParam()) == "Swin" ? test::randomSwin(1) : test::randomVit(1);
    at::Tensor images_ = test::randomImages(*graph_, 10, 4);
    quant::QuantizedModel model_ =
        test::runMethod("baseline", graph_, images_, {.parameters = {{"weight.bits", "4"}}}).state.model;
    engine::Network floating_{graph_};
    jobs::Control control_;

    CandidateEvaluator evaluator(double cacheBytes = 1e9, std::vector<graph::ValueId> probes = {}) {
        if (probes.empty()) probes = {graph_->output};
        return CandidateEvaluator(floating_, model_, images_,
                                  {.probes = std::move(probes), .lossBatch = 6, .chunk = 4, .cacheBytes = cacheBytes}, control_);
    }

    /// Site indices of the weights, or of the activations.
    std::vector<std::size_t> sites(bool weights) const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < floating_.sites().size(); ++i)
            if (floating_.sites()[i].isWeight() == weights) found.push_back(i);
        return found;
    }

    SiteEncodings mutated(std::size_t site, Random& random) const {
        quant::Encoding encoding = model_.encodings.at(floating_.sites()[site].id);
        encoding.scale = mutateRelative(encoding.scale, 0.2, random);
        return {{site, encoding}};
    }

    double slowly(const quant::QuantizedModel& model) const {
        double sum = 0;
        const quant::QuantizedNetwork network(model);
        for (const auto& [first, end] : {std::pair{0, 6}, {6, 10}}) {
            const at::Tensor batch = images_.slice(0, first, end);
            sum += kContrast({network.forward(batch)}, {engine::forward(floating_, batch)});
        }
        return sum / 2;
    }

    quant::QuantizedModel with(const SiteEncodings& candidate) const {
        quant::QuantizedModel changed = model_;
        for (const auto& [site, encoding] : candidate) changed.encodings[floating_.sites()[site].id] = encoding;
        return changed;
    }
};

TEST_P(Evaluator, GivesWhatAWholeForwardPassGivesBitForBit) {
    const at::NoGradGuard noGradient;
    CandidateEvaluator fast = evaluator();
    Random random(5);
    for (const bool weights : {true, false})
        for (const std::size_t site : sites(weights)) {
            const SiteEncodings candidate = mutated(site, random);
            EXPECT_EQ(fast.measure(candidate, kContrast), slowly(with(candidate))) << floating_.sites()[site].id;
        }
    EXPECT_EQ(fast.evaluations(), static_cast<std::int64_t>(floating_.sites().size()));
}

TEST_P(Evaluator, DoesNotDependOnTheOrderNorOnTheSizeOfItsCaches) {
    const at::NoGradGuard noGradient;
    CandidateEvaluator large = evaluator(), small = evaluator(1);
    std::vector<std::size_t> order = sites(true);
    std::reverse(order.begin(), order.end());
    std::vector<double> backwards, forwards;
    for (const std::size_t site : order) {
        Random random(site);
        backwards.push_back(large.measure(mutated(site, random), kContrast));
    }
    for (auto site = order.rbegin(); site != order.rend(); ++site) {
        Random random(*site);
        forwards.push_back(small.measure(mutated(*site, random), kContrast));
    }
    std::reverse(forwards.begin(), forwards.end());
    EXPECT_EQ(backwards, forwards);
    EXPECT_LT(small.cachedBytes(), large.cachedBytes());
}

TEST_P(Evaluator, StaysBelowItsMemoryLimitWithTheSameResults) {
    const at::NoGradGuard noGradient;
    std::vector<std::size_t> order = sites(true);
    for (const std::size_t site : sites(false)) order.push_back(site);
    std::optional<std::vector<double>> first;
    std::set<double> held;
    for (const double limit : {1e9, 50e3, 20e3, 8e3, 3e3, 0.0}) {
        CandidateEvaluator limited = evaluator(limit);
        EXPECT_EQ(limited.targetBytes(), 4.0 * 10 * 5);  // 10 images, 5 classes
        std::vector<double> losses;
        double most = 0;
        for (const std::size_t site : order) {
            Random random(site);
            const SiteEncodings candidate = mutated(site, random);
            losses.push_back(limited.measure(candidate, kContrast));
            most = std::max(most, limited.cachedBytes());
            EXPECT_LE(limited.cachedBytes(), limit) << limited.sites()[site].id;
            limited.install(candidate);
            EXPECT_LE(limited.cachedBytes(), limit);
        }
        held.insert(most);
        if (!first) first = losses;
        EXPECT_EQ(losses, *first) << limit;
    }
    EXPECT_EQ(*held.begin(), 0);
    EXPECT_GE(held.size(), 4u);  // limits do bind
}

TEST_P(Evaluator, InstallsACandidateForGood) {
    const at::NoGradGuard noGradient;
    CandidateEvaluator fast = evaluator();
    Random random(6);
    const std::size_t early = sites(true).front(), late = sites(true).back();
    const double before = fast.measure({}, kContrast);
    EXPECT_EQ(before, slowly(model_));
    const SiteEncodings kept = mutated(early, random), tried = mutated(late, random);
    fast.measure(tried, kContrast);
    fast.measure(kept, kContrast);
    fast.install(kept);
    EXPECT_EQ(fast.measure({}, kContrast), slowly(with(kept)));
    SiteEncodings both = kept;
    both.insert(tried.begin(), tried.end());
    EXPECT_EQ(fast.measure(tried, kContrast), slowly(with(both)));
}

TEST_P(Evaluator, TakesOtherImages) {
    const at::NoGradGuard noGradient;
    CandidateEvaluator fast = evaluator();
    fast.measure({}, kContrast);
    images_ = test::randomImages(*graph_, 10, 9);
    fast.setImages(images_);
    EXPECT_EQ(fast.measure({}, kContrast), slowly(model_));
}

TEST_P(Evaluator, ComparesInnerValues) {
    const at::NoGradGuard noGradient;
    const graph::Block& block = graph_->blocks[1];
    CandidateEvaluator fast = evaluator(1e9, {block.output, graph_->output});
    Random random(7);
    const auto count = [](const std::vector<at::Tensor>& quantized, const std::vector<at::Tensor>& floating) {
        EXPECT_EQ(quantized.size(), floating.size());
        for (std::size_t i = 0; i < quantized.size(); ++i) EXPECT_EQ(quantized[i].sizes(), floating[i].sizes());
        return static_cast<double>(quantized.size());
    };
    EXPECT_EQ(fast.measure(mutated(sites(true).front(), random), count), 2);
    EXPECT_EQ(fast.measure(mutated(sites(true).back(), random), count), 1);  // the first probe lies before it
}

TEST_P(Evaluator, StopsWhenCancelledAndStaysAsItWas) {
    const at::NoGradGuard noGradient;
    CandidateEvaluator fast = evaluator();
    const double before = fast.measure({}, kContrast);
    Random random(8);
    const SiteEncodings candidate = mutated(sites(true).front(), random);
    EXPECT_THROW(fast.measure(candidate, [](const auto&, const auto&) -> double { fail(ErrorCode::stopped, "stopped"); }), Exception);
    EXPECT_EQ(fast.measure({}, kContrast), before);
    control_.cancel();
    EXPECT_THROW(fast.measure(candidate, kContrast), Exception);
}

TEST(EvaluatorMemory, IsWhatItsFormulaSays) {
    const at::NoGradGuard noGradient;
    const auto graph = test::randomVit(1);  // 5 tokens of 16 channels
    const at::Tensor images = test::randomImages(*graph, 10, 4);
    const quant::QuantizedModel model = test::runMethod("baseline", graph, images).state.model;
    const engine::Network floating(graph);
    const jobs::Control control;
    constexpr double kStream = 4.0 * 10 * 5 * 16;  // residual stream of all images
    for (std::size_t site = 0; site < floating.sites().size(); ++site) {
        const std::string& id = floating.sites()[site].id;
        double alive = 0;  // at the candidate's first node
        if (id.ends_with("attn.qkv.weight") || id.ends_with("mlp.fc1.weight")) alive = 2 * kStream;  // beside the norm's result
        if (id.ends_with("attn.softmax")) alive = kStream + kStream + 4.0 * 10 * 2 * 5 * 5;         // stream, values, probabilities
        if (alive == 0) continue;
        CandidateEvaluator evaluator(floating, model, images, {.probes = {graph->output}, .lossBatch = 10}, control);
        evaluator.measure({{site, model.encodings.at(id)}}, kContrast);
        const double inputs = static_cast<double>(floating.sites()[site].block) * kStream;  // of the blocks up to this one
        EXPECT_EQ(evaluator.cachedBytes(), inputs + alive) << id;
    }
}

INSTANTIATE_TEST_SUITE_P(Both, Evaluator, ::testing::Values("Vit", "Swin"));

}  // namespace
}  // namespace vitrine::methods
