// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/quantized_network.h"

#include <gtest/gtest.h>

#include <map>

#include "core/engine/support.h"
#include "core/quant/support.h"
#include "quant/quantizers.h"
#include "quant/scale_search.h"

namespace vitrine {
namespace {

using namespace test;
using quant::Encoding;
using quant::QuantizedModel;
using quant::QuantizedNetwork;

/// Every site with 8 bits, by the range of what the float network computes.
QuantizedModel minMaxModel(std::shared_ptr<const graph::Graph> graph, const at::Tensor& images) {
    const engine::Network network(graph);
    std::vector<graph::ValueId> wanted;
    for (const graph::Site& site : network.sites())
        if (!site.isWeight() && site.value != graph->input) wanted.push_back(site.value);
    engine::ValueTensors values = engine::evaluate(network, {{graph->input, images}}, wanted);
    values[graph->input] = images;
    QuantizedModel model{.graph = graph};
    for (const graph::Site& site : network.sites()) {
        const at::Tensor value = site.isWeight() ? network.parameter(site.value) : values.at(site.value);
        const auto granularity = site.isWeight() ? quant::Granularity::channel : quant::Granularity::tensor;
        model.encodings[site.id] =
            quant::searchPercentiles(value, {.bits = 8, .granularity = granularity}, 0, std::vector{1.0});
    }
    return model;
}

TEST(QuantizedNetworks, WithoutEncodingsAreTheFloatNetwork) {
    for (const auto& graph : testNetworks()) {
        const at::Tensor images = randomImages(*graph, 2);
        const QuantizedNetwork quantized(QuantizedModel{.graph = graph});
        EXPECT_TRUE(sameBits(quantized.forward(images), engine::forward(engine::Network(graph), images)));
    }
}

TEST(QuantizedNetworks, QuantizeWhatEveryReaderOfASiteSees) {
    for (const auto& graph : testNetworks()) {
        const at::Tensor images = randomImages(*graph, 3);
        const QuantizedModel model = minMaxModel(graph, images);
        const QuantizedNetwork quantized(model);
        // The same by other means: weights given as tensors, activations by a hook that never overwrites.
        const engine::Network network(graph);
        engine::ValueTensors given{{graph->input, images}};
        for (const graph::Site& site : network.sites())
            if (site.isWeight())
                given[site.value] = quant::fakeQuantize(network.parameter(site.value), model.encodings.at(site.id));
        const engine::Hooks hooks{.quantize = [&](std::size_t site, at::Tensor value, bool) {
            return quant::fakeQuantize(value, model.encodings.at(network.sites()[site].id));
        }};
        const at::Tensor expected =
            engine::evaluate(network, given, std::vector{graph->output}, hooks).at(graph->output);
        EXPECT_LT(largestDifference(quantized.forward(images), expected), 1e-4 * expected.abs().max().item<double>());
        EXPECT_FALSE(sameBits(quantized.forward(images), engine::forward(network, images)));
        EXPECT_TRUE(sameBits(quantized.forward(images), quantized.forward(images)));
    }
}

TEST(QuantizedNetworks, ScalesByTokenWantWholeValues) {
    const auto graph = makeVit({});
    const at::Tensor images = randomImages(*graph, 2);
    QuantizedModel model = minMaxModel(graph, images);
    EXPECT_TRUE(QuantizedNetwork(model).hooks().quantizesElements);
    Encoding& encoding = model.encodings.at("blocks.1.norm2");
    const std::vector<float> scale(17, encoding.scale[0]), zeroPoint(17, encoding.zeroPoint[0]);
    const at::Tensor expected = QuantizedNetwork(model).forward(images);
    encoding.granularity = quant::Granularity::token;
    encoding.axis = 1;
    encoding.scale = scale;
    encoding.zeroPoint = zeroPoint;
    const QuantizedNetwork byToken(model);
    EXPECT_FALSE(byToken.hooks().quantizesElements);
    EXPECT_TRUE(sameBits(byToken.forward(images), expected));
}

TEST(QuantizedNetworks, EightBitsStayCloseToFloat) {
    const auto graph = makeVit({});
    const at::Tensor images = randomImages(*graph, 4);
    const at::Tensor expected = engine::forward(engine::Network(graph), images).flatten();
    const at::Tensor logits = QuantizedNetwork(minMaxModel(graph, images)).forward(images).flatten();
    EXPECT_GT((logits.dot(expected) / (logits.norm() * expected.norm())).item<double>(), 0.99);
}

TEST(QuantizedNetworks, HooksLeaveTheImagesAloneAndOutliveTheNetwork) {
    const auto graph = makeVit({});
    const at::Tensor images = randomImages(*graph, 2);
    const at::Tensor copy = images.clone();
    auto quantized = std::make_unique<QuantizedNetwork>(minMaxModel(graph, images));
    const at::Tensor expected = quantized->forward(images);
    EXPECT_TRUE(sameBits(images, copy));
    const engine::Hooks hooks = quantized->hooks();
    const QuantizedNetwork moved = std::move(*quantized);
    quantized.reset();
    EXPECT_TRUE(sameBits(engine::forward(moved.network(), images, hooks), expected));
}

TEST(QuantizedNetworks, CallTheCheckpointAndPassItsException) {
    const auto graph = makeVit({});
    const at::Tensor images = randomImages(*graph, 1);
    const QuantizedNetwork quantized(minMaxModel(graph, images));
    int calls = 0;
    quantized.forward(images, [&] { ++calls; });
    EXPECT_EQ(calls, static_cast<int>(graph->nodes.size()));
    EXPECT_EQ(errorOf([&] { quantized.forward(images, [] { fail(ErrorCode::stopped, "enough"); }); }).code,
              ErrorCode::stopped);
}

TEST(QuantizedNetworks, GradientsReachTheImages) {
    const auto graph = makeVit({});
    const at::Tensor images = randomImages(*graph, 2).requires_grad_();
    const QuantizedNetwork quantized(minMaxModel(graph, images.detach()));
    quantized.forward(images).square().sum().backward();
    EXPECT_GT(images.grad().abs().max().item<double>(), 0);
    EXPECT_TRUE(images.grad().isfinite().all().item<bool>());
}

TEST(QuantizedNetworks, RunInDoublePrecision) {
    const auto graph = makeVit({});
    const at::Tensor images = randomImages(*graph, 2);
    const QuantizedNetwork quantized(minMaxModel(graph, images));
    const at::Tensor logits = quantized.forward(images.to(at::kDouble));
    EXPECT_EQ(logits.scalar_type(), at::kDouble);
    EXPECT_LT(largestDifference(logits, quantized.forward(images)),
              0.1 * logits.abs().max().item<double>());  // codes flip at ties
}

TEST(QuantizedNetworks, RefuseEncodingsThatFitNoSite) {
    const auto graph = makeVit({});
    QuantizedModel model = minMaxModel(graph, randomImages(*graph, 1));
    model.encodings["nowhere"] = model.encodings.begin()->second;
    EXPECT_EQ(errorOf([&] { QuantizedNetwork{model}; }).code, ErrorCode::badFormat);
    model = QuantizedModel{.graph = graph};
    Random random(1);
    model.encodings[engine::Network(graph).sites()[0].id] = randomEncoding(Variant::roundThenShift, random, 7, 1);
    EXPECT_EQ(errorOf([&] { QuantizedNetwork{model}; }).code, ErrorCode::badFormat);
}

}  // namespace
}  // namespace vitrine
