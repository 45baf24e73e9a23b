// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "core/analysis/random_networks.h"
#include "core/engine/support.h"
#include "engine/gradient.h"

namespace vitrine::test {
namespace {

using engine::Differentiation;
using engine::GradientNetwork;
using engine::Hooks;
using engine::Network;
using engine::Route;
using engine::ValueTensors;
using graph::ValueId;
using Graph = std::shared_ptr<const graph::Graph>;

std::vector<Graph> networks() {
    std::vector<Graph> all = testNetworks();
    all.push_back(randomVit(1));
    all.push_back(randomSwin(1));
    return all;
}

std::vector<ValueId> floatParameters(const graph::Graph& graph) {
    std::vector<ValueId> ids;
    for (std::size_t i = 0; i < graph.values.size(); ++i)
        if (graph.values[i].kind == graph::ValueKind::parameter && graph.values[i].data.dtype == DType::f32) ids.push_back(static_cast<ValueId>(i));
    return ids;
}

/// Of sum(w . logits^2), so that every image and class counts differently.
at::Tensor weightsFor(const at::Tensor& logits) { return engine::toTorch(randomTensor(logits.sizes().vec(), 77)); }
at::Tensor slopeAt(const at::Tensor& logits) { return logits * weightsFor(logits) * 2; }

double lossOf(const Network& network, const ValueTensors& given) {
    const ValueId output = network.graph().output;
    const at::Tensor logits = engine::evaluate(network, given, {{output}}).at(output);
    return (logits.pow(2) * weightsFor(logits)).sum().item<double>();
}

ValueTensors gradientsOf(const GradientNetwork& network, Route route, const Hooks& hooks = {}) {
    const ValueId output = network.network().graph().output;
    route.wanted = {output};
    Differentiation way(network, std::move(route), hooks);
    return way.gradients({{output, slopeAt(way.value(output))}});
}

void expectClose(const at::Tensor& actual, const at::Tensor& expected, const std::string& where, double tolerance = 2e-5) {
    ASSERT_EQ(actual.sizes(), expected.sizes()) << where;
    EXPECT_LE(largestDifference(actual, expected), tolerance * std::max(expected.abs().max().item<double>(), 1e-3)) << where;
}

TEST(ParameterGradients, AgreeWithDifferencesOfTheForwardPass) {
    for (const Graph& graph : networks()) {
        const Network network(graph);
        const GradientNetwork gradients(network);
        const at::Tensor images = randomImages(*graph, 2);
        const std::vector<ValueId> parameters = floatParameters(*graph);
        const ValueTensors found = gradientsOf(gradients, {.given = {{graph->input, images}}, .wanted = {}, .by = parameters});
        ASSERT_EQ(found.size(), parameters.size());
        const at::NoGradGuard guard;
        for (const ValueId id : parameters) {
            const at::Tensor value = network.parameter(id).to(at::kDouble);
            for (std::uint64_t seed = 0; seed < 2; ++seed) {
                const at::Tensor direction = engine::toTorch(randomTensor(value.sizes().vec(), seed + 50)).to(at::kDouble);
                constexpr double step = 1e-5;
                const auto at = [&](double distance) {
                    return lossOf(network, {{graph->input, images.to(at::kDouble)}, {id, value + distance * direction}});
                };
                const double expected = (at(step) - at(-step)) / (2 * step);
                const at::Tensor gradient = found.at(id).to(at::kDouble);
                // The gradient is computed in float32, by networks whose layer norms have weights up to 12; differences in float64 are good to 1e-8.
                const double size = gradient.norm().item<double>() * direction.norm().item<double>();
                EXPECT_NEAR((gradient * direction).sum().item<double>(), expected, 1e-4 * std::max(1.0, size)) << graph->value(id).id;
            }
        }
    }
}

TEST(ParameterGradients, AgreeWithTorchThroughQuantizers) {
    Hooks hooks;
    hooks.quantize = [](std::size_t site, const at::Tensor& value, bool) { return value.tanh() * (1.0 + 0.1 * static_cast<double>(site)); };
    for (const Graph& graph : networks()) {
        const Network network(graph);
        const GradientNetwork gradients(network);
        std::vector<ValueId> by = floatParameters(*graph);
        by.push_back(graph->input);
        const at::Tensor images = randomImages(*graph, 3);
        const ValueTensors ours = gradientsOf(gradients, {.given = {{graph->input, images}}, .wanted = {}, .by = by}, hooks);
        const ValueTensors torchs = gradientsOf(gradients, {.given = {{graph->input, images.to(at::kDouble)}}, .wanted = {}, .by = by}, hooks);
        for (const ValueId id : by) expectClose(ours.at(id), torchs.at(id), graph->value(id).id, 1e-3);  // float32 against float64
    }
}

TEST(ParameterGradients, OfPartsOfABatchAddUpToTheWhole) {
    for (const Graph& graph : networks()) {
        const Network network(graph);
        const GradientNetwork gradients(network);
        const std::vector<ValueId> by = floatParameters(*graph);
        const at::Tensor images = randomImages(*graph, 5);
        // The loss of an image must not depend on its place in the batch.
        const auto gradientsOfPart = [&](std::int64_t first, std::int64_t count) {
            Differentiation way(gradients, Route{.given = {{graph->input, images.narrow(0, first, count)}}, .wanted = {graph->output}, .by = by});
            return way.gradients({{graph->output, way.value(graph->output) * 2}});
        };
        ValueTensors sum = gradientsOfPart(0, 2);
        for (const std::int64_t first : {2, 4})
            for (const auto& [id, part] : gradientsOfPart(first, first == 2 ? 2 : 1)) sum.at(id) = sum.at(id) + part;
        for (const auto& [id, whole] : gradientsOfPart(0, 5)) expectClose(sum.at(id), whole, graph->value(id).id);
    }
}

TEST(ParameterGradients, CostTheImagesNothing) {
    for (const Graph& graph : networks()) {
        const Network network(graph);
        const GradientNetwork gradients(network);
        const at::Tensor images = randomImages(*graph, 2);
        const std::vector<ValueId> parameters = floatParameters(*graph);
        std::vector<ValueId> all = parameters;
        all.push_back(graph->input);
        const ValueTensors both = gradientsOf(gradients, {.given = {{graph->input, images}}, .wanted = {}, .by = all});
        const ValueTensors alone = gradientsOf(gradients, {.given = {{graph->input, images}}, .wanted = {}, .by = {graph->input}});
        EXPECT_EQ(alone.size(), 1u);
        EXPECT_TRUE(sameBits(both.at(graph->input), alone.at(graph->input)));
        EXPECT_GT(gradients.bytesPerImage(parameters), gradients.bytesPerImage());
        const ValueTensors again = gradientsOf(gradients, {.given = {{graph->input, images}}, .wanted = {}, .by = parameters});
        for (const ValueId id : parameters) EXPECT_TRUE(sameBits(both.at(id), again.at(id))) << graph->value(id).id;
    }
}

TEST(ParameterGradients, BeginAtTheInputOfABlock) {
    const Graph graph = randomSwin(1);
    const Network network(graph);
    const GradientNetwork gradients(network);
    const graph::Block& block = graph->blocks[2];
    std::vector<ValueId> by{block.input};
    for (const ValueId id : floatParameters(*graph))
        if (graph->value(id).id.starts_with(block.id + ".")) by.push_back(id);
    ASSERT_GT(by.size(), 10u);
    const at::NoGradGuard guard;
    const at::Tensor x = engine::evaluate(network, {{graph->input, randomImages(*graph, 2)}}, {{block.input}}).at(block.input);
    const auto through = [&](at::ScalarType type) {
        Differentiation way(gradients, Route{.given = {{block.input, x.to(type)}}, .wanted = {block.output}, .by = by});
        return way.gradients({{block.output, slopeAt(way.value(block.output))}});
    };
    const ValueTensors ours = through(at::kFloat);
    const ValueTensors torchs = through(at::kDouble);
    for (const ValueId id : by) expectClose(ours.at(id), torchs.at(id), graph->value(id).id);
}

TEST(ParameterGradients, FollowNewWeights) {
    const Graph graph = randomVit(1);
    Network network(graph);
    GradientNetwork gradients(network);
    const ValueId weight = graph->require("blocks.0.mlp.fc1.weight");
    const ValueId before = graph->require("blocks.0.attn.qkv.weight");  // its gradient passes the weight on the way back
    const at::Tensor other = network.parameter(weight) * 2;
    const Route route{.given = {{graph->input, randomImages(*graph, 2)}}, .wanted = {}, .by = {weight, before}};
    Route candidate = route;
    candidate.given[weight] = other;
    const ValueTensors given = gradientsOf(gradients, candidate);
    network.setParameter(weight, other);
    gradients.refresh(weight);
    const ValueTensors installed = gradientsOf(gradients, route);
    expectClose(installed.at(weight), given.at(weight), "weight");
    expectClose(installed.at(before), given.at(before), "before");
    const ValueTensors anew = gradientsOf(GradientNetwork(network), route);
    EXPECT_TRUE(sameBits(installed.at(before), anew.at(before)));
}

TEST(ParameterGradients, AreZeroWhereNothingIsRead) {
    const Graph graph = randomVit(1);
    const Network network(graph);
    const GradientNetwork gradients(network);
    const ValueId head = graph->require("head.weight");
    const ValueId early = graph->blocks[0].output;
    Differentiation way(gradients, Route{.given = {{graph->input, randomImages(*graph, 2)}}, .wanted = {early}, .by = {head}});
    const at::Tensor gradient = way.gradients({{early, at::ones_like(way.value(early))}}).at(head);
    EXPECT_EQ(gradient.sizes(), network.parameter(head).sizes());
    EXPECT_EQ(gradient.abs().sum().item<double>(), 0.0);
}

TEST(ParameterGradients, RefuseWhatIsNoStart) {
    const Graph graph = makeWindowNetwork();
    const Network network(graph);
    const GradientNetwork gradients(network);
    const Route route{.given = {{graph->input, randomImages(*graph, 1)}}, .wanted = {graph->output}, .by = {}};
    for (const ValueId id : {ValueId{-1}, graph->output, graph->require("index"), static_cast<ValueId>(graph->values.size())}) {
        Route wrong = route;
        wrong.by = {id};
        EXPECT_THROW(Differentiation(gradients, wrong), Exception) << id;
    }
}

}  // namespace
}  // namespace vitrine::test
