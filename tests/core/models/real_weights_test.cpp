// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "base/files.h"
#include "evaluation.h"
#include "models/model.h"
#include "support/reference_data.h"
#include "tiny_networks.h"

namespace vitrine {
namespace {

std::vector<float> floatsOf(const std::string& bytes, std::size_t count) {
    std::vector<float> values(count);
    std::memcpy(values.data(), bytes.data(), count * sizeof(float));
    return values;
}

/// Interleaved 8-bit images as the network's normalized input.
HostTensor normalized(const std::string& bytes, std::int64_t count, const graph::ModelInfo& info) {
    const std::int64_t area = info.imageHeight * info.imageWidth;
    std::vector<float> values(static_cast<std::size_t>(count * 3 * area));
    for (std::int64_t image = 0; image < count; ++image)
        for (std::int64_t pixel = 0; pixel < area; ++pixel)
            for (std::int64_t c = 0; c < 3; ++c) {
                const auto level =
                    static_cast<unsigned char>(bytes[static_cast<std::size_t>((image * area + pixel) * 3 + c)]);
                const auto channel = static_cast<std::size_t>(c);
                values[static_cast<std::size_t>((image * 3 + c) * area + pixel)] =
                    static_cast<float>((level / 255.0 - info.mean[channel]) / info.standardDeviation[channel]);
            }
    return HostTensor::of(std::move(values), {count, 3, info.imageHeight, info.imageWidth});
}

TEST(RealWeights, VitTinyGivesTheReferenceLogits) {
    const std::string weights = "data/weights/vit_tiny_patch16_224_in1k.safetensors";
    const std::string crops = "data/reference/imagenet_sample_1000_first8_crop224_u8_NHWC.bin";
    const std::string logits = "data/reference/vit_tiny_logits_imagenet_sample_1000_f32.bin";
    for (const auto& file : {weights, crops, logits}) VITRINE_REQUIRE_REFERENCE(file);
    const models::LoadedModel model = models::loadModel(test::referencePath(weights));
    EXPECT_EQ(model.graph->info.architecture, "vit_tiny_patch16_224");
    EXPECT_EQ(model.warnings.size(), 1u) << "the crop alone is assumed";
    EXPECT_EQ(model.hash.size(), 32u);
    EXPECT_EQ(model.graph->info.cropFraction, 0.875) << "the file gives a normalization but no crop";
    const HostTensor images = normalized(readTextFile(test::referencePath(crops)), 8, model.graph->info);
    const auto expected = floatsOf(readTextFile(test::referencePath(logits)), 8 * 1000);
    EXPECT_LE(test::largestDifference(test::logitsOf(*model.graph, images).toFloats(), expected), 1e-3);
}

/// The original files have another code base's names; the safetensors files beside them were renamed by hand.
void expectSameLogits(const std::string& original, const std::string& renamedFile,
                      const models::ModelOverrides& overrides) {
    const models::LoadedModel foreign = models::loadModel(test::referencePath(original), overrides);
    const models::LoadedModel own = models::loadModel(test::referencePath(renamedFile));
    const graph::ModelInfo& info = own.graph->info;
    EXPECT_EQ(foreign.graph->info.heads, info.heads);
    EXPECT_EQ(foreign.graph->info.imageHeight, info.imageHeight);
    EXPECT_EQ(foreign.graph->info.mean, info.mean);
    EXPECT_EQ(info.cropFraction, 1.0);
    const auto images = test::randomImages(3, info.imageChannels, info.imageHeight, info.imageWidth);
    const auto expected = test::logitsOf(*own.graph, images);
    const auto actual = test::logitsOf(*foreign.graph, images);
    EXPECT_EQ(test::largestDifference(actual.toFloats(), expected.toFloats()), 0.0);
}

TEST(RealWeights, MnistCheckpointsAgree) {
    const std::string original = "data/weights/original/researchase_vit_mnist_gpu.pt";
    VITRINE_REQUIRE_REFERENCE(original);
    models::ModelOverrides overrides;  // no name or shape tells these
    overrides.activation = models::Activation::relu;
    overrides.mean = {0.1307};
    overrides.standardDeviation = {0.3081};
    expectSameLogits(original, "data/weights/vit_mnist_researchase.safetensors", overrides);
}

TEST(RealWeights, CifarCheckpointsAgree) {
    const std::string original = "data/weights/original/ashu_vit_model.pth";
    VITRINE_REQUIRE_REFERENCE(original);
    models::ModelOverrides overrides;
    overrides.heads = 4;
    expectSameLogits(original, "data/weights/vit_cifar10_ashu.safetensors", overrides);
}

TEST(RealWeights, OtherNetworksAreRefusedByName) {
    const std::string file = "data/weights/point_transformer_modelnet40.safetensors";
    VITRINE_REQUIRE_REFERENCE(file);
    try {
        models::loadModel(test::referencePath(file));
        FAIL() << "accepted";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::unsupported);
        EXPECT_NE(std::string(exception.what()).find("point_transformer"), std::string::npos);
    }
}

}  // namespace
}  // namespace vitrine
