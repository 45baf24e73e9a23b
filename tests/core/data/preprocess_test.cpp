// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/preprocess.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "formats/safetensors.h"
#include "support/reference_data.h"

namespace vitrine::data {
namespace {

formats::Image constant(int width, int height, std::uint8_t value) {
    return {width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width) * height * 3, value)};
}

formats::Image noise(int width, int height) {
    Random random(1);
    formats::Image image = constant(width, height, 0);
    for (std::uint8_t& value : image.rgb) value = static_cast<std::uint8_t>(random.bits());
    return image;
}

Preprocessing square(int side, double cropFraction) {
    Preprocessing preprocessing;
    preprocessing.width = preprocessing.height = side;
    preprocessing.cropFraction = cropFraction;
    return preprocessing;
}

TEST(Resize, ConstantPicturesStayConstant) {
    for (const Interpolation interpolation : {Interpolation::bilinear, Interpolation::bicubic}) {
        EXPECT_EQ(resize(constant(1, 1, 200), {7, 5}, interpolation), constant(7, 5, 200));
        EXPECT_EQ(resize(constant(301, 77, 255), {13, 200}, interpolation), constant(13, 200, 255));
        EXPECT_EQ(resize(constant(5, 5, 0), {9, 2}, interpolation), constant(9, 2, 0));
    }
}

TEST(Resize, HalvingByTheTriangleFilterIsAWeightedMean) {
    // Weights 1 3 3 1 of 8, cut at the edges: 0 0 255 255 gives 255 / 7 and 255 * 6 / 7.
    formats::Image image = constant(4, 1, 0);
    for (std::size_t i = 6; i < 12; ++i) image.rgb[i] = 255;
    const formats::Image half = resize(image, {2, 1}, Interpolation::bilinear);
    EXPECT_EQ(half.rgb[0], 36);
    EXPECT_EQ(half.rgb[3], 219);
}

TEST(Resize, TheSameSizeIsTheSamePicture) {
    const formats::Image image = noise(40, 30);
    EXPECT_EQ(resize(image, {40, 30}, Interpolation::bicubic), image);
    EXPECT_THROW(resize(image, {0, 30}, Interpolation::bicubic), Exception);
    EXPECT_THROW(resize(image, {1 << 20, 1 << 20}, Interpolation::bicubic), Exception);
}

TEST(Preprocessing, ResizedSizes) {
    EXPECT_EQ(resizedSize({500, 375}, square(224, 0.9)), (PictureSize{330, 248}));
    EXPECT_EQ(resizedSize({375, 500}, square(224, 0.875)), (PictureSize{256, 341}));
    EXPECT_EQ(resizedSize({256, 400}, square(224, 0.875)), (PictureSize{256, 400}));  // left alone
    Preprocessing wide = square(100, 0.9);
    wide.width = 200;
    EXPECT_EQ(resizedSize({500, 500}, wide), (PictureSize{222, 111}));
}

TEST(Preprocessing, CropOffsetsRoundHalvesToEven) {
    formats::Image row = constant(9, 1, 0);
    for (std::uint8_t x = 0; x < 9; ++x) row.rgb[3u * x] = x;
    EXPECT_EQ(centreCrop(row, {8, 1}).rgb[0], 0);  // offset 0.5
    EXPECT_EQ(centreCrop(row, {6, 1}).rgb[0], 2);  // 1.5
    EXPECT_EQ(centreCrop(row, {4, 1}).rgb[0], 2);  // 2.5
    EXPECT_EQ(centreCrop(row, {3, 1}).rgb[0], 3);
}

TEST(Preprocessing, SmallPicturesAreSurroundedByBlack) {
    const formats::Image out = centreCrop(constant(2, 6, 9), {5, 3});
    ASSERT_EQ(out.width, 5);
    ASSERT_EQ(out.height, 3);
    for (int x = 0; x < 5; ++x) EXPECT_EQ(out.rgb[3u * static_cast<unsigned>(x)], x == 1 || x == 2 ? 9 : 0) << x;
}

TEST(Preprocessing, GreyInputsTakeTheWeightedMean) {
    Preprocessing preprocessing = square(1, 1.0);
    preprocessing.channels = 1;
    preprocessing.mean = {0.5f};
    preprocessing.standardDeviation = {0.25f};
    std::vector<float> out(1);
    preprocess({1, 1, {255, 0, 0}}, preprocessing, out);
    EXPECT_FLOAT_EQ(out[0], (76.0f / 255.0f - 0.5f) / 0.25f);
}

TEST(Preprocessing, RefusesNonsense) {
    EXPECT_NO_THROW(requireValid(Preprocessing{}));
    const auto refused = [](auto change) {
        Preprocessing preprocessing;
        change(preprocessing);
        EXPECT_THROW(requireValid(preprocessing), Exception);
    };
    refused([](Preprocessing& p) { p.channels = 2; });
    refused([](Preprocessing& p) { p.width = 0; });
    refused([](Preprocessing& p) { p.cropFraction = 0.0; });
    refused([](Preprocessing& p) { p.cropFraction = 1.5; });
    refused([](Preprocessing& p) { p.mean.pop_back(); });
    refused([](Preprocessing& p) { p.standardDeviation[1] = 0.0f; });
    std::vector<float> out(3);
    EXPECT_THROW(normalise(constant(2, 2, 0), Preprocessing{}, out), Exception);
    EXPECT_THROW(interpolationNamed("nearest"), Exception);
    EXPECT_EQ(interpolationNamed(interpolationName(Interpolation::bilinear)), Interpolation::bilinear);
}

// Bytes and floats of timm's own transform, without any tolerance.
TEST(Preprocessing, EqualsTheReferenceTransform) {
    VITRINE_REQUIRE_REFERENCE("golden/preproc/preproc.json");
    const auto cases =
        nlohmann::json::parse(readTextFile(test::referencePath("golden/preproc/preproc.json"))).at("cases");
    const auto golden = formats::readSafetensors(test::referencePath("golden/preproc/preproc.safetensors"));
    const auto bytesOf = [&](const std::string& name) {
        const HostTensor tensor = golden.at(name);
        const auto view = tensor.as<std::uint8_t>();
        return std::vector<std::uint8_t>(view.begin(), view.end());
    };
    int tensors = 0;
    for (const auto& entry : cases) {
        const auto key = entry.at("key").get<std::string>();
        SCOPED_TRACE(key);
        const std::string picture = key.substr(0, key.find('.'));
        const formats::Image image = formats::readImage(test::referencePath("golden/preproc/" + picture + ".png"));
        EXPECT_EQ(image.rgb, bytesOf(picture + ".rgb"));
        const bool small = key.find(".s32_") != std::string::npos;
        Preprocessing preprocessing = square(small ? 32 : 64, std::stod(key.substr(key.find("_c") + 2)));
        preprocessing.interpolation = interpolationNamed(entry.at("interpolation").get<std::string>());
        const PictureSize size = resizedSize({image.width, image.height}, preprocessing);
        EXPECT_EQ(size, (PictureSize{entry.at("resized_wh")[0], entry.at("resized_wh")[1]}));
        EXPECT_EQ(resize(image, size, preprocessing.interpolation).rgb, bytesOf(key + ".resized_u8"));
        EXPECT_EQ(resizeAndCrop(image, preprocessing).rgb, bytesOf(key + ".cropped_u8"));
        if (!small) continue;
        ++tensors;
        std::vector<float> out(3u * 32u * 32u);
        preprocess(image, preprocessing, out);
        EXPECT_EQ(out, golden.at(key + ".tensor").toFloats());
    }
    EXPECT_EQ(cases.size(), 16u);
    EXPECT_EQ(tensors, 4);
}

}  // namespace
}  // namespace vitrine::data
