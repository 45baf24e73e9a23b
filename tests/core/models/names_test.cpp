// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/names.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "models/architectures.h"

namespace vitrine::models {
namespace {

HostTensor iota(Shape shape) {
    std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
    return HostTensor::of(std::move(values), std::move(shape));
}

TensorMap tensorsNamed(std::initializer_list<const char*> names) {
    TensorMap result;
    for (const char* name : names) result[name] = iota({1});
    return result;
}

TEST(Renamed, CarriesNumbersOver) {
    EXPECT_EQ(renamed("layers.13.norm", "layers.#.norm", "blocks.#.norm1"), "blocks.13.norm1");
    EXPECT_EQ(renamed("a.1.b.22", "a.#.b.#", "#/#"), "1/22");
    EXPECT_FALSE(renamed("layers.x.norm", "layers.#.norm", "#"));
    EXPECT_FALSE(renamed("layers.1.norm.weight", "layers.#.norm", "#"));
    EXPECT_FALSE(renamed("layers.1", "layers.#.norm", "#"));
}

TEST(CountIndexed, CountsFromZeroWithoutGaps) {
    EXPECT_EQ(
        countIndexed(tensorsNamed({"blocks.0.a", "blocks.0.b", "blocks.1.a", "blocks.x.a", "blocksa"}), "blocks."), 2);
    EXPECT_EQ(countIndexed({}, "blocks."), 0);
    EXPECT_THROW(countIndexed(tensorsNamed({"blocks.0.a", "blocks.2.a"}), "blocks."), Exception);
    EXPECT_THROW(countIndexed(tensorsNamed({"blocks.999999999999.a"}), "blocks."), Exception);
}

TEST(CanonicalNames, LeaveTheLayoutOfTimm06Alone) {
    const TensorMap tensors = tensorsNamed({"layers.0.blocks.0.norm1.weight", "layers.0.downsample.reduction.weight",
                                            "layers.1.blocks.0.norm1.weight", "head.weight"});
    const CanonicalTensors result = canonicalNames(tensors);
    EXPECT_EQ(result.tensors.size(), tensors.size());
    for (const auto& entry : tensors) EXPECT_TRUE(result.tensors.contains(entry.first)) << entry.first;
    EXPECT_TRUE(result.warnings.empty());
}

TEST(CanonicalNames, MoveMergingLayersOfTimm10) {
    const CanonicalTensors result = canonicalNames(tensorsNamed(
        {"layers.0.blocks.0.norm1.weight", "layers.1.downsample.reduction.weight", "layers.1.downsample.norm.bias",
         "layers.1.blocks.0.norm1.weight", "head.fc.weight", "head.fc.bias"}));
    EXPECT_TRUE(result.tensors.contains("layers.0.downsample.reduction.weight"));
    EXPECT_TRUE(result.tensors.contains("layers.0.downsample.norm.bias"));
    EXPECT_TRUE(result.tensors.contains("head.weight"));
    EXPECT_TRUE(result.tensors.contains("head.bias"));
    EXPECT_EQ(result.tensors.size(), 6u);
}

TEST(CanonicalNames, RefuseTwoTensorsForOneName) {
    EXPECT_THROW(canonicalNames(tensorsNamed({"head.weight", "head.fc.weight"})), Exception);
    EXPECT_THROW(
        canonicalNames(tensorsNamed({"layers.0.blocks.0.norm1.weight", "layers.0.downsample.reduction.weight",
                                     "layers.1.blocks.0.norm1.weight", "layers.1.downsample.reduction.weight"})),
        Exception);
}

TEST(CanonicalNames, TranslateNestedWrappers) {
    const CanonicalTensors result = canonicalNames(tensorsNamed(
        {"pos_embedding", "transformer.layers.0.0.fn.to_qkv.weight", "transformer.layers.11.1.fn.net.3.bias",
         "mlp_head.0.weight", "mlp_head.1.bias", "something.else"}));
    for (const char* name : {"pos_embed", "blocks.0.attn.qkv.weight", "blocks.11.mlp.fc2.bias", "norm.weight",
                             "head.bias", "something.else"})
        EXPECT_TRUE(result.tensors.contains(name)) << name;
    EXPECT_EQ(result.headDim, 64);
    EXPECT_FALSE(result.foreignLayout.empty());
    EXPECT_EQ(result.warnings.size(), 1u);
}

TEST(CanonicalNames, TranslateTorchAttention) {
    const CanonicalTensors result = canonicalNames(tensorsNamed(
        {"patch_embedding.embed.weight", "transformer_layers.0.attention.in_proj_weight",
         "transformer_layers.0.attention.out_proj.bias", "transformer_layers.3.mlp.2.weight", "out_head.1.weight"}));
    for (const char* name :
         {"blocks.0.attn.qkv.weight", "blocks.0.attn.proj.bias", "blocks.3.mlp.fc2.weight", "head.weight"})
        EXPECT_TRUE(result.tensors.contains(name)) << name;
    EXPECT_FALSE(result.headDim.has_value());
}

TEST(LinearPatches, OfOneChannelOnlyChangeShape) {
    const CanonicalTensors result = canonicalNames({{"patch_embed.proj.weight", iota({2, 16})}});
    const HostTensor& weight = result.tensors.at("patch_embed.proj.weight");
    EXPECT_EQ(weight.shape, (Shape{2, 1, 4, 4}));
    EXPECT_EQ(weight.toFloats(), iota({2, 16}).toFloats());
}

TEST(LinearPatches, OfThreeChannelsMoveChannelsFirst) {
    const CanonicalTensors result = canonicalNames({{"patch_embed.proj.weight", iota({1, 12})}});
    const HostTensor& weight = result.tensors.at("patch_embed.proj.weight");
    EXPECT_EQ(weight.shape, (Shape{1, 3, 2, 2}));
    EXPECT_EQ(weight.toFloats(), (std::vector<float>{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}));
    EXPECT_EQ(result.warnings.size(), 1u);
}

TEST(LinearPatches, ThatAreNotSquareAreRefused) {
    EXPECT_THROW(canonicalNames({{"patch_embed.proj.weight", iota({1, 15})}}), Exception);
    EXPECT_THROW(canonicalNames({{"patch_embed.proj.weight", iota({1, 0})}}), Exception);
}

TEST(Architectures, AreFoundByTheLongestName) {
    ASSERT_NE(architectureNamed("hub/deit_tiny_distilled_patch16_224-b40b.pth"), nullptr);
    EXPECT_EQ(architectureNamed("deit_tiny_distilled_patch16_224-b40b.pth")->family, "deit_distilled");
    EXPECT_EQ(architectureNamed("vit_tiny_patch16_224.augreg_in21k")->name, "vit_tiny_patch16_224");
    EXPECT_EQ(architectureNamed("vit"), nullptr);
}

TEST(Architectures, AreFoundBySizes) {
    const std::vector<std::int64_t> twelve{12}, swinTiny{2, 2, 6, 2};
    EXPECT_EQ(architectureOfSizes(false, 384, twelve)->heads[0], 6);
    EXPECT_EQ(architectureOfSizes(true, 96, swinTiny)->name, "swin_tiny_patch4_window7_224");
    EXPECT_EQ(architectureOfSizes(false, 385, twelve), nullptr);
    EXPECT_EQ(architectureOfSizes(true, 384, twelve), nullptr);
}

TEST(Families, AreReadOffBeginnings) {
    EXPECT_EQ(familyNamed("deit_small_patch16_384"), "deit");
    EXPECT_EQ(familyNamed("deit_base_distilled"), "deit_distilled");
    EXPECT_EQ(familyNamed("swin_large"), "swin");
    EXPECT_EQ(familyNamed("resnet"), "");
    EXPECT_EQ(familyPreprocessing("vit").mean[0], 0.5);
    EXPECT_EQ(familyPreprocessing("deit").standardDeviation[2], 0.225);
}

}  // namespace
}  // namespace vitrine::models
