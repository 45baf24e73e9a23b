// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "base/error.h"
#include "base/random.h"
#include "models/model.h"
#include "support/reference_data.h"
#include "tiny_networks.h"

namespace vitrine::models {
namespace {

using testing::Contains;
using testing::HasSubstr;

Error errorOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const Exception& exception) {
        return exception.error();
    }
    ADD_FAILURE() << "nothing was thrown";
    return {};
}

HostTensor floats(Shape shape, float value = 0.5f) {
    std::vector<float> values(static_cast<std::size_t>(elementCount(shape)), value);
    return HostTensor::of(std::move(values), std::move(shape));
}

formats::Checkpoint tinyVit() { return test::randomCheckpoint(test::TinyVit{}); }
ModelOverrides tinyOverrides() { return test::TinyVit{}.overrides(); }

struct Damage {
    const char* name;
    std::function<void(TensorMap&)> harm;
    ErrorCode code;
    const char* text;  ///< must stand in the error
};
std::ostream& operator<<(std::ostream& out, const Damage& damage) { return out << damage.name; }

class DamagedVits : public testing::TestWithParam<Damage> {};

TEST_P(DamagedVits, AreRefusedNamingTheCause) {
    formats::Checkpoint checkpoint = tinyVit();
    GetParam().harm(checkpoint.tensors);
    const Error error = errorOf([&] { buildModel(checkpoint, tinyOverrides(), "net.safetensors"); });
    EXPECT_EQ(error.code, GetParam().code);
    EXPECT_THAT(error.text(), HasSubstr(GetParam().text));
    EXPECT_THAT(error.where, HasSubstr("net.safetensors"));
}

INSTANTIATE_TEST_SUITE_P(
    All, DamagedVits,
    testing::Values(
        Damage{"missing", [](TensorMap& w) { w.erase("blocks.1.mlp.fc2.bias"); }, ErrorCode::badFormat,
               "1 tensor missing: blocks.1.mlp.fc2.bias"},
        Damage{"two_missing",
               [](TensorMap& w) {
                   w.erase("norm.bias");
                   w.erase("head.bias");
               },
               ErrorCode::badFormat, "2 tensors missing: norm.bias, head.bias"},
        Damage{"mis_shaped", [](TensorMap& w) { w["blocks.0.norm2.weight"] = floats({11}); }, ErrorCode::badFormat,
               "blocks.0.norm2.weight [11] instead of [10]"},
        Damage{"transposed",
               [](TensorMap& w) {
                   w["blocks.0.attn.proj.weight"] = floats({12, 10});
               },
               ErrorCode::badFormat, "blocks.0.attn.proj.weight [12, 10] instead of [10, 12]"},
        Damage{"integers", [](TensorMap& w) { w["head.bias"] = HostTensor::of(std::vector<std::int32_t>(5), {5}); },
               ErrorCode::badFormat, "head.bias (I32)"},
        Damage{"qkv_bias_in_one_block", [](TensorMap& w) { w.erase("blocks.0.attn.qkv.bias"); }, ErrorCode::badFormat,
               "blocks.0.attn.qkv.bias"},
        Damage{"missing_block",
               [](TensorMap& w) { std::erase_if(w, [](const auto& e) { return e.first.starts_with("blocks.0."); }); },
               ErrorCode::badFormat, "'blocks.1' but no 'blocks.0'"},
        Damage{"surplus_block", [](TensorMap& w) { w["blocks.7.norm1.weight"] = floats({10}); }, ErrorCode::badFormat,
               "no 'blocks.2'"},
        Damage{"short_positions",
               [](TensorMap& w) {
                   w["pos_embed"] = floats({1, 6, 10});
               },
               ErrorCode::badFormat, "images of 12x8 with patches of 4 need 6"},
        Damage{"no_positions", [](TensorMap& w) { w.erase("pos_embed"); }, ErrorCode::badFormat,
               "'pos_embed' is missing"},
        Damage{"no_head", [](TensorMap& w) { w.erase("head.weight"); }, ErrorCode::badFormat,
               "'head.weight' is missing"},
        Damage{"flat_patches",
               [](TensorMap& w) {
                   w["patch_embed.proj.weight"] = floats({10, 3, 4, 2});
               },
               ErrorCode::unsupported, "4x2"},
        Damage{"empty_dimension",
               [](TensorMap& w) {
                   w["patch_embed.proj.weight"] = floats({10, 3, 0, 0});
               },
               ErrorCode::badFormat, "patch_embed.proj.weight"},
        Damage{"qkv_rows",
               [](TensorMap& w) {
                   w["blocks.0.attn.qkv.weight"] = floats({35, 10});
               },
               ErrorCode::badFormat, "35 rows"},
        Damage{"layer_scale", [](TensorMap& w) { w["blocks.0.ls1.gamma"] = floats({10}); }, ErrorCode::unsupported,
               "layer scale"},
        Damage{"representation",
               [](TensorMap& w) {
                   w["pre_logits.fc.weight"] = floats({10, 10});
               },
               ErrorCode::unsupported, "tanh"},
        Damage{"empty_file", [](TensorMap& w) { w.clear(); }, ErrorCode::unsupported, "it is empty"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST(Problems, AreListedUpToTwenty) {
    formats::Checkpoint checkpoint = tinyVit();
    for (int i = 2; i < 4; ++i) checkpoint.tensors["blocks." + std::to_string(i) + ".norm1.weight"] = floats({10});
    const Error error = errorOf([&] { buildModel(checkpoint, tinyOverrides()); });
    EXPECT_THAT(error.what, HasSubstr("22 tensors missing: blocks.2.norm1.bias"));
    EXPECT_THAT(error.what, HasSubstr("and 2 more"));
}

TEST(Warnings, NameSurplusTensors) {
    formats::Checkpoint checkpoint = tinyVit();
    checkpoint.tensors["aux.weight"] = floats({3});
    checkpoint.warnings = {"a warning of the reader"};
    const auto warnings = buildModel(checkpoint, tinyOverrides()).warnings;
    EXPECT_THAT(warnings, Contains("1 tensor not used: aux.weight"));
    EXPECT_THAT(warnings, Contains("a warning of the reader"));
}

TEST(Warnings, NameConvertedTypesAndValuesThatAreNoNumbers) {
    formats::Checkpoint checkpoint = tinyVit();
    checkpoint.tensors["head.bias"] = HostTensor::of(std::vector<double>{1, 2, 3, 4, 1e300}, {5});
    checkpoint.tensors["norm.bias"] = floats({10}, std::numeric_limits<float>::quiet_NaN());
    const LoadedModel model = buildModel(checkpoint, tinyOverrides());
    EXPECT_THAT(model.warnings, Contains("1 tensor converted from F64 to F32: head.bias"));
    EXPECT_THAT(model.warnings,
                Contains("2 tensors with values that are infinite or no numbers: norm.bias, head.bias"));
    const HostTensor& bias = model.graph->value(model.graph->require("head.bias")).data;
    EXPECT_EQ(bias.dtype, DType::f32);
    EXPECT_EQ(bias.as<float>()[3], 4.0f);
}

TEST(Heads, AreDemandedWhereNothingTells) {
    ModelOverrides overrides = tinyOverrides();
    overrides.heads.reset();
    const Error error = errorOf([&] { buildModel(tinyVit(), overrides); });
    EXPECT_EQ(error.code, ErrorCode::invalidArgument);
    EXPECT_EQ(error.where, "model.heads");
}

TEST(Heads, ADamagedFileIsToldBeforeUnknownHeads) {
    formats::Checkpoint checkpoint = tinyVit();
    checkpoint.tensors.erase("norm.bias");
    ModelOverrides overrides = tinyOverrides();
    overrides.heads.reset();
    EXPECT_THAT(errorOf([&] { buildModel(checkpoint, overrides); }).what, HasSubstr("norm.bias"));
}

TEST(Heads, ComeFromMetadataUnlessOverridden) {
    formats::Checkpoint checkpoint = tinyVit();
    ModelOverrides overrides = tinyOverrides();
    overrides.heads.reset();
    checkpoint.metadata["head_dim"] = "4";
    EXPECT_EQ(buildModel(checkpoint, overrides).graph->info.heads[0], 3);
    checkpoint.metadata["num_heads"] = "6";
    EXPECT_EQ(buildModel(checkpoint, overrides).graph->info.heads[0], 6);
    overrides.headDim = 3;
    EXPECT_EQ(buildModel(checkpoint, overrides).graph->info.heads[0], 4);
    overrides.heads = 5;
    EXPECT_EQ(errorOf([&] { buildModel(checkpoint, overrides); }).where, "model.heads");
}

TEST(Heads, OfPublishedSizesAreAnAssumption) {
    const formats::Checkpoint checkpoint = test::randomCheckpoint(
        test::TinyVit{.height = 8, .width = 8, .dim = 192, .depth = 12, .heads = 3, .headDim = 64, .hidden = 8});
    const LoadedModel model = buildModel(checkpoint);
    EXPECT_EQ(model.graph->info.heads[0], 3);
    EXPECT_THAT(model.graph->info.assumptions, Contains(HasSubstr("3 attention heads")));
    EXPECT_THAT(model.warnings, Contains(HasSubstr("assumed: 3 attention heads")));
    EXPECT_EQ(model.graph->info.architecture, "") << "another patch size than vit_tiny_patch16_224";
}

TEST(Metadata, TellsWhatTensorsDoNot) {
    formats::Checkpoint checkpoint = tinyVit();
    checkpoint.metadata = {{"arch", "vit"},  {"num_heads", "3"}, {"act", "relu"},         {"ln_eps", "1e-5"},
                           {"norm", "post"}, {"img", "12x8"},    {"mean", "0.1,0.2,0.3"}, {"std", "0.4"},
                           {"crop", "0.8"},  {"epoch", "7"}};
    const LoadedModel model = buildModel(checkpoint);
    const graph::ModelInfo& info = model.graph->info;
    EXPECT_EQ(model.warnings, std::vector<std::string>{});
    EXPECT_EQ(info.imageHeight, 12);
    EXPECT_EQ(info.imageWidth, 8);
    EXPECT_EQ(info.mean, (std::vector<double>{0.1, 0.2, 0.3}));
    EXPECT_EQ(info.standardDeviation, (std::vector<double>{0.4, 0.4, 0.4}));
    EXPECT_EQ(info.cropFraction, 0.8);
    EXPECT_TRUE(model.graph->find("blocks.0.mlp.relu").has_value());
    EXPECT_TRUE(model.graph->find("blocks.0.resid2").has_value());
    const auto norm = model.graph->value(model.graph->require("norm")).producer;
    EXPECT_EQ(model.graph->node(norm).as<graph::LayerNormAttributes>().epsilon, 1e-5);
}

TEST(Metadata, ThatIsNotUnderstoodIsAWarning) {
    formats::Checkpoint checkpoint = tinyVit();
    checkpoint.metadata = {{"norm", "batch"}, {"img", "huge"}, {"num_heads", "-1"}};
    const auto warnings = buildModel(checkpoint, tinyOverrides()).warnings;
    for (const char* key : {"norm", "img", "num_heads"})
        EXPECT_THAT(warnings, Contains(HasSubstr(std::string("metadata: ") + key + " = "))) << key;
}

TEST(Family, OfEqualTensorsComesFromNameMetadataOrOverride) {
    formats::Checkpoint checkpoint = tinyVit();
    ModelOverrides overrides = tinyOverrides();
    const LoadedModel unnamed = buildModel(checkpoint, overrides);
    EXPECT_EQ(unnamed.graph->info.family, "vit");
    EXPECT_THAT(unnamed.graph->info.assumptions, Contains(HasSubstr("model.family=deit")));
    EXPECT_EQ(unnamed.graph->info.mean[0], 0.5);

    const LoadedModel named = buildModel(checkpoint, overrides, "folder/DeiT_mine.pth");
    EXPECT_EQ(named.graph->info.family, "deit");
    EXPECT_EQ(named.graph->info.mean[0], 0.485);

    checkpoint.metadata["arch"] = "deit_something";
    EXPECT_EQ(buildModel(checkpoint, overrides, "vit.pth").graph->info.family, "deit");
    overrides.family = "vit";
    EXPECT_EQ(buildModel(checkpoint, overrides, "deit.pth").graph->info.family, "vit");
    overrides.family = "swin";
    EXPECT_EQ(errorOf([&] { buildModel(checkpoint, overrides); }).where, "model.family");
}

TEST(Family, OfADistillationTokenIsDistilled) {
    const test::TinyVit network{.distilled = true};
    EXPECT_EQ(buildModel(test::randomCheckpoint(network), network.overrides(), "deit.pth").graph->info.family,
              "deit_distilled");
    ModelOverrides overrides = network.overrides();
    overrides.pooling = Pooling::mean;
    EXPECT_EQ(errorOf([&] { buildModel(test::randomCheckpoint(network), overrides); }).code, ErrorCode::unsupported);
}

TEST(Pooling, FollowsFromTheTensors) {
    const auto poolsByMean = [](const test::TinyVit& network) {
        ModelOverrides overrides = network.overrides();
        overrides.pooling.reset();
        const auto graph = buildModel(test::randomCheckpoint(network), overrides).graph;
        return std::ranges::any_of(graph->nodes, [](const graph::Node& node) { return node.op == graph::Op::mean; });
    };
    EXPECT_FALSE(poolsByMean({}));
    EXPECT_TRUE(poolsByMean({.classToken = false}));
    EXPECT_TRUE(poolsByMean({.finalNorm = false, .pooledNorm = true}));

    const test::TinyVit network{.classToken = false};
    ModelOverrides overrides = network.overrides();
    overrides.pooling = Pooling::classToken;
    EXPECT_EQ(errorOf([&] { buildModel(test::randomCheckpoint(network), overrides); }).where, "model.pooling");
}

TEST(ImageSize, OfAVitComesFromItsPositions) {
    const test::TinyVit network{.height = 20, .width = 20};
    ModelOverrides overrides = network.overrides();
    overrides.imageSize.reset();
    EXPECT_EQ(buildModel(test::randomCheckpoint(network), overrides).graph->info.imageWidth, 20);
    overrides.imageSize = {24, 20};
    EXPECT_THAT(errorOf([&] { buildModel(test::randomCheckpoint(network), overrides); }).text(), HasSubstr("need 30"));
    overrides.imageSize = {21, 20};
    EXPECT_THAT(errorOf([&] { buildModel(test::randomCheckpoint(network), overrides); }).text(),
                HasSubstr("do not divide"));
    overrides = tinyOverrides();
    overrides.imageSize.reset();
    EXPECT_THAT(errorOf([&] { buildModel(tinyVit(), overrides); }).text(), HasSubstr("6 patches make no square image"));
}

TEST(ImageSize, OfASwinMustBeGivenWithoutMasks) {
    const formats::Checkpoint checkpoint = test::randomCheckpoint(test::TinySwin{});
    const Error error = errorOf([&] { buildModel(checkpoint); });
    EXPECT_EQ(error.where, "model.image_size");
    EXPECT_EQ(error.code, ErrorCode::invalidArgument);
    ModelOverrides overrides;
    overrides.imageSize = {25, 22};
    EXPECT_THAT(errorOf([&] { buildModel(checkpoint, overrides); }).text(),
                HasSubstr("do not divide into patches of 2"));
    overrides.imageSize = {48, 80};
    EXPECT_EQ(buildModel(checkpoint, overrides).graph->info.imageWidth, 80);
}

TEST(ImageSize, OfASwinIsReadOffAStoredMask) {
    formats::Checkpoint checkpoint = test::randomCheckpoint(test::TinySwin{});
    checkpoint.tensors["layers.0.blocks.1.attn_mask"] = floats({9, 16, 16});
    const LoadedModel model = buildModel(checkpoint);
    EXPECT_EQ(model.graph->info.imageHeight, 3 * 4 * 2);
    for (const std::string& warning : model.warnings) EXPECT_EQ(warning.find("not used"), std::string::npos) << warning;
}

TEST(DamagedSwins, AreRefusedNamingTheCause) {
    const auto errorAfter = [](const std::function<void(TensorMap&)>& harm) {
        formats::Checkpoint checkpoint = test::randomCheckpoint(test::TinySwin{});
        harm(checkpoint.tensors);
        return errorOf([&] { buildModel(checkpoint, test::TinySwin{}.overrides()); }).text();
    };
    const std::string table = "layers.1.blocks.0.attn.relative_position_bias_table";
    EXPECT_THAT(errorAfter([&](TensorMap& t) { t.erase("layers.2.blocks.0.norm2.bias"); }),
                HasSubstr("layers.2.blocks.0.norm2.bias"));
    EXPECT_THAT(errorAfter([&](TensorMap& t) { t.erase("layers.0.downsample.norm.weight"); }),
                HasSubstr("layers.0.downsample.norm.weight"));
    EXPECT_THAT(errorAfter([&](TensorMap& t) { t[table] = floats({50, 5}); }), HasSubstr("50 rows"));
    EXPECT_THAT(errorAfter([&](TensorMap& t) { t[table] = floats({49, 3}); }), HasSubstr("do not divide into 3 heads"));
    EXPECT_THAT(errorAfter([&](TensorMap& t) { t["absolute_pos_embed"] = floats({1}); }),
                HasSubstr("absolute positions"));
    EXPECT_THAT(errorAfter([&](TensorMap& t) { t["layers.0.blocks.0.attn.logit_scale"] = floats({1}); }),
                HasSubstr("Swin V2"));
}

TEST(DamagedSwins, WindowsOfUnreasonableSizeAreRefused) {
    const test::TinySwin network{.window = 33, .dims = {1}, .depths = {1}, .heads = {1}};
    EXPECT_EQ(errorOf([&] { buildModel(test::randomCheckpoint(network), network.overrides()); }).code,
              ErrorCode::unsupported);
}

/// One random change to a random tensor: gone, renamed, reshaped, emptied, or of another type.
void damage(TensorMap& tensors, Random& random) {
    auto victim = std::next(tensors.begin(), random.integer(0, static_cast<std::int64_t>(tensors.size()) - 1));
    const auto size = [&] { return random.integer(0, 40); };
    switch (random.integer(0, 4)) {
        case 0:
            tensors.erase(victim);
            break;
        case 1: {
            auto node = tensors.extract(victim);
            node.key()[static_cast<std::size_t>(random.integer(0, static_cast<std::int64_t>(node.key().size()) - 1))] =
                '7';
            tensors.insert(std::move(node));
            break;
        }
        case 2:
            victim->second = floats(Shape{size(), size()});
            break;
        case 3:
            victim->second = floats(Shape(static_cast<std::size_t>(random.integer(0, 5)), random.integer(0, 3)));
            break;
        default:
            victim->second = HostTensor::of(std::vector<std::int64_t>(4), {2, 2});
    }
}

TEST(RandomDamage, IsNeverOurFault) {
    Random random(11);
    for (int round = 0; round < 600; ++round) {
        const bool windows = round % 2 == 0;
        formats::Checkpoint checkpoint = windows ? test::randomCheckpoint(test::TinySwin{}) : tinyVit();
        for (std::int64_t i = random.integer(1, 3); i > 0; --i) damage(checkpoint.tensors, random);
        try {
            buildModel(checkpoint, windows ? test::TinySwin{}.overrides() : tinyOverrides());
        } catch (const Exception& exception) {
            EXPECT_NE(exception.error().code, ErrorCode::internal) << exception.what();
        }
    }
}

struct BadFile {
    const char* file;
    const char* text;  ///< of the error, or null when the file loads
};
std::ostream& operator<<(std::ostream& out, const BadFile& bad) { return out << bad.file; }

class BadFiles : public testing::TestWithParam<BadFile> {};

TEST_P(BadFiles, GetWhatTheirIndexAsks) {
    const std::string file = std::string("golden/bad/") + GetParam().file;
    VITRINE_REQUIRE_REFERENCE(file);
    ModelOverrides overrides;
    overrides.heads = 2;
    const auto load = [&] { return loadModel(test::referencePath(file), overrides); };
    if (GetParam().text == nullptr) {
        EXPECT_EQ(load().graph->info.classes, 5);
        return;
    }
    EXPECT_THAT(errorOf(load).text(), testing::AllOf(HasSubstr(GetParam().text), HasSubstr(GetParam().file)));
    overrides.heads.reset();
    EXPECT_THAT(errorOf(load).text(), HasSubstr(GetParam().text)) << "also where heads are unknown";
}

INSTANTIATE_TEST_SUITE_P(All, BadFiles,
                         testing::Values(BadFile{"st_model_missing_tensor.safetensors", "blocks.1.mlp.fc2.bias"},
                                         BadFile{"st_model_int_weight.safetensors", "head.weight (I32)"},
                                         BadFile{"st_model_pos_embed_short.safetensors", "it has 16 positions"},
                                         BadFile{"st_model_prefixed.safetensors", nullptr},
                                         BadFile{"st_model_all_zero.safetensors", nullptr},
                                         BadFile{"pth_model_ddp_prefix.pth", nullptr},
                                         BadFile{"st_ok_control.safetensors", "no ViT, DeiT or Swin"}),
                         [](const auto& tested) {
                             const std::string file = tested.param.file;
                             return file.substr(0, file.find('.'));
                         });

}  // namespace
}  // namespace vitrine::models
