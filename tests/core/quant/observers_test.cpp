// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/observers.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

#include "base/error.h"
#include "quant/scale_search.h"

namespace vitrine::quant {
namespace {

/// Shows all batches in as many passes as the observer wants.
Encoding observe(ObserverKind kind, const QuantizerSpec& spec, std::int64_t axis, const std::vector<at::Tensor>& batches,
                 const ObserverOptions& options = {}) {
    const auto observer = makeObserver(kind, spec, axis, options);
    for (int pass = 0; pass < observer->passes(); ++pass) {
        for (const at::Tensor& batch : batches) observer->update(batch);
        observer->endPass();
    }
    return observer->encoding();
}

std::vector<at::Tensor> someBatches() {
    std::vector<at::Tensor> batches;
    for (int i = 0; i < 3; ++i) batches.push_back(at::arange(0, 24, at::kFloat).reshape({4, 6}).sin() * (1.0 + i));
    return batches;
}

TEST(Observers, MinMaxCoversAllBatches) {
    const Encoding encoding = observe(ObserverKind::minMax, {.bits = 8}, 0, {at::tensor({-1.0f, 2.0f}), at::tensor({0.0f, 3.0f})});
    EXPECT_FLOAT_EQ(encoding.scale[0], 4.0f / 255);
    EXPECT_EQ(encoding.zeroPoint[0], std::nearbyint(1.0f / encoding.scale[0]));
}

TEST(Observers, MinMaxPerChannelEqualsChannelsApart) {
    const auto batches = someBatches();
    const Encoding all = observe(ObserverKind::minMax, {.bits = 4, .granularity = Granularity::channel}, 1, batches);
    for (std::int64_t c = 0; c < 6; ++c) {
        std::vector<at::Tensor> channel;
        for (const at::Tensor& batch : batches) channel.push_back(batch.select(1, c));
        EXPECT_EQ(all.scale[static_cast<std::size_t>(c)], observe(ObserverKind::minMax, {.bits = 4}, 0, channel).scale[0]);
    }
}

TEST(Observers, EmaMovesByItsRate) {
    const Encoding encoding = observe(ObserverKind::ema, {.bits = 8}, 0, {at::tensor({0.0f, 1.0f}), at::tensor({0.0f, 3.0f})}, {.rate = 0.25});
    EXPECT_FLOAT_EQ(encoding.scale[0], 1.5f / 255);  // 1 + 0.25 (3 - 1)
}

TEST(Observers, PercentileIgnoresOutliers) {
    at::Tensor batch = at::linspace(0, 1, 1001, at::kFloat);
    batch[1000] = 100.0f;
    const Encoding encoding = observe(ObserverKind::percentile, {.bits = 8}, 0, {batch}, {.percentile = 0.99});
    EXPECT_NEAR(encoding.scale[0] * 255, 0.98, 1e-3);  // from the 1st to the 99th percentile
}

TEST(Observers, OmseOverBatchesEqualsTheSearchOverAllAtOnce) {
    const auto batches = someBatches();
    for (const auto granularity : {Granularity::tensor, Granularity::channel}) {
        const QuantizerSpec spec{.bits = 3, .granularity = granularity};
        const Encoding streamed = observe(ObserverKind::omse, spec, 1, batches);
        const Encoding whole = searchShrunkRanges(at::cat(batches), spec, 1);
        for (std::size_t i = 0; i < whole.scale.size(); ++i) EXPECT_NEAR(streamed.scale[i], whole.scale[i], 1e-6f);
        EXPECT_EQ(streamed.zeroPoint, whole.zeroPoint);
    }
}

TEST(Observers, PowerOfTwoFactorsAreTheBestOfEachChannel) {
    // Channels whose widths differ by more than the factors reach.
    const at::Tensor widths = at::tensor({16.0f, 7.0f, 3.5f, 1.6f, 0.1f});
    std::vector<at::Tensor> batches;
    for (int i = 0; i < 3; ++i) batches.push_back(at::arange(0, 200, at::kFloat).reshape({40, 5}).mul(0.7 + i).sin() * widths);
    const QuantizerSpec spec{.bits = 8, .granularity = Granularity::channel};
    const Encoding factored = observe(ObserverKind::ptf, spec, 1, batches, {.zeroPoint = ZeroPoint::clamped});
    const Encoding whole = observe(ObserverKind::minMax, {.bits = 8}, 0, batches, {.zeroPoint = ZeroPoint::clamped});
    ASSERT_EQ(factored.scale.size(), 5u);
    EXPECT_NO_THROW(validate(factored));
    std::vector<float> chosen;
    for (std::size_t c = 0; c < 5; ++c) {
        EXPECT_EQ(factored.zeroPoint[c], whole.zeroPoint[0]);
        chosen.push_back(factored.scale[c] / whole.scale[0]);
        const at::Tensor values = at::cat(batches).select(1, static_cast<std::int64_t>(c)).contiguous();
        std::vector<double> errors;
        for (const float factor : {0.125f, 0.25f, 0.5f, 1.0f}) {
            Encoding candidate = whole;
            candidate.scale[0] *= factor;
            errors.push_back(meanSquaredError(values, candidate));
        }
        const auto best = static_cast<std::size_t>(std::min_element(errors.begin(), errors.end()) - errors.begin());
        EXPECT_EQ(chosen.back(), std::exp2(static_cast<float>(best) - 3)) << c;
    }
    EXPECT_EQ(chosen.front(), 1.0f);
    EXPECT_EQ(chosen.back(), 0.125f);
    EXPECT_EQ(std::set<float>(chosen.begin(), chosen.end()).size(), 4u);
}

TEST(Observers, PowerOfTwoFactorsNeedScalesPerChannel) {
    EXPECT_THROW(makeObserver(ObserverKind::ptf, {.bits = 8}, 0), Exception);
    EXPECT_THROW(makeObserver(ObserverKind::ptf, {.kind = QuantizerKind::log2, .bits = 4, .granularity = Granularity::channel}, 0), Exception);
}

TEST(Observers, ClampedZeroPointIsACode) {
    const std::vector<at::Tensor> positive = {at::tensor({5.0f, 6.0f})};
    EXPECT_LT(observe(ObserverKind::minMax, {.bits = 4}, 0, positive).zeroPoint[0], 0);
    EXPECT_EQ(observe(ObserverKind::minMax, {.bits = 4}, 0, positive, {.zeroPoint = ZeroPoint::clamped}).zeroPoint[0], 0);
}

TEST(Observers, ConstantsGiveAUsableScale) {
    for (const float value : {0.0f, 3.0f, -2.0f}) {
        for (const auto kind : {ObserverKind::minMax, ObserverKind::ema, ObserverKind::percentile, ObserverKind::omse}) {
            const Encoding encoding = observe(kind, {.bits = 8}, 0, {at::full({10}, value, at::kFloat)});
            EXPECT_NO_THROW(validate(encoding)) << value << " " << observerName(kind);
        }
    }
}

TEST(Observers, RefuseNothingAndNonFinite) {
    EXPECT_THROW(makeObserver(ObserverKind::minMax, {}, 0)->encoding(), Exception);
    EXPECT_THROW(observe(ObserverKind::omse, {}, 0, {at::tensor({1.0f, std::numeric_limits<float>::quiet_NaN()})}), Exception);
}

TEST(Observers, NamesGoBothWays) {
    for (const auto kind : {ObserverKind::minMax, ObserverKind::ema, ObserverKind::percentile, ObserverKind::omse})
        EXPECT_EQ(observerFromName(observerName(kind)), kind);
    EXPECT_FALSE(observerFromName("hessian"));
}

}  // namespace
}  // namespace vitrine::quant
