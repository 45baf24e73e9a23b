// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "evaluation.h"
#include "models/model.h"
#include "tiny_networks.h"

namespace vitrine {
namespace {

/// Single against double precision over a few layers of values up to 10; the reference data shows 2e-5 between
/// precisions for such networks.
constexpr double kTolerance = 5e-5;

struct VitCase {
    const char* name;
    test::TinyVit network;
};
std::ostream& operator<<(std::ostream& out, const VitCase& tested) { return out << tested.name; }

class TinyVits : public testing::TestWithParam<VitCase> {};

TEST_P(TinyVits, ComputeWhatPlainLoopsCompute) {
    const test::TinyVit& network = GetParam().network;
    const formats::Checkpoint checkpoint = test::randomCheckpoint(network);
    const auto images = test::randomImages(2, network.channels, network.height, network.width);
    const auto graph = models::buildModel(checkpoint, network.overrides()).graph;
    EXPECT_LE(test::largestDifference(test::logitsOf(*graph, images).toFloats(),
                                      test::referenceLogits(network, checkpoint.tensors, images)),
              kTolerance);
}

INSTANTIATE_TEST_SUITE_P(
    All, TinyVits,
    testing::Values(VitCase{"plain", {}}, VitCase{"distilled", {.distilled = true}},
                    VitCase{"without_qkv_bias", {.qkvBias = false}},
                    VitCase{"relu", {.activation = models::Activation::relu}},
                    VitCase{"gelu_tanh", {.activation = models::Activation::geluTanh}},
                    VitCase{"post_norm", {.finalNorm = false, .norm = models::NormPlacement::post}},
                    VitCase{"post_norm_with_final_norm", {.norm = models::NormPlacement::post}},
                    VitCase{"mean_pooling", {.pooling = models::Pooling::mean}},
                    VitCase{"pooled_norm", {.finalNorm = false, .pooledNorm = true, .pooling = models::Pooling::mean}},
                    VitCase{"without_class_token", {.classToken = false, .pooling = models::Pooling::mean}},
                    VitCase{"one_channel_large_epsilon", {.channels = 1, .epsilon = 0.1}}),
    [](const auto& tested) { return std::string(tested.param.name); });

struct SwinCase {
    const char* name;
    test::TinySwin network;
};
std::ostream& operator<<(std::ostream& out, const SwinCase& tested) { return out << tested.name; }

class TinySwins : public testing::TestWithParam<SwinCase> {};

TEST_P(TinySwins, ComputeWhatPlainLoopsCompute) {
    const test::TinySwin& network = GetParam().network;
    const formats::Checkpoint checkpoint = test::randomCheckpoint(network);
    const auto images = test::randomImages(2, network.channels, network.height, network.width);
    const auto graph = models::buildModel(checkpoint, network.overrides()).graph;
    EXPECT_LE(test::largestDifference(test::logitsOf(*graph, images).toFloats(),
                                      test::referenceLogits(network, checkpoint.tensors, images)),
              kTolerance);
}

INSTANTIATE_TEST_SUITE_P(All, TinySwins,
                         testing::Values(SwinCase{"padded_odd_maps", {}},
                                         SwinCase{"whole_windows", {.height = 64, .width = 64, .window = 8}},
                                         SwinCase{"odd_window", {.height = 28, .width = 42, .window = 3}},
                                         SwinCase{"without_patch_norm", {.patchNorm = false}},
                                         SwinCase{"one_stage", {.dims = {6}, .depths = {2}, .heads = {3}}}),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace vitrine
