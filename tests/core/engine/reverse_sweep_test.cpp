// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gradient.h"

#include <torch/csrc/autograd/autograd.h>

#include "base/error.h"
#include "core/engine/support.h"

namespace vitrine::test {
namespace {

using engine::Differentiation;
using engine::GradientNetwork;
using engine::Hooks;
using engine::Network;
using engine::ValueTensors;
using graph::ValueId;

/// Every second computed value that depends on the images, and the logits.
std::vector<ValueId> someValues(const graph::Graph& graph) {
    std::vector<ValueId> ids;
    for (std::size_t i = 0; i < graph.nodes.size(); i += 2)
        if (graph.value(graph.nodes[i].output).shape.front() == graph::kBatch) ids.push_back(graph.nodes[i].output);
    if (ids.back() != graph.output) ids.push_back(graph.output);
    return ids;
}

at::Tensor weightsOf(const at::Tensor& value, std::uint64_t seed) { return engine::toTorch(randomTensor(value.sizes().vec(), seed)); }

/// The same gradient by torch, in float64.
at::Tensor byTorch(const Network& network, const at::Tensor& images, const std::vector<ValueId>& wanted, const Hooks& hooks) {
    const at::Tensor leaf = images.to(at::kDouble).clone().requires_grad_(true);
    const ValueTensors values = engine::evaluate(network, {{network.graph().input, leaf}}, wanted, hooks);
    at::Tensor total = at::zeros({}, at::kDouble);
    for (const ValueId id : wanted) total = total + (values.at(id) * weightsOf(values.at(id), static_cast<std::uint64_t>(id))).sum();
    return torch::autograd::grad({total}, {leaf})[0];
}

at::Tensor byOurselves(const Network& network, const at::Tensor& images, const std::vector<ValueId>& wanted, const Hooks& hooks) {
    const GradientNetwork gradients(network);
    Differentiation way(gradients, images, wanted, hooks);
    ValueTensors from;
    for (const ValueId id : wanted) from[id] = weightsOf(way.value(id), static_cast<std::uint64_t>(id));
    return way.backward(std::move(from));
}

void expectClose(const at::Tensor& actual, const at::Tensor& expected) {
    ASSERT_EQ(actual.sizes(), expected.sizes());
    EXPECT_LT(largestDifference(actual, expected), 2e-5 * expected.abs().max().item<double>());  // float32 against float64
}

TEST(ReverseSweep, AgreesWithTorchForEveryOperation) {
    for (const auto& graph : testNetworks()) {
        const Network network(graph);
        const at::Tensor images = randomImages(*graph, 3);
        expectClose(byOurselves(network, images, {graph->output}, {}), byTorch(network, images, {graph->output}, {}));
        const auto wanted = someValues(*graph);
        expectClose(byOurselves(network, images, wanted, {}), byTorch(network, images, wanted, {}));
    }
}

TEST(ReverseSweep, ValuesAreThoseOfAnEvaluation) {
    for (const auto& graph : testNetworks()) {
        const Network network(graph);
        const GradientNetwork gradients(network);
        const at::Tensor images = randomImages(*graph, 2);
        const auto wanted = someValues(*graph);
        const Differentiation way(gradients, images, wanted);
        const at::NoGradGuard guard;
        const ValueTensors expected = engine::evaluate(network, {{graph->input, images}}, wanted);
        for (const ValueId id : wanted) {
            EXPECT_TRUE(sameBits(way.value(id), expected.at(id))) << graph->value(id).id;
            EXPECT_FALSE(way.value(id).requires_grad());
        }
    }
}

TEST(ReverseSweep, PassesThroughQuantizers) {
    Hooks hooks;
    // Smooth, so that float32 and float64 agree; every site a different one.
    hooks.quantize = [](std::size_t site, const at::Tensor& value, bool) { return value.tanh() * (1.0 + 0.1 * static_cast<double>(site)); };
    for (const auto& graph : testNetworks()) {
        const Network network(graph);
        const at::Tensor images = randomImages(*graph, 2);
        const auto wanted = someValues(*graph);
        expectClose(byOurselves(network, images, wanted, hooks), byTorch(network, images, wanted, hooks));
    }
}

TEST(ReverseSweep, FollowsReplacedWeights) {
    const auto graph = makeVit({});
    Network network(graph);
    const ValueId weight = graph->require("blocks.0.mlp.fc1.weight");
    network.setParameter(weight, network.parameter(weight) * 2);
    const at::Tensor images = randomImages(*graph, 2);
    expectClose(byOurselves(network, images, {graph->output}, {}), byTorch(network, images, {graph->output}, {}));
}

TEST(ReverseSweep, TakesFloat64ByTorch) {
    const auto graph = makeVit({});
    const Network network(graph);
    const GradientNetwork gradients(network);
    const at::Tensor images = randomImages(*graph, 2).to(at::kDouble);
    const std::vector<ValueId> wanted{graph->output};
    Differentiation way(gradients, images, wanted);
    const at::Tensor weights = weightsOf(way.value(graph->output), static_cast<std::uint64_t>(graph->output));
    const at::Tensor expected = byTorch(network, images, wanted, {});
    EXPECT_LT(largestDifference(way.backward({{graph->output, weights}}), expected), 1e-12 * expected.abs().max().item<double>());
}

TEST(ReverseSweep, RepeatsBitForBitAndIsZeroForNothing) {
    const auto graph = makeWindowNetwork();
    const Network network(graph);
    const at::Tensor images = randomImages(*graph, 2);
    EXPECT_TRUE(sameBits(byOurselves(network, images, {graph->output}, {}), byOurselves(network, images, {graph->output}, {})));
    const GradientNetwork gradients(network);
    const std::vector<ValueId> wanted{graph->output};
    EXPECT_EQ(Differentiation(gradients, images, wanted).backward({}).abs().sum().item<double>(), 0.0);
}

TEST(ReverseSweep, CanBeStoppedOnBothWays) {
    const auto graph = makeVit({});
    const Network network(graph);
    const GradientNetwork gradients(network);
    const at::Tensor images = randomImages(*graph, 2);
    const std::vector<ValueId> wanted{graph->output};
    int calls = 0;
    const Hooks hooks{.checkpoint = [&] { ++calls; }};
    Differentiation way(gradients, images, wanted, hooks);
    const int forth = calls;
    EXPECT_EQ(forth, static_cast<int>(graph->nodes.size()));
    const Hooks stops{.checkpoint = [&] { if (++calls > forth + 3) fail(ErrorCode::stopped, "stopped"); }};
    calls = 0;
    Differentiation stopped(gradients, images, wanted, stops);
    EXPECT_THROW(stopped.backward({{graph->output, at::ones_like(stopped.value(graph->output))}}), Exception);
}

}  // namespace
}  // namespace vitrine::test
