// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/scale_search.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "base/random.h"
#include "engine/tensors.h"
#include "formats/safetensors.h"
#include "quant/quantiles.h"
#include "quant/quantizers.h"
#include "support/reference_data.h"

namespace vitrine::quant {
namespace {

std::vector<float> normalValues(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random.normal());
    return values;
}

at::Tensor normalTensor(std::vector<std::int64_t> shape, std::uint64_t seed) {
    return engine::toTorch(HostTensor::of(normalValues(static_cast<std::size_t>(elementCount(shape)), seed), shape)).clone();
}

TEST(Quantiles, InterpolateBetweenSortedValues) {
    for (const std::size_t count : {1u, 2u, 7u, 1000u}) {
        std::vector<float> values = normalValues(count, count);
        std::vector<float> sorted = values;
        std::sort(sorted.begin(), sorted.end());
        const std::vector<double> probabilities = {0.0, 0.001, 0.25, 0.5, 0.5, 0.999, 1.0};
        const auto result = quantiles(values, probabilities);
        for (std::size_t i = 0; i < probabilities.size(); ++i) {
            const double position = probabilities[i] * static_cast<double>(count - 1);
            const auto below = static_cast<std::size_t>(position);
            const double above = sorted[std::min(below + 1, count - 1)];
            const double expected = sorted[below] + (above - sorted[below]) * (position - static_cast<double>(below));
            EXPECT_FLOAT_EQ(result[i], static_cast<float>(expected));
        }
    }
    EXPECT_THROW(quantiles({}, std::vector<double>{0.5}), Exception);
}

TEST(Quantiles, OfEqualValuesAndTies) {
    std::vector<float> values(1000, 3.0f);
    values.resize(2000, -1.0f);
    EXPECT_EQ(quantiles(values, std::vector<double>{0.0, 0.25, 0.75, 1.0}), (std::vector<float>{-1, -1, 3, 3}));
}

TEST(SearchPercentiles, TakesTheCandidateWithTheLeastError) {
    const at::Tensor x = normalTensor({40, 300}, 4);
    x[0][0] = 60.0f;  // an outlier that only the last candidate covers
    const std::vector<double> percentiles = {0.999, 0.9999, 1.0};
    const QuantizerSpec spec{.bits = 4};
    const Encoding best = searchPercentiles(x, spec, 0, percentiles);
    double least = std::numeric_limits<double>::infinity();
    for (const double p : percentiles)
        least = std::min(least, meanSquaredError(x, searchPercentiles(x, spec, 0, std::vector<double>{p})));
    EXPECT_EQ(meanSquaredError(x, best), least);
    EXPECT_LT(meanSquaredError(x, best), meanSquaredError(x, searchPercentiles(x, spec, 0, std::vector<double>{1.0})));
}

TEST(SearchPercentiles, TreatsChannelsApart) {
    const at::Tensor x = normalTensor({50, 6}, 9) * at::tensor({1.0f, 10.0f, 0.1f, 5.0f, 2.0f, 1.0f});
    const std::vector<double> percentiles = {0.9, 1.0};
    const Encoding all = searchPercentiles(x, {.bits = 4, .granularity = Granularity::channel}, 1, percentiles);
    ASSERT_EQ(all.scale.size(), 6u);
    for (std::int64_t c = 0; c < 6; ++c) {
        const Encoding one = searchPercentiles(x.select(1, c).contiguous(), {.bits = 4}, 0, percentiles);
        EXPECT_EQ(all.scale[static_cast<std::size_t>(c)], one.scale[0]);
        EXPECT_EQ(all.zeroPoint[static_cast<std::size_t>(c)], one.zeroPoint[0]);
    }
}

TEST(SearchShrunkRanges, NeverWorseThanMinMaxAndBetterWithMoreBits) {  // G9, G8
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        const at::Tensor x = normalTensor({500}, seed).pow(3);
        double previous = std::numeric_limits<double>::infinity();
        for (int bits = 3; bits <= 8; ++bits) {
            const QuantizerSpec spec{.bits = bits};
            const double searched = meanSquaredError(x, searchShrunkRanges(x, spec, 0));
            const double minMax = meanSquaredError(x, searchShrunkRanges(x, spec, 0, {.candidates = 1}));
            EXPECT_LE(searched, minMax);
            EXPECT_LE(searched, previous) << bits << " bits";
            previous = searched;
        }
    }
}

TEST(SearchShrunkRanges, CommonFactorShrinksAllChannelsAlike) {
    const at::Tensor x = normalTensor({200, 3}, 2);
    const QuantizerSpec spec{.bits = 3, .granularity = Granularity::channel};
    const Encoding full = searchShrunkRanges(x, spec, 1, {.candidates = 1});
    const Encoding common = searchShrunkRanges(x, spec, 1, {.common = true});
    const float factor = common.scale[0] / full.scale[0];
    EXPECT_LT(factor, 1.0f);
    for (std::size_t c = 1; c < 3; ++c) EXPECT_NEAR(common.scale[c] / full.scale[c], factor, 1e-6);
}

TEST(SearchShrunkRanges, RefusesValuesThatAreNotFinite) {
    at::Tensor x = normalTensor({10}, 1);
    x[3] = std::numeric_limits<float>::infinity();
    EXPECT_THROW(searchShrunkRanges(x, {}, 0), Exception);
}

TEST(ExactSymmetricScale, BeatsEveryScaleOfAFineGrid) {
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const std::vector<float> values = normalValues(60, seed);
        for (const std::int64_t qmax : {1, 3, 7}) {
            const ScaleChoice exact = exactSymmetricScale(values, -qmax - 1, qmax);
            EXPECT_LE(exact.error, gridSymmetricScale(values, -qmax - 1, qmax, 3000).error * (1 + 1e-12));
        }
    }
}

TEST(ExactSymmetricScale, ZerosAndConstants) {
    EXPECT_EQ(exactSymmetricScale(std::vector<float>(5, 0.0f), -8, 7).error, 0.0);
    EXPECT_NEAR(exactSymmetricScale(std::vector<float>(5, 2.5f), -8, 7).error, 0.0, 1e-20);
}

class MseGolden : public ::testing::Test {
  protected:
    void SetUp() override {
        VITRINE_REQUIRE_REFERENCE("golden/prims/mse_scale.json");
        tensors_ = formats::readSafetensors(test::referencePath("golden/prims/mse_scale.safetensors"));
        index_ = nlohmann::json::parse(readTextFile(test::referencePath("golden/prims/mse_scale.json")));
    }

    /// The tensor of a case, or one of its channels.
    std::vector<float> valuesOf(const nlohmann::json& entry) const {
        const HostTensor& tensor = tensors_.at(entry.at("tensor").get<std::string>());
        std::vector<float> values = tensor.toFloats();
        if (!entry.contains("channel") || entry["channel"].is_null()) return values;
        const std::size_t size = values.size() / static_cast<std::size_t>(tensor.shape[0]);
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(entry["channel"].get<std::size_t>() * size);
        return {first, first + static_cast<std::ptrdiff_t>(size)};
    }

    TensorMap tensors_;
    nlohmann::json index_;
};

TEST_F(MseGolden, SymmetricGridAndGlobalOptimum) {
    const auto& cases = index_["symmetric"]["cases"];
    ASSERT_EQ(cases.size(), 150u);
    for (const auto& entry : cases) {
        SCOPED_TRACE(entry.dump());
        const std::vector<float> values = valuesOf(entry);
        const auto qmin = entry["qmin"].get<std::int64_t>(), qmax = entry["qmax"].get<std::int64_t>();
        const ScaleChoice grid = gridSymmetricScale(values, qmin, qmax);
        const ScaleChoice exact = exactSymmetricScale(values, qmin, qmax);
        const double gridError = entry["grid_best_mse"], exactError = entry["exact_best_mse"];
        EXPECT_NEAR(grid.error, gridError, 1e-6 * gridError);
        EXPECT_NEAR(exact.error, exactError, 1e-6 * exactError + 1e-20);
        const bool constant = std::all_of(values.begin(), values.end(), [&](float v) { return v == values[0]; });
        if (constant) continue;
        EXPECT_EQ(grid.candidate, entry["grid_best_i"].get<int>());
    }
}

TEST_F(MseGolden, AsymmetricShrinking) {
    const auto& cases = index_["asymmetric"]["cases"];
    ASSERT_EQ(cases.size(), 30u);
    for (const auto& entry : cases) {
        SCOPED_TRACE(entry.dump());
        const std::vector<float> values = valuesOf(entry);
        const auto count = static_cast<std::int64_t>(values.size());
        const at::Tensor x = engine::toTorch(HostTensor::of(values, {count}));
        const ShrinkOptions options{.candidates = 80, .power = entry["p"].get<double>()};
        const Encoding found = searchShrunkRanges(x, {.bits = entry["bits"].get<int>()}, 0, options);
        // Our scale is in single precision, the recorded one in double.
        EXPECT_NEAR(found.scale[0], entry["scale"].get<double>(), 1e-6 * entry["scale"].get<double>());
        EXPECT_EQ(found.zeroPoint[0], entry["zero_point"].get<float>());
    }
}

}  // namespace
}  // namespace vitrine::quant
