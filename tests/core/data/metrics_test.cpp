// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/metrics.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"

namespace vitrine::data {
namespace {

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

using Labels = std::vector<std::int64_t>;
using Logits = std::vector<float>;

TEST(Metrics, ArgMaxTakesTheFirstOfEqualLogits) {
    EXPECT_EQ(argMax(Logits{1, 3, 3, 2}), 1);
    EXPECT_EQ(argMax(Logits{-kInfinity, -kInfinity}), 0);
    EXPECT_EQ(argMax(Logits{1, kNaN}), -1);
    EXPECT_EQ(argMax(Logits{}), -1);
}

TEST(Metrics, CountsTopOneAndTopFive) {
    Accuracy accuracy;
    accuracy.add(Logits{6, 5, 4, 3, 2, 1, 6, 5, 4, 3, 2, 1, 6, 5, 4, 3, 2, 1}, Labels{0, 4, 5}, 6);
    EXPECT_EQ(accuracy, (Accuracy{3, 1, 2}));
    accuracy.add(Logits{0, 0, 0, 0, 0, 0}, Labels{5}, 6);  // all equal: the last class is ranked sixth
    accuracy.add(Logits{0, 0, 0, 0, 0, 0}, Labels{0}, 6);
    EXPECT_EQ(accuracy, (Accuracy{5, 2, 3}));
    EXPECT_DOUBLE_EQ(accuracy.top1(), 40.0);
    EXPECT_DOUBLE_EQ(accuracy.top5(), 60.0);
    EXPECT_EQ(Accuracy{}.top1(), 0.0);
}

TEST(Metrics, NaNIsNeverRightAndUnlabelledIsNotCounted) {
    Accuracy accuracy;
    accuracy.add(Logits{kNaN, 1, 2, kNaN, kInfinity, 0, 1, 2}, Labels{1, 0, 1, -1}, 2);
    EXPECT_EQ(accuracy, (Accuracy{3, 0, 1}));
}

TEST(Metrics, RefusesSizesAndLabelsThatDoNotFit) {
    Accuracy accuracy;
    EXPECT_THROW(accuracy.add(Logits{1, 2, 3}, Labels{0, 1}, 2), Exception);
    EXPECT_THROW(accuracy.add(Logits{1, 2}, Labels{2}, 2), Exception);
    EXPECT_THROW(accuracy.add(Logits{1, 2}, Labels{-2}, 2), Exception);
    EXPECT_EQ(accuracy, Accuracy{});
}

TEST(Metrics, WilsonInterval) {
    const Interval half = wilsonInterval(50, 100);
    EXPECT_NEAR(half.low, 0.4038, 1e-4);  // textbook values
    EXPECT_NEAR(half.high, 0.5962, 1e-4);
    const Interval none = wilsonInterval(0, 10);
    EXPECT_NEAR(none.low, 0.0, 1e-12);
    EXPECT_NEAR(none.high, 0.2775, 1e-4);
    EXPECT_EQ(wilsonInterval(0, 0).high, 1.0);
    EXPECT_THROW(wilsonInterval(2, 1), Exception);
}

TEST(Metrics, Agreement) {
    EXPECT_DOUBLE_EQ(agreement(Labels{1, 2, 3, -1}, Labels{1, 0, 3, -1}), 50.0);
    EXPECT_EQ(agreement(Labels{}, Labels{}), 0.0);
    EXPECT_THROW(agreement(Labels{1}, Labels{}), Exception);
}

TEST(Divergence, IsOfTheProbabilitiesAndNeverNegative) {
    const std::vector<float> even{3, 3}, odd{3 + std::log(3.0f), 3}, shifted{1003 + std::log(3.0f), 1003};
    EXPECT_NEAR(divergence(even, odd), 0.5 * std::log(0.5 / 0.75) + 0.5 * std::log(0.5 / 0.25), 1e-7);
    EXPECT_NEAR(divergence(odd, even), 0.75 * std::log(1.5) + 0.25 * std::log(0.5), 1e-7);
    EXPECT_EQ(divergence(odd, odd), 0);
    EXPECT_NEAR(divergence(odd, shifted), 0, 1e-7) << "logits have no origin";
    EXPECT_FALSE(std::isfinite(divergence(even, std::vector<float>{std::numeric_limits<float>::quiet_NaN(), 0})));
    EXPECT_THROW(divergence(even, std::vector<float>{1}), Exception);
}

}  // namespace
}  // namespace vitrine::data
