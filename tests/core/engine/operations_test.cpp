// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>

#include "core/engine/support.h"

namespace vitrine::test {
namespace {

using graph::GraphBuilder;
using graph::kBatch;
using graph::ValueId;

/// Runs one operation on x [B,1,1,n] = 0, 1, 2, ... reshaped to [B, shape...].
at::Tensor runOne(Shape shape, const std::function<ValueId(GraphBuilder&, ValueId)>& add, std::int64_t batch = 1) {
    graph::ModelInfo info;
    info.imageChannels = info.imageHeight = 1;
    info.imageWidth = elementCount(shape);
    GraphBuilder b(info);
    b.beginBlock("only", graph::BlockKind::transformer, 0);
    shape.insert(shape.begin(), kBatch);
    const ValueId x = b.reshape("x", 0, shape);
    const engine::Network network(std::make_shared<const graph::Graph>(b.finish(add(b, x))));
    const std::int64_t count = batch * info.imageWidth;
    return engine::forward(network, at::arange(count, at::kFloat).reshape({batch, 1, 1, info.imageWidth}));
}

at::Tensor numbers(std::vector<float> values, const Shape& shape) { return at::tensor(values).reshape(shape); }

TEST(Operations, Slice) {
    const auto range = runOne({3, 2}, [](auto& b, ValueId x) { return b.slice("y", x, {.axis = 1, .start = 1, .length = 2}); });
    EXPECT_TRUE(sameBits(range, numbers({2, 3, 4, 5}, {1, 2, 2})));
    const auto one = runOne({3, 2}, [](auto& b, ValueId x) { return b.slice("y", x, {.axis = 1, .start = 2, .squeeze = true}); });
    EXPECT_TRUE(sameBits(one, numbers({4, 5}, {1, 2})));
}

TEST(Operations, Permute) {
    const auto y = runOne({3, 2}, [](auto& b, ValueId x) { return b.permute("y", x, {0, 2, 1}); });
    EXPECT_TRUE(sameBits(y, numbers({0, 2, 4, 1, 3, 5}, {1, 2, 3})));
}

TEST(Operations, RollMovesTowardsHigherIndices) {
    const auto y = runOne({3, 2}, [](auto& b, ValueId x) { return b.roll("y", x, {.axes = {1, 2}, .shifts = {1, -1}}); });
    EXPECT_TRUE(sameBits(y, numbers({5, 4, 1, 0, 3, 2}, {1, 3, 2})));
}

TEST(Operations, PadAppendsZeros) {
    const auto y = runOne({1, 2}, [](auto& b, ValueId x) { return b.pad("y", x, {.axes = {1, 2}, .after = {1, 2}}); });
    EXPECT_TRUE(sameBits(y, numbers({0, 1, 0, 0, 0, 0, 0, 0}, {1, 2, 4})));
}

TEST(Operations, ConcatAndExpand) {
    const auto y = runOne({1, 2}, [](auto& b, ValueId x) {
        const ValueId token = b.expand("token", b.parameter("p", HostTensor::of<float>({7, 8}, {1, 1, 2})));
        return b.concat("y", {token, x}, 1);
    }, 2);
    EXPECT_TRUE(sameBits(y, numbers({7, 8, 0, 1, 7, 8, 2, 3}, {2, 2, 2})));
}

TEST(Operations, GatherTakesRows) {
    const auto y = runOne({2, 2}, [](auto& b, ValueId x) {
        const ValueId table = b.parameter("table", HostTensor::of<float>({10, 11, 20, 21, 30, 31}, {3, 2}));
        const ValueId index = b.parameter("index", HostTensor::of<std::int64_t>({2, 0}, {2}));
        return b.add("y", b.gather("rows", table, index), x);
    });
    EXPECT_TRUE(sameBits(y, numbers({30, 32, 12, 14}, {1, 2, 2})));
}

TEST(Operations, MeanDropsItsDimension) {
    const auto y = runOne({3, 2}, [](auto& b, ValueId x) { return b.mean("y", x, 1); });
    EXPECT_TRUE(sameBits(y, numbers({2, 3}, {1, 2})));
}

TEST(Operations, GeluForms) {
    for (const bool tanh : {false, true}) {
        const auto y = runOne({9}, [&](auto& b, ValueId x) { return b.gelu("y", x, tanh); });
        const at::Tensor expected = at::gelu(at::arange(9, at::kDouble).reshape({1, 9}), tanh ? "tanh" : "none");
        EXPECT_LT(largestDifference(y, expected), 2e-6);  // four roundings of numbers up to 8
    }
}

TEST(Operations, ConvolutionsThatAreNoPatches) {
    const graph::ConvAttributes cases[] = {{.stride = {1, 1}, .padding = {1, 1}}, {.stride = {2, 2}}, {.stride = {2, 1}, .groups = 2}};
    for (const graph::ConvAttributes& attributes : cases) {
        const HostTensor kernel = randomTensor({4, 2 / attributes.groups, 2, 3}, 5);
        const auto y = runOne({2, 4, 5}, [&](auto& b, ValueId x) {
            return b.conv2d("y", x, b.parameter("w", kernel), graph::kNone, attributes);
        }, 2);
        const at::Tensor expected =
            at::conv2d(at::arange(80, at::kDouble).reshape({2, 2, 4, 5}), engine::toTorch(kernel).to(at::kDouble), {},
                       attributes.stride, attributes.padding, {1, 1}, attributes.groups);
        EXPECT_LT(largestDifference(y, expected), 1e-4);  // sums of twelve numbers up to 100
    }
}

TEST(Operations, PatchesOfAnyShapeAreProducts) {
    const HostTensor kernel = randomTensor({3, 2, 2, 5}, 5);
    const auto y = runOne({2, 4, 10}, [&](auto& b, ValueId x) {
        return b.conv2d("y", x, b.parameter("w", kernel), graph::kNone, {.stride = {2, 5}});
    }, 2);
    const at::Tensor expected = at::conv2d(at::arange(160, at::kDouble).reshape({2, 2, 4, 10}),
                                           engine::toTorch(kernel).to(at::kDouble), {}, {2, 5});
    EXPECT_LT(largestDifference(y, expected), 3e-4);  // sums of twenty numbers up to 200
}

}  // namespace
}  // namespace vitrine::test
