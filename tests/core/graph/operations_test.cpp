// SPDX-License-Identifier: GPL-3.0-or-later
#include "graph/operations.h"

#include <gtest/gtest.h>

#include <set>

#include "base/error.h"

namespace vitrine::graph {
namespace {

constexpr std::int64_t B = kBatch;

Shape shapeOf(Op op, std::vector<Shape> inputs, Attributes attributes = {}) {
    return inferShape(Node{.op = op, .attributes = std::move(attributes)}, inputs);
}

struct Misfit {
    const char* name;
    Op op;
    std::vector<Shape> inputs;
    Attributes attributes;
};

std::ostream& operator<<(std::ostream& out, const Misfit& misfit) { return out << misfit.name; }

class Misfits : public testing::TestWithParam<Misfit> {};

TEST_P(Misfits, AreRefusedWithTheShapesInTheText) {
    const Misfit& misfit = GetParam();
    try {
        shapeOf(misfit.op, misfit.inputs, misfit.attributes);
        FAIL() << "accepted";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::badFormat);
        EXPECT_NE(exception.error().what.find(shapeText(misfit.inputs[0])), std::string::npos) << exception.what();
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, Misfits,
    testing::Values(
        Misfit{"conv_channels", Op::conv2d, {{B, 3, 8, 8}, {4, 2, 2, 2}}, ConvAttributes{}},
        Misfit{"conv_bias", Op::conv2d, {{B, 3, 8, 8}, {4, 3, 2, 2}, {3}}, ConvAttributes{}},
        Misfit{"conv_kernel_too_large", Op::conv2d, {{B, 3, 4, 4}, {4, 3, 5, 5}}, ConvAttributes{}},
        Misfit{"conv_no_stride", Op::conv2d, {{B, 3, 4, 4}, {4, 3, 2, 2}}, ConvAttributes{.stride = {0, 1}}},
        Misfit{"linear_inner", Op::linear, {{B, 5, 8}, {4, 7}}, {}},
        Misfit{"linear_bias", Op::linear, {{B, 5, 8}, {4, 8}, {5}}, {}},
        Misfit{"linear_without_weight", Op::linear, {{B, 5, 8}}, {}},
        Misfit{"matmul_inner", Op::matmul, {{B, 2, 3}, {B, 4, 5}}, MatMulAttributes{}},
        Misfit{"matmul_leading", Op::matmul, {{B, 2, 3, 4}, {B, 1, 4, 5}}, MatMulAttributes{}},
        Misfit{"norm_weight", Op::layerNorm, {{B, 5, 8}, {7}, {7}}, LayerNormAttributes{}},
        Misfit{"norm_bias", Op::layerNorm, {{B, 5, 8}, {8}, {7}}, LayerNormAttributes{}},
        Misfit{"add", Op::add, {{B, 5, 8}, {4, 8}}, {}},
        Misfit{"reshape_count", Op::reshape, {{B, 5, 8}}, ReshapeAttributes{{B, 41}}},
        Misfit{"reshape_batch", Op::reshape, {{B, 5, 8}}, ReshapeAttributes{{40}}},
        Misfit{"permute_rank", Op::permute, {{B, 5, 8}}, PermuteAttributes{{0, 1}}},
        Misfit{"permute_twice", Op::permute, {{B, 5, 8}}, PermuteAttributes{{0, 1, 1}}},
        Misfit{"permute_batch", Op::permute, {{B, 5, 8}}, PermuteAttributes{{1, 0, 2}}},
        Misfit{"expand", Op::expand, {{2, 5}}, {}},
        Misfit{"concat_rank", Op::concat, {{B, 5, 8}, {B, 5}}, AxisAttributes{1}},
        Misfit{"concat_other_axis", Op::concat, {{B, 5, 8}, {B, 5, 7}}, AxisAttributes{1}},
        Misfit{"slice_end", Op::slice, {{B, 5, 8}}, SliceAttributes{.axis = 1, .start = 3, .length = 3}},
        Misfit{"slice_batch", Op::slice, {{B, 5, 8}}, SliceAttributes{.axis = 0}},
        Misfit{"slice_squeeze", Op::slice, {{B, 5, 8}}, SliceAttributes{.axis = 1, .length = 2, .squeeze = true}},
        Misfit{"roll_shifts", Op::roll, {{B, 5, 8}}, RollAttributes{.axes = {1, 2}, .shifts = {1}}},
        Misfit{"roll_batch", Op::roll, {{B, 5, 8}}, RollAttributes{.axes = {0}, .shifts = {1}}},
        Misfit{"pad_negative", Op::pad, {{B, 5, 8}}, PadAttributes{.axes = {1}, .after = {-1}}},
        Misfit{"pad_axis", Op::pad, {{B, 5, 8}}, PadAttributes{.axes = {3}, .after = {1}}},
        Misfit{"mean_batch", Op::mean, {{B, 5, 8}}, AxisAttributes{0}}),
    [](const auto& tested) { return tested.param.name; });

TEST(Shapes, FollowFromTheInputs) {
    EXPECT_EQ(shapeOf(Op::conv2d, {{B, 4, 10, 9}, {6, 2, 3, 3}, {6}},
                      ConvAttributes{.stride = {2, 3}, .padding = {1, 0}, .groups = 2}),
              (Shape{B, 6, 5, 3}));
    EXPECT_EQ(shapeOf(Op::linear, {{B, 5, 8}, {4, 8}, {4}}), (Shape{B, 5, 4}));
    EXPECT_EQ(shapeOf(Op::matmul, {{B, 2, 3, 4}, {B, 2, 4, 5}}, MatMulAttributes{}), (Shape{B, 2, 3, 5}));
    EXPECT_EQ(shapeOf(Op::matmul, {{B, 2, 3, 4}, {B, 2, 5, 4}}, MatMulAttributes{.transposeB = true}),
              (Shape{B, 2, 3, 5}));
    EXPECT_EQ(shapeOf(Op::add, {{B, 2, 3, 4}, {2, 1, 4}}), (Shape{B, 2, 3, 4}));
    EXPECT_EQ(shapeOf(Op::reshape, {{B, 6, 4}}, ReshapeAttributes{{B, 2, 3, 4}}), (Shape{B, 2, 3, 4}));
    EXPECT_EQ(shapeOf(Op::permute, {{B, 2, 3, 4}}, PermuteAttributes{{0, 3, 1, 2}}), (Shape{B, 4, 2, 3}));
    EXPECT_EQ(shapeOf(Op::expand, {{1, 1, 4}}), (Shape{B, 1, 4}));
    EXPECT_EQ(shapeOf(Op::concat, {{B, 1, 4}, {B, 5, 4}}, AxisAttributes{1}), (Shape{B, 6, 4}));
    EXPECT_EQ(shapeOf(Op::slice, {{B, 6, 4}}, SliceAttributes{.axis = 1, .start = 2, .length = 3}), (Shape{B, 3, 4}));
    EXPECT_EQ(shapeOf(Op::slice, {{B, 6, 4}}, SliceAttributes{.axis = 1, .start = 2, .squeeze = true}), (Shape{B, 4}));
    EXPECT_EQ(shapeOf(Op::roll, {{B, 6, 4}}, RollAttributes{.axes = {1}, .shifts = {-2}}), (Shape{B, 6, 4}));
    EXPECT_EQ(shapeOf(Op::pad, {{B, 6, 4}}, PadAttributes{.axes = {1, 2}, .after = {2, 0}}), (Shape{B, 8, 4}));
    EXPECT_EQ(shapeOf(Op::gather, {{9, 3}, {4, 4}}), (Shape{4, 4, 3}));
    EXPECT_EQ(shapeOf(Op::mean, {{B, 6, 4}}, AxisAttributes{1}), (Shape{B, 4}));
    for (const Op op : {Op::softmax, Op::gelu, Op::relu}) EXPECT_EQ(shapeOf(op, {{B, 6, 4}}), (Shape{B, 6, 4}));
    EXPECT_EQ(shapeOf(Op::layerNorm, {{B, 6, 4}, {4}, {4}}, LayerNormAttributes{}), (Shape{B, 6, 4}));
}

std::int64_t macsOf(Op op, std::vector<Shape> inputs, Attributes attributes = {}) {
    const Node node{.op = op, .attributes = std::move(attributes)};
    return operationInfo(op).macs(node, inputs, inferShape(node, inputs));
}

TEST(Macs, CountOneImage) {
    EXPECT_EQ(macsOf(Op::linear, {{B, 5, 8}, {4, 8}}), 5 * 4 * 8);
    EXPECT_EQ(macsOf(Op::conv2d, {{B, 4, 8, 8}, {6, 2, 2, 2}}, ConvAttributes{.stride = {2, 2}, .groups = 2}),
              6 * 4 * 4 * (2 * 2 * 2));
    EXPECT_EQ(macsOf(Op::matmul, {{B, 2, 3, 4}, {B, 2, 4, 5}}, MatMulAttributes{}), 2 * 3 * 5 * 4);
    EXPECT_EQ(macsOf(Op::matmul, {{B, 2, 3, 4}, {B, 2, 5, 4}}, MatMulAttributes{.transposeB = true}), 2 * 3 * 5 * 4);
}

TEST(Operations, HaveDistinctNamesAndOnlyMoversKeepTheirElements) {
    std::set<std::string_view> names;
    for (int i = 0; i < kOpCount; ++i) {
        const OperationInfo& info = operationInfo(static_cast<Op>(i));
        EXPECT_TRUE(names.insert(info.name).second) << info.name;
        EXPECT_NE(info.shape, nullptr) << info.name;
    }
    for (const Op op : {Op::reshape, Op::permute, Op::expand, Op::slice, Op::roll})
        EXPECT_TRUE(operationInfo(op).movesOnly);
    for (const Op op : {Op::pad, Op::concat, Op::mean, Op::add}) EXPECT_FALSE(operationInfo(op).movesOnly);
}

}  // namespace
}  // namespace vitrine::graph
