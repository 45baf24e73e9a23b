// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/error.h"
#include "base/random.h"
#include "core/engine/support.h"

namespace vitrine::test {
namespace {

using engine::evaluate;
using engine::Hooks;
using engine::Network;
using engine::ValueTensors;
using graph::ValueId;

TEST(Evaluate, EveryValueAgreesWithTorchInDouble) {
    std::set<graph::Op> seen;
    for (const auto& graph : testNetworks()) {
        const Network network(graph);
        const at::Tensor images = randomImages(*graph, 3);
        const auto wanted = computedValues(*graph);
        const ValueTensors single = evaluate(network, {{graph->input, images}}, wanted);
        const ValueTensors exact = evaluate(network, {{graph->input, images.to(at::kDouble)}}, wanted);
        for (const graph::Node& node : graph->nodes) {
            seen.insert(node.op);
            ASSERT_EQ(exact.at(node.output).scalar_type(), at::kDouble);
            // Some hundred roundings of 6e-8 on values of size 1 to 10.
            EXPECT_LT(largestDifference(single.at(node.output), exact.at(node.output)), 2e-5)
                << graph->value(node.output).id;
        }
    }
    EXPECT_EQ(seen.size(), static_cast<std::size_t>(graph::kOpCount));
}

TEST(Evaluate, ValuesHaveTheShapesOfTheGraph) {
    for (const auto& graph : testNetworks()) {
        const ValueTensors values =
            evaluate(Network(graph), {{graph->input, randomImages(*graph, 2)}}, computedValues(*graph));
        for (const auto& [id, tensor] : values) {
            Shape expected = graph->value(id).shape;
            if (expected[0] == graph::kBatch) expected[0] = 2;
            EXPECT_EQ(tensor.sizes().vec(), expected) << graph->value(id).id;
        }
    }
}

TEST(Evaluate, BitsDoNotDependOnWhatIsGivenWantedOrObserved) {
    Random random(5);
    for (const auto& graph : testNetworks()) {
        const Network network(graph);
        const auto all = computedValues(*graph);
        const ValueTensors reference = evaluate(network, {{graph->input, randomImages(*graph, 3)}}, all);
        for (int trial = 0; trial < 60; ++trial) {
            ValueTensors given{{graph->input, randomImages(*graph, 3)}};
            std::vector<ValueId> wanted{graph->output};
            std::set<ValueId> kept;
            for (const ValueId id : all) {
                // Dense copies: a cached value may have lost the strides with which it was computed.
                if (random.uniform() < 0.1) given[id] = reference.at(id).contiguous();
                if (random.uniform() < 0.1) wanted.push_back(id);
                if (random.uniform() < 0.2) kept.insert(id);
            }
            ValueTensors observed;
            Hooks hooks;
            hooks.observe = [&](ValueId id, const at::Tensor& tensor) {
                if (kept.contains(id)) observed[id] = tensor;
            };
            const ValueTensors values = evaluate(network, given, wanted, hooks);
            for (const ValueTensors* results : {&values, static_cast<const ValueTensors*>(&observed)})
                for (const auto& [id, tensor] : *results)
                    ASSERT_TRUE(sameBits(tensor, reference.at(id))) << graph->value(id).id << " in trial " << trial;
            given.erase(graph->input);
            for (const auto& [id, tensor] : given)
                ASSERT_TRUE(sameBits(tensor, reference.at(id))) << "a given tensor was overwritten";
        }
    }
}

TEST(Evaluate, BlocksChainToTheWhole) {
    const auto graph = makeVit({});
    const Network network(graph);
    const at::Tensor images = randomImages(*graph, 4);
    at::Tensor stream = images;
    for (const graph::Block& block : graph->blocks)
        stream = evaluate(network, {{block.input, stream}}, {{block.output}}).at(block.output);
    EXPECT_TRUE(sameBits(stream, engine::forward(network, images)));
}

TEST(Evaluate, RunsOnlyWhatIsNeeded) {
    const auto graph = makeVit({});
    const Network network(graph);
    std::vector<std::string> ran;
    Hooks hooks;
    hooks.observe = [&](ValueId id, const at::Tensor&) { ran.push_back(graph->value(id).id); };
    const ValueId fc2 = graph->require("blocks.1.mlp.fc2");
    const ValueId gelu = graph->require("blocks.1.mlp.gelu");
    evaluate(network, {{gelu, engine::toTorch(randomTensor({2, 17, 128}, 3))}}, {{fc2}}, hooks);
    EXPECT_EQ(ran, std::vector<std::string>{"blocks.1.mlp.fc2"});
}

TEST(Evaluate, FreesValuesAfterTheirLastReader) {
    const auto graph = makeVit({.depth = 6});
    const Network network(graph);
    std::map<void*, c10::weak_intrusive_ptr<c10::StorageImpl>> storages;
    std::size_t most = 0;
    Hooks hooks;
    hooks.checkpoint = [&] {
        std::size_t alive = 0;
        for (auto& [address, storage] : storages) alive += storage.expired() ? 0 : 1;
        most = std::max(most, alive);
    };
    hooks.observe = [&](ValueId, const at::Tensor& tensor) {
        c10::StorageImpl* memory = tensor.storage().unsafeGetStorageImpl();
        storages.emplace(memory, c10::intrusive_ptr<c10::StorageImpl>::unsafe_reclaim_from_nonowning(memory));
    };
    engine::forward(network, randomImages(*graph, 2), hooks);
    EXPECT_GT(storages.size(), 40U);
    EXPECT_LE(most, 4U);  // the residual stream, and in attention qkv, the weights and the product
}

TEST(Evaluate, CheckpointStopsBetweenNodes) {
    const auto graph = makeVit({});
    const Network network(graph);
    const at::Tensor images = randomImages(*graph, 2);
    const at::Tensor before = engine::forward(network, images);
    int nodes = 0;
    Hooks hooks;
    hooks.checkpoint = [&] {
        if (++nodes == 20) fail(ErrorCode::stopped, "stopped");
    };
    EXPECT_THROW(engine::forward(network, images, hooks), Exception);
    EXPECT_EQ(nodes, 20);
    EXPECT_TRUE(sameBits(engine::forward(network, images), before));
}

TEST(Evaluate, GivenParametersReplaceOnlyForThisCall) {
    const auto graph = makeVit({});
    Network network(graph);
    const at::Tensor images = randomImages(*graph, 2);
    const at::Tensor before = engine::forward(network, images);
    const ValueId weight = graph->require("blocks.0.mlp.fc1.weight");
    const at::Tensor candidate = network.parameter(weight) * 0.5;
    const at::Tensor changed =
        evaluate(network, {{graph->input, images}, {weight, candidate}}, {{graph->output}}).at(graph->output);
    EXPECT_FALSE(sameBits(changed, before));
    EXPECT_TRUE(sameBits(engine::forward(network, images), before));
    network.setParameter(weight, candidate);
    EXPECT_TRUE(sameBits(engine::forward(network, images), changed));
    EXPECT_TRUE(sameBits(network.parameter(weight), candidate));
}

TEST(Evaluate, WantedInputsAndParametersComeBack) {
    const auto graph = makeVit({});
    const Network network(graph);
    const ValueId weight = graph->require("logits.weight");
    const at::Tensor images = randomImages(*graph, 1);
    const ValueTensors values = evaluate(network, {{graph->input, images}}, {{graph->input, weight}});
    EXPECT_TRUE(values.at(graph->input).is_same(images));
    EXPECT_TRUE(sameBits(values.at(weight), engine::toTorch(graph->value(weight).data)));
    EXPECT_TRUE(evaluate(network, {}, {}).empty());
}

std::string errorOf(const Network& network, const ValueTensors& given, std::vector<ValueId> wanted) {
    try {
        evaluate(network, given, wanted);
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::invalidArgument);
        return exception.what();
    }
    return "no error";
}

TEST(Evaluate, RefusesWhatDoesNotFit) {
    using ::testing::HasSubstr;
    const auto graph = makeVit({});
    const Network network(graph);
    const ValueId block = graph->blocks[1].input;
    const at::Tensor images = randomImages(*graph, 2);
    EXPECT_THAT(errorOf(network, {}, {graph->output}), HasSubstr("is not given"));
    EXPECT_THAT(errorOf(network, {{graph->input, images.slice(3, 0, 16)}}, {graph->output}), HasSubstr("[2, 3, 32, 16]"));
    EXPECT_THAT(errorOf(network, {{graph->input, images.slice(0, 0, 0)}}, {graph->output}), HasSubstr("[0, 3, 32, 32]"));
    EXPECT_THAT(errorOf(network, {{graph->input, images.to(at::kHalf)}}, {graph->output}), HasSubstr("float32"));
    EXPECT_THAT(errorOf(network, {{graph->input, at::Tensor()}}, {graph->output}), HasSubstr("undefined"));
    EXPECT_THAT(errorOf(network, {{graph->input, images}, {block, at::zeros({3, 17, 32})}}, {graph->output}),
                HasSubstr("batches of"));
    EXPECT_THAT(errorOf(network, {{graph->input, images}}, {100000}), HasSubstr("100000"));
    EXPECT_THAT(errorOf(network, {}, {graph->require("cls_token.expand")}), HasSubstr("size of the batch"));
}

TEST(NetworkTest, RefusesUnknownDevicesAndParameters) {
    const auto graph = makeVit({});
    EXPECT_THROW(Network(graph, "gpu"), Exception);
    EXPECT_THROW(Network(graph, "cuda:"), Exception);
    EXPECT_THROW(Network(graph, "cuda:99"), Exception);
    Network network(graph);
    const ValueId weight = graph->require("logits.weight");
    EXPECT_THROW(network.setParameter(weight, at::zeros({2, 2})), Exception);
    EXPECT_THROW(network.setParameter(weight, network.parameter(weight).to(at::kDouble)), Exception);
    EXPECT_THROW(network.setParameter(graph->output, at::zeros({1, 5})), Exception);
    EXPECT_THROW(network.parameter(-1), Exception);
}

}  // namespace
}  // namespace vitrine::test
