// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.h"
#include "evaluation.h"
#include "formats/safetensors.h"
#include "models/model.h"
#include "models/names.h"
#include "support/reference_data.h"

namespace vitrine {
namespace {

struct GoldenModel {
    std::string name;
    std::string family;
    std::int64_t images = 0;         ///< how many of the batch the intermediates are for
    bool mergesBeforeStage = false;  ///< names of merging layers as in timm 1.0
};

std::ostream& operator<<(std::ostream& out, const GoldenModel& model) { return out << model.name; }

bool isIntermediate(const std::string& name) {
    return name != "input" && name != "input_u8" && !name.ends_with("_f64");
}

/// The id of a golden tensor in our graph, which names merging layers after the stage before them.
std::string idOf(const GoldenModel& model, const std::string& name) {
    if (!model.mergesBeforeStage) return name;
    for (const char* part : {"norm", "out"})
        for (const char* stage : {"1", "2"})
            if (name == std::string("layers.") + stage + ".downsample." + part)
                return "layers." + std::to_string(std::stoi(stage) - 1) + ".downsample." + part;
    return name;
}

/// The tolerances that the reference data recommends, from differences between thread counts, kernels and precisions.
double tolerance(const std::string& name, const std::vector<float>& expected) {
    if (name.starts_with("logits") || name.ends_with(".softmax")) return 2e-5;
    return 1e-5 + 1e-5 * test::largestMagnitude(expected);
}

class GoldenModels : public testing::TestWithParam<GoldenModel> {};

TEST_P(GoldenModels, EveryIntermediateMatches) {
    const GoldenModel& golden = GetParam();
    const std::string base = "golden/models/" + golden.name;
    VITRINE_REQUIRE_REFERENCE(base + ".safetensors");
    const TensorMap expected = formats::readSafetensors(test::referencePath(base + ".acts.safetensors"));
    const models::LoadedModel model = models::loadModel(test::referencePath(base + ".safetensors"));
    EXPECT_EQ(model.graph->info.family, golden.family);

    std::vector<std::string> ids;
    for (const auto& entry : expected)
        if (isIntermediate(entry.first)) ids.push_back(idOf(golden, entry.first));
    const auto actual = test::evaluateValues(*model.graph, expected.at("input"), ids);
    for (const auto& [name, tensor] : expected) {
        if (!isIntermediate(name)) continue;
        HostTensor ours = actual.at(idOf(golden, name));
        const bool batched = model.graph->value(model.graph->require(idOf(golden, name))).shape[0] == graph::kBatch;
        if (batched && !name.starts_with("logits") && name != "pre_logits") ours = test::firstRows(ours, golden.images);
        const std::vector<float> reference = tensor.toFloats();
        EXPECT_LE(test::largestDifference(ours.toFloats(), reference), tolerance(name, reference)) << name;
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, GoldenModels,
    testing::Values(GoldenModel{"vit_small_random", "vit", 4}, GoldenModel{"vit_micro_random", "vit", 4},
                    GoldenModel{"deit_distilled_random", "deit_distilled", 2}, GoldenModel{"swin_random", "swin", 1},
                    GoldenModel{"swin_micro_random", "swin", 2}, GoldenModel{"swin_pad_random", "swin", 1, true}),
    [](const auto& tested) { return tested.param.name; });

class GoldenVariants : public testing::TestWithParam<const char*> {};

TEST_P(GoldenVariants, AreTheSameGraphAsTheSafetensorsFile) {
    const std::string file = std::string("golden/models/") + GetParam();
    VITRINE_REQUIRE_REFERENCE(file);
    const std::string model = file.substr(0, file.find('.'));
    models::ModelOverrides overrides;
    if (model.find("vit_micro") != std::string::npos) overrides.heads = 2;
    if (model.find("vit_small") != std::string::npos || model.find("deit") != std::string::npos) overrides.heads = 4;
    const auto variant = models::loadModel(test::referencePath(file), overrides).graph;
    const auto plain = models::loadModel(test::referencePath(model + ".safetensors")).graph;
    EXPECT_EQ(graph::dump(*variant), graph::dump(*plain));
    for (const graph::Value& value : plain->values) {
        if (value.kind != graph::ValueKind::parameter) continue;
        const graph::Value& other = variant->value(variant->require(value.id));
        ASSERT_TRUE(std::ranges::equal(other.data.view(), value.data.view())) << value.id;
    }
}

INSTANTIATE_TEST_SUITE_P(All, GoldenVariants,
                         testing::Values("vit_small_random.pth", "deit_distilled_random.pth",
                                         "deit_distilled_random.legacy.pth", "swin_random.pth",
                                         "vit_micro_random.legacy.pth", "vit_micro_random.nonzip.pth"),
                         [](const auto& tested) {
                             std::string name = tested.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

}  // namespace
}  // namespace vitrine
