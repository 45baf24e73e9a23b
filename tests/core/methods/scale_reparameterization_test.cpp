// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/scale_reparameterization.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "core/analysis/random_networks.h"
#include "engine/engine.h"
#include "engine/tensors.h"
#include "quant/quantized_model.h"
#include "quant/quantizers.h"

namespace vitrine::methods {
namespace {

/// A 4-bit quantizer for each of `channels` channels with scales that differ 100-fold.
quant::Encoding channelwise(std::int64_t channels, std::uint64_t seed) {
    Random random(seed);
    quant::Encoding encoding{.bits = 4, .granularity = quant::Granularity::channel, .qmax = 15};
    for (std::int64_t c = 0; c < channels; ++c) {
        encoding.scale.push_back(static_cast<float>(std::pow(10, random.uniform(-1.5, 0.5))));
        encoding.zeroPoint.push_back(static_cast<float>(random.integer(0, 15)));
    }
    return encoding;
}

struct Folded {
    std::shared_ptr<const graph::Graph> graph;
    std::map<std::string, quant::Encoding> before, after;  ///< by site
};

Folded foldAll(const std::shared_ptr<const graph::Graph>& graph, SharedZeroPoint rule) {
    const std::vector<graph::Site> sites = graph::findSites(*graph);
    Folded result;
    TensorMap replacements;
    for (const auto& [site, norm] : foldableSites(*graph, sites)) {
        quant::Encoding encoding = channelwise(sites[site].shape.back(), site);
        encoding.axis = static_cast<std::int64_t>(sites[site].shape.size()) - 1;
        Reparameterization one = reparameterizeScales(*graph, norm, encoding, rule);
        result.before[sites[site].id] = encoding;
        result.after[sites[site].id] = one.encoding;
        replacements.merge(one.parameters);
    }
    result.graph = quant::withParameters(*graph, replacements);
    return result;
}

at::Tensor logits(const std::shared_ptr<const graph::Graph>& graph, const std::map<std::string, quant::Encoding>& encodings) {
    const engine::Network network(graph);
    const engine::Hooks hooks{.quantize = [&](std::size_t site, at::Tensor value, bool) {
        const auto found = encodings.find(network.sites()[site].id);
        return found == encodings.end() ? value : quant::fakeQuantize(value, found->second);
    }};
    return engine::forward(network, test::randomImages(*graph, 4, 3), hooks);
}

double relativeDifference(const at::Tensor& a, const at::Tensor& b) { return ((a - b).norm() / a.norm()).item<double>(); }

class Folding : public testing::TestWithParam<bool> {
  protected:
    const std::shared_ptr<const graph::Graph> graph = GetParam() ? test::randomSwin(11) : test::randomVit(11);
};

TEST_P(Folding, FloatNetworkStaysTheSame) {
    for (const auto rule : {SharedZeroPoint::rounded, SharedZeroPoint::fractional}) {
        const Folded folded = foldAll(graph, rule);
        EXPECT_EQ(folded.after.size(), GetParam() ? 7u : 4u);
        EXPECT_LT(relativeDifference(logits(graph, {}), logits(folded.graph, {})), 1e-5);
    }
}

TEST_P(Folding, QuantizedNetworkStaysTheSameWithRoundedZeroPointAlone) {
    const Folded rounded = foldAll(graph, SharedZeroPoint::rounded), fractional = foldAll(graph, SharedZeroPoint::fractional);
    const at::Tensor channelWise = logits(graph, rounded.before);
    // A value at a tie may round the other way after the rewriting; the fractional zero point moves the whole grid.
    EXPECT_LT(relativeDifference(channelWise, logits(rounded.graph, rounded.after)), 0.02);
    EXPECT_GT(relativeDifference(channelWise, logits(fractional.graph, fractional.after)), 0.05);
    for (const auto& [site, encoding] : rounded.after) {
        EXPECT_EQ(encoding.zeroPoint[0], std::nearbyint(encoding.zeroPoint[0]));
        EXPECT_NO_THROW(quant::validate(encoding));
    }
}

INSTANTIATE_TEST_SUITE_P(Networks, Folding, testing::Bool(), [](const auto& instance) { return instance.param ? "Swin" : "Vit"; });

TEST(ScaleReparameterization, GivesALayerWithoutBiasOne) {
    const Folded folded = foldAll(test::randomSwin(2), SharedZeroPoint::rounded);
    EXPECT_FALSE(test::randomSwin(2)->find("layers.0.downsample.reduction.bias"));
    EXPECT_TRUE(folded.graph->find("layers.0.downsample.reduction.bias"));
}

TEST(ScaleReparameterization, SharedScaleAndZeroPointAreMeans) {
    const auto graph = test::randomVit(5);
    const std::vector<graph::Site> sites = graph::findSites(*graph);
    const auto foldable = foldableSites(*graph, sites);
    const quant::Encoding encoding = channelwise(16, 1);
    double scale = 0, zero = 0;
    for (int c = 0; c < 16; ++c) {
        scale += encoding.scale[static_cast<std::size_t>(c)] / 16;
        zero += encoding.zeroPoint[static_cast<std::size_t>(c)] / 16;
    }
    const auto& norm = foldable.begin()->second;
    const auto fractional = reparameterizeScales(*graph, norm, encoding, SharedZeroPoint::fractional).encoding;
    EXPECT_NEAR(fractional.scale[0], scale, 1e-6);
    EXPECT_NEAR(fractional.zeroPoint[0], zero, 1e-5);
    const auto rounded = reparameterizeScales(*graph, norm, encoding, SharedZeroPoint::rounded).encoding;
    EXPECT_EQ(rounded.zeroPoint[0], std::nearbyint(static_cast<float>(zero)));
}

TEST(ScaleReparameterization, RefusesAnEncodingThatDoesNotFit) {
    const auto graph = test::randomVit(5);
    const auto foldable = foldableSites(*graph, graph::findSites(*graph));
    EXPECT_THROW(reparameterizeScales(*graph, foldable.begin()->second, channelwise(3, 1), SharedZeroPoint::rounded), Exception);
}

}  // namespace
}  // namespace vitrine::methods
