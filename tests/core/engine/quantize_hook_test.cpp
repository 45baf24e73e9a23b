// SPDX-License-Identifier: GPL-3.0-or-later
#include <map>

#include "core/engine/support.h"

namespace vitrine::test {
namespace {

using engine::evaluate;
using engine::Hooks;
using engine::Network;
using engine::ValueTensors;
using graph::ValueId;

at::Tensor rounded(const at::Tensor& x) { return at::round(x * 8) / 8; }

Hooks copyingHooks() {
    Hooks hooks;
    hooks.quantize = [](std::size_t, const at::Tensor& value, bool) { return rounded(value); };
    return hooks;
}

/// Overwrites whatever it may.
Hooks overwritingHooks() {
    Hooks hooks;
    hooks.quantize = [](std::size_t, at::Tensor value, bool mayOverwrite) {
        if (!mayOverwrite) return rounded(value);
        value.mul_(8).round_().div_(8);
        return value;
    };
    return hooks;
}

TEST(QuantizeHook, MeetsEveryActivationSiteOnceInOrder) {
    for (const auto& graph : testNetworks()) {
        const Network network(graph);
        std::vector<std::size_t> expected;
        for (std::size_t i = 0; i < network.sites().size(); ++i)
            if (!network.sites()[i].isWeight()) expected.push_back(i);
        std::vector<std::size_t> met;
        Hooks hooks;
        hooks.quantize = [&](std::size_t site, const at::Tensor& value, bool) {
            Shape shape = network.sites()[site].shape;
            shape[0] = 2;
            EXPECT_EQ(value.sizes().vec(), shape);
            met.push_back(site);
            return value;
        };
        engine::forward(network, randomImages(*graph, 2), hooks);
        EXPECT_EQ(met, expected);
    }
}

TEST(QuantizeHook, OverwritingChangesNoResult) {
    for (const auto& graph : testNetworks()) {
        const Network network(graph);
        const at::Tensor images = randomImages(*graph, 3);
        const at::Tensor original = images.clone();
        const auto all = computedValues(*graph);
        const ValueTensors expected = evaluate(network, {{graph->input, images}}, all, copyingHooks());
        EXPECT_TRUE(sameBits(engine::forward(network, images, overwritingHooks()), expected.at(graph->output)));
        for (const ValueId id : all) {
            // Wanted values keep their own bits although their readers see quantized ones.
            const std::vector<ValueId> wanted{id, graph->output};
            for (const auto& [value, tensor] : evaluate(network, {{graph->input, images}}, wanted, overwritingHooks()))
                ASSERT_TRUE(sameBits(tensor, expected.at(value))) << graph->value(value).id << ", wanting " << graph->value(id).id;
        }
        EXPECT_TRUE(sameBits(images, original));
    }
}

TEST(QuantizeHook, ObserversThatKeepTensorsAreNotOverwritten) {
    const auto graph = makeVit({});
    const Network network(graph);
    const at::Tensor images = randomImages(*graph, 2);
    const ValueTensors expected = evaluate(network, {{graph->input, images}}, computedValues(*graph), copyingHooks());
    Hooks hooks = overwritingHooks();
    ValueTensors kept;
    std::vector<at::Tensor> views;  // a view keeps the memory, not the tensor
    hooks.observe = [&](ValueId id, const at::Tensor& tensor) {
        if (id % 3 == 0) kept[id] = tensor;
        if (id % 3 == 1) kept[id] = tensor.narrow(0, 0, 1);
    };
    engine::forward(network, images, hooks);
    for (const auto& [id, tensor] : kept)
        EXPECT_TRUE(sameBits(tensor, expected.at(id).narrow(0, 0, tensor.size(0)))) << graph->value(id).id;
}

TEST(QuantizeHook, MayOverwriteWhatNobodyElseReads) {
    const auto graph = makeVit({});
    const Network network(graph);
    std::map<std::string, bool> overwritable;
    Hooks hooks;
    hooks.quantize = [&](std::size_t site, at::Tensor value, bool mayOverwrite) {
        overwritable[network.sites()[site].id] = mayOverwrite;
        return value;
    };
    engine::forward(network, randomImages(*graph, 2), hooks);
    EXPECT_FALSE(overwritable.at("input"));
    overwritable.erase("input");
    for (const auto& [id, flag] : overwritable) EXPECT_TRUE(flag) << id;  // q, k and v too, which share their memory
}

TEST(QuantizeHook, AffectsQuantizableReadersOnly) {
    graph::ModelInfo info;
    info.imageChannels = info.imageHeight = 1;
    info.imageWidth = 4;
    graph::GraphBuilder b(info);
    b.beginBlock("head", graph::BlockKind::head, 0);
    const ValueId x = b.relu("x", b.reshape("flat", 0, {graph::kBatch, 4}));
    const ValueId eye = b.parameter("eye", HostTensor::of<float>({1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, {4, 4}));
    const ValueId sum = b.add("sum", b.linear("same", x, eye), x);
    const Network network(std::make_shared<const graph::Graph>(b.finish(sum)));

    Hooks hooks;
    hooks.quantize = [](std::size_t, const at::Tensor& value, bool mayOverwrite) {
        EXPECT_FALSE(mayOverwrite);  // the addition reads it too
        return value * 10;
    };
    const at::Tensor input = at::arange(4, at::kFloat).reshape({1, 1, 1, 4});
    EXPECT_TRUE(sameBits(engine::forward(network, input, hooks), at::arange(4, at::kFloat).reshape({1, 4}) * 11));
}

TEST(QuantizeHook, IsCalledForGivenValuesThatAreRead) {
    const auto graph = makeVit({});
    const Network network(graph);
    const ValueId gelu = graph->require("blocks.0.mlp.gelu");
    const at::Tensor value = engine::toTorch(randomTensor({2, 17, 128}, 3));
    const at::Tensor original = value.clone();
    int calls = 0;
    Hooks hooks = overwritingHooks();
    hooks.quantize = [&calls, inner = hooks.quantize](std::size_t site, at::Tensor x, bool mayOverwrite) {
        ++calls;
        return inner(site, std::move(x), mayOverwrite);
    };
    const ValueId fc2 = graph->require("blocks.0.mlp.fc2");
    const at::Tensor seen = evaluate(network, {{gelu, value}}, {{fc2}}, hooks).at(fc2);
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(sameBits(value, original));
    EXPECT_TRUE(sameBits(seen, evaluate(network, {{gelu, rounded(value)}}, {{fc2}}).at(fc2)));
}

}  // namespace
}  // namespace vitrine::test
