// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "analysis/value_counts.h"

namespace vitrine::analysis {
namespace {

TEST(Comparison, MatchesFiguresByHand) {
    Comparison comparison;
    comparison.add(at::tensor({3.0F, 4.0F, 0.0F, 2.0F}).reshape({2, 2}),
                   at::tensor({3.0F, 3.0F, 0.0F, 2.0F}).reshape({2, 2}));
    EXPECT_NEAR(comparison.mse(), 0.25, 1e-12);
    EXPECT_NEAR(comparison.sqnrDb(), 10 * std::log10(29.0), 1e-9);
    EXPECT_NEAR(comparison.cosine(), (21 / (5 * std::sqrt(18.0)) + 1) / 2, 1e-9);
}

TEST(Comparison, IsTheSameInOneBatchAndInTwo) {
    const at::Tensor reference = at::arange(12, at::kFloat).reshape({4, 3}), approximation = reference.sin();
    Comparison whole, parts;
    whole.add(reference, approximation);
    parts.add(reference.narrow(0, 0, 1), approximation.narrow(0, 0, 1));
    parts.add(reference.narrow(0, 1, 3), approximation.narrow(0, 1, 3));
    EXPECT_NEAR(whole.sqnrDb(), parts.sqnrDb(), 1e-9);
    EXPECT_NEAR(whole.cosine(), parts.cosine(), 1e-12);
    EXPECT_NEAR(whole.mse(), parts.mse(), 1e-9);
}

TEST(Comparison, StaysFiniteAtTheExtremes) {
    const at::Tensor zero = at::zeros({1, 4}), one = at::ones({1, 4});
    Comparison same, silent, noise, broken;
    same.add(one, one);
    EXPECT_EQ(same.sqnrDb(), kInfiniteDb);
    EXPECT_NEAR(same.cosine(), 1, 1e-12);
    silent.add(zero, zero);
    EXPECT_EQ(silent.sqnrDb(), kInfiniteDb);
    EXPECT_EQ(silent.cosine(), 1);
    noise.add(zero, one);
    EXPECT_EQ(noise.sqnrDb(), -kInfiniteDb);
    EXPECT_EQ(noise.cosine(), 0);
    broken.add(one, one * std::numeric_limits<float>::infinity());
    EXPECT_EQ(broken.sqnrDb(), -kInfiniteDb);
    EXPECT_EQ(broken.cosine(), 0);
    EXPECT_TRUE(std::isfinite(broken.mse()));
}

TEST(Comparison, ReadsViewsAndLargeValues) {
    const at::Tensor all = at::randn({3, 5, 8});
    const at::Tensor view = all.narrow(2, 1, 3).transpose(1, 2), near = view + 0.25;
    Comparison fromView, fromCopy, large;
    fromView.add(view, near);
    fromCopy.add(view.contiguous(), near.contiguous());
    EXPECT_EQ(fromView.sqnrDb(), fromCopy.sqnrDb());
    EXPECT_EQ(fromView.cosine(), fromCopy.cosine());
    EXPECT_NEAR(fromView.mse(), 0.0625, 1e-6);  // near is rounded to float
    const at::Tensor squareOverflows = at::full({1, 4}, 1e30F);
    large.add(squareOverflows, squareOverflows * 2);
    EXPECT_NEAR(large.sqnrDb(), 0, 1e-6);
    EXPECT_NEAR(large.cosine(), 1, 1e-12);
    EXPECT_EQ(large.mse(), std::numeric_limits<float>::max());
}

TEST(ValueCounts, QuantilesOfInfiniteValuesAreNoNan) {
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    ValueCounts counts;
    counts.add(at::tensor({-kInfinity, 0.0F, kInfinity}));
    EXPECT_EQ(counts.count(), 3);
    EXPECT_EQ(counts.quantile(0), -kInfinity);
    EXPECT_EQ(counts.quantile(1), kInfinity);
}

TEST(ValueCounts, QuantilesAreRightToOnePercentAtAnyMagnitude) {
    ValueCounts counts;
    const at::Tensor values = at::cat({at::linspace(-580, -500, 11), at::linspace(-0.2, 3, 100000)});
    counts.add(values.narrow(0, 0, 5000));
    counts.add(values.narrow(0, 5000, values.numel() - 5000));
    counts.add(at::full({3}, std::numeric_limits<float>::quiet_NaN()));
    EXPECT_EQ(counts.count(), values.numel());
    EXPECT_FLOAT_EQ(static_cast<float>(counts.minimum()), -580);
    EXPECT_FLOAT_EQ(static_cast<float>(counts.maximum()), 3);
    const at::Tensor sorted = std::get<0>(values.sort());
    for (const double portion : {0.00005, 0.001, 0.3, 0.999}) {
        const double expected = sorted[static_cast<std::int64_t>(portion * (values.numel() - 1))].item<double>();
        EXPECT_NEAR(counts.quantile(portion), expected, 0.01 * std::abs(expected)) << portion;
    }
}

TEST(ValueCounts, AreEmptyWithoutValues) {
    const ValueCounts counts;
    EXPECT_EQ(counts.minimum(), 0);
    EXPECT_EQ(counts.maximum(), 0);
    EXPECT_EQ(counts.quantile(0.5), 0);
}

}  // namespace
}  // namespace vitrine::analysis
