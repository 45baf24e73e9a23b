// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "models/hints.h"
#include "support/temporary_folder.h"

namespace vitrine::models {
namespace {

using testing::HasSubstr;

ModelOverrides overridesOf(std::initializer_list<std::pair<const char*, const char*>> texts) {
    ParameterSet parameters(overrideSchema());
    for (const auto& [key, text] : texts) parameters.setText(key, text);
    return overridesFrom(parameters);
}

TEST(Overrides, SayNothingByDefault) {
    const ModelOverrides nothing = overridesOf({});
    EXPECT_FALSE(nothing.architecture || nothing.family || nothing.heads || nothing.headDim || nothing.activation ||
                 nothing.norm);
    EXPECT_FALSE(nothing.pooling || nothing.epsilon || nothing.imageSize || nothing.cropFraction ||
                 nothing.interpolation);
    EXPECT_TRUE(nothing.mean.empty() && nothing.standardDeviation.empty());
}

TEST(Overrides, ReadEveryKey) {
    const ModelOverrides all = overridesOf({{"model.architecture", "deit_tiny_patch16_224"},
                                            {"model.family", "deit"},
                                            {"model.heads", "3"},
                                            {"model.head_dim", "64"},
                                            {"model.activation", "gelu_tanh"},
                                            {"model.norm", "post"},
                                            {"model.pooling", "mean"},
                                            {"model.epsilon", "1e-5"},
                                            {"model.image_size", "104x88"},
                                            {"model.mean", "0.1,0.2,0.3"},
                                            {"model.std", "0.5"},
                                            {"model.crop", "0.875"},
                                            {"model.interpolation", "bilinear"}});
    EXPECT_EQ(all.architecture, "deit_tiny_patch16_224");
    EXPECT_EQ(all.family, "deit");
    EXPECT_EQ(all.heads, 3);
    EXPECT_EQ(all.headDim, 64);
    EXPECT_EQ(all.activation, Activation::geluTanh);
    EXPECT_EQ(all.norm, NormPlacement::post);
    EXPECT_EQ(all.pooling, Pooling::mean);
    EXPECT_EQ(all.epsilon, 1e-5);
    EXPECT_EQ(all.imageSize, (std::array<std::int64_t, 2>{104, 88}));
    EXPECT_EQ(all.mean, (std::vector<double>{0.1, 0.2, 0.3}));
    EXPECT_EQ(all.standardDeviation, (std::vector<double>{0.5}));
    EXPECT_EQ(all.cropFraction, 0.875);
    EXPECT_EQ(all.interpolation, "bilinear");
    EXPECT_EQ(overridesOf({{"model.image_size", "224"}}).imageSize, (std::array<std::int64_t, 2>{224, 224}));
}

TEST(Overrides, RefuseWhatTheyCannotRead) {
    for (const char* text : {"x", "12x", "0", "-4", "5000", "12x13x14", "12 x 13"})
        EXPECT_THROW(overridesOf({{"model.image_size", text}}), Exception) << text;
    for (const char* text : {"a", "0.5,,0.5", "0.5;0.5", "nan", "1e9"})
        EXPECT_THROW(overridesOf({{"model.mean", text}}), Exception) << text;
    EXPECT_THROW(overridesOf({{"model.std", "0"}}), Exception);
    EXPECT_THROW(overridesOf({{"model.activation", "swish"}}), Exception);
    EXPECT_THROW(overridesOf({{"model.crop", "1.5"}}), Exception);
}

TEST(Overrides, OfTheUserComeFirst) {
    ModelOverrides user, file;
    user.heads = 4;
    user.mean = {0.5};
    file.heads = 3;
    file.headDim = 64;
    file.mean = {0.1};
    file.epsilon = 1e-5;
    const ModelOverrides both = combine(user, file);
    EXPECT_EQ(both.heads, 4);
    EXPECT_FALSE(both.headDim.has_value()) << "heads and their size say the same thing";
    EXPECT_EQ(both.mean, (std::vector<double>{0.5}));
    EXPECT_EQ(both.epsilon, 1e-5);
}

TEST(Descriptions, OfTimmRepositoriesAreRead) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "config.json", R"({"architecture": "vit_tiny_patch16_224", "num_classes": 1000,
        "global_pool": "token", "pretrained_cfg": {"input_size": [3, 224, 224], "crop_pct": 0.9, "interpolation": "bicubic",
        "mean": [0.5, 0.5, 0.5], "std": [0.25, 0.25, 0.25]}, "model_args": {"num_heads": 3}})");
    const FoundHints found = hintsBeside(folder / "model.safetensors");
    EXPECT_TRUE(found.warnings.empty());
    EXPECT_EQ(found.hints.architecture, "vit_tiny_patch16_224");
    EXPECT_EQ(found.hints.pooling, Pooling::classToken);
    EXPECT_EQ(found.hints.imageSize, (std::array<std::int64_t, 2>{224, 224}));
    EXPECT_EQ(found.hints.cropFraction, 0.9);
    EXPECT_EQ(found.hints.standardDeviation, (std::vector<double>{0.25, 0.25, 0.25}));
    EXPECT_EQ(found.hints.heads, 3);
}

TEST(Descriptions, OfTheFileItselfComeBeforeThoseOfItsFolder) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "config.json", R"({"model_args": {"num_heads": 3}})");
    writeFileAtomically(folder / "net.json",
                        R"({"cfg": {"num_heads": 4, "img_size": [104, 88]}, "layernorm_eps": [1e-6]})");
    for (const char* file : {"net.pth", "net.legacy.pth", "net.safetensors"}) {
        const ModelOverrides hints = hintsBeside(folder / file).hints;
        EXPECT_EQ(hints.heads, 4) << file;
        EXPECT_EQ(hints.epsilon, 1e-6);
        EXPECT_EQ(hints.imageSize, (std::array<std::int64_t, 2>{104, 88}));
    }
    EXPECT_EQ(hintsBeside(folder / "other.pth").hints.heads, 3);
}

TEST(Descriptions, ThatCannotBeReadAreAWarning) {
    const test::TemporaryFolder folder;
    writeFileAtomically(folder / "a.json", "{not json");
    writeFileAtomically(folder / "b.json", "[1, 2]");
    writeFileAtomically(folder / "c.json",
                        R"({"global_pool": "map", "cfg": {"num_heads": [2, 4]}, "pretrained_cfg": 3})");
    ASSERT_EQ(hintsBeside(folder / "a.pth").warnings.size(), 1u);
    EXPECT_THAT(hintsBeside(folder / "a.pth").warnings[0], HasSubstr("a.json"));
    EXPECT_TRUE(hintsBeside(folder / "b.pth").warnings.empty());
    const FoundHints c = hintsBeside(folder / "c.pth");
    ASSERT_EQ(c.warnings.size(), 1u);
    EXPECT_THAT(c.warnings[0], HasSubstr("/global_pool"));
    EXPECT_FALSE(c.hints.heads.has_value()) << "heads of several stages are read off the tensors";
    EXPECT_TRUE(hintsBeside(folder / "none" / "net.pth").warnings.empty());
}

}  // namespace
}  // namespace vitrine::models
