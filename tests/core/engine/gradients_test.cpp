// SPDX-License-Identifier: GPL-3.0-or-later
#include <torch/csrc/autograd/autograd.h>

#include "core/engine/support.h"

namespace vitrine::test {
namespace {

using engine::Network;
using engine::ValueTensors;
using graph::ValueId;

double lossOf(const Network& network, const ValueTensors& given) {
    const ValueId output = network.graph().output;
    return engine::evaluate(network, given, {{output}}).at(output).pow(2).sum().item<double>();
}

/// The gradient that autograd gives for `id`, against central differences of the same network in float64 in a few
/// random directions.
void checkGradient(const std::shared_ptr<const graph::Graph>& graph, ValueId id) {
    const Network network(graph);
    ValueTensors given{{graph->input, randomImages(*graph, 2)}};
    if (id != graph->input) given[id] = network.parameter(id);
    given[id] = given.at(id).clone().requires_grad_(true);
    const at::Tensor logits = engine::evaluate(network, given, {{graph->output}}).at(graph->output);
    ASSERT_TRUE(logits.requires_grad());
    const at::Tensor gradient = torch::autograd::grad({logits.pow(2).sum()}, {given.at(id)})[0].to(at::kDouble);

    const at::NoGradGuard guard;
    for (auto& [value, tensor] : given) tensor = tensor.detach().to(at::kDouble);
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        Shape shape = given.at(id).sizes().vec();
        const at::Tensor direction = engine::toTorch(randomTensor(shape, seed + 50)).to(at::kDouble);
        constexpr double step = 1e-5;
        ValueTensors ahead = given;
        ValueTensors behind = given;
        ahead[id] = given.at(id) + step * direction;
        behind[id] = given.at(id) - step * direction;
        const double expected = (lossOf(network, ahead) - lossOf(network, behind)) / (2 * step);
        const double actual = (gradient * direction).sum().item<double>();
        // The gradient is computed in float32; differences in float64 are good to 1e-9.
        EXPECT_NEAR(actual, expected, 1e-4 * std::max(1.0, std::abs(expected))) << graph->value(id).id;
    }
}

TEST(Gradients, AgreeWithDifferencesForTheInput) {
    for (const auto& graph : testNetworks()) checkGradient(graph, graph->input);
}

TEST(Gradients, AgreeWithDifferencesForEveryParameter) {
    for (const auto& graph : testNetworks())
        for (std::size_t i = 0; i < graph->values.size(); ++i) {
            const graph::Value& value = graph->values[i];
            if (value.kind == graph::ValueKind::parameter && value.data.dtype == DType::f32)
                checkGradient(graph, static_cast<ValueId>(i));
        }
}

TEST(Gradients, FlowToParametersOfTheNetwork) {
    const auto graph = makeVit({});
    Network network(graph);
    const ValueId weight = graph->require("blocks.0.mlp.fc1.weight");
    const at::Tensor leaf = network.parameter(weight).clone().requires_grad_(true);
    network.setParameter(weight, leaf);
    const at::Tensor logits = engine::forward(network, randomImages(*graph, 2));
    EXPECT_GT(torch::autograd::grad({logits.sum()}, {leaf})[0].abs().sum().item<double>(), 0.0);
}

TEST(Gradients, AreNotKeptWhenTurnedOff) {
    const auto graph = makeVit({});
    const Network network(graph);
    const at::Tensor images = randomImages(*graph, 2).clone().requires_grad_(true);
    const at::NoGradGuard guard;
    EXPECT_FALSE(engine::forward(network, images).requires_grad());
}

TEST(Gradients, NothingIsOverwritten) {
    const auto graph = makeVit({});
    const Network network(graph);
    engine::Hooks hooks;
    hooks.quantize = [](std::size_t, at::Tensor value, bool mayOverwrite) {
        EXPECT_FALSE(mayOverwrite);
        return value;
    };
    const at::Tensor images = randomImages(*graph, 2).clone().requires_grad_(true);
    EXPECT_TRUE(engine::forward(network, images, hooks).requires_grad());
}

}  // namespace
}  // namespace vitrine::test
