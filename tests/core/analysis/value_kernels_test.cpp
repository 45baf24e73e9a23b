// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/value_kernels.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "base/random.h"

namespace vitrine::analysis::kernels {
namespace {

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();
constexpr std::size_t kLongest = 70;  // more than two vectors of any processor

/// Values over 80 powers of two, of both signs.
std::vector<float> valuesOf(std::size_t count, std::uint64_t seed) {
    Random random(seed);
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random.normal() * std::exp2(random.uniform(-40, 40)));
    return values;
}

TEST(ValueKernels, ProductsAreThoseOfDoublesAtEveryLength) {
    for (std::size_t count = 0; count <= kLongest; ++count) {
        const std::vector<float> y = valuesOf(count, 1), z = valuesOf(count, 2);
        Products expected;
        double largest = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const double a = y[i], b = z[i];
            expected.signal += a * a;
            expected.noise += (a - b) * (a - b);
            expected.power += b * b;
            expected.cross += a * b;
            largest = std::max(largest, std::abs(a * b));
        }
        const Products sums = products(y.data(), z.data(), static_cast<std::int64_t>(count));
        EXPECT_NEAR(sums.signal, expected.signal, 1e-13 * expected.signal)
            << count;  // only the order of the sum differs
        EXPECT_NEAR(sums.noise, expected.noise, 1e-13 * expected.noise) << count;
        EXPECT_NEAR(sums.power, expected.power, 1e-13 * expected.power) << count;
        EXPECT_NEAR(sums.cross, expected.cross, 1e-13 * static_cast<double>(count) * largest) << count;
    }
}

TEST(ValueKernels, ProductsAreNotFiniteWhereAValueIsNot) {
    for (const float odd : {kNan, kInfinity, -kInfinity}) {
        for (std::size_t place = 0; place < kLongest; ++place) {
            std::vector<float> y(kLongest, 1.0F);
            const std::vector<float> z(kLongest, 2.0F);
            y[place] = odd;
            const Products sums = products(y.data(), z.data(), static_cast<std::int64_t>(kLongest));
            EXPECT_FALSE(std::isfinite(sums.signal)) << place;
            EXPECT_FALSE(std::isfinite(sums.noise)) << place;
            EXPECT_FALSE(std::isfinite(sums.cross)) << place;
            EXPECT_EQ(sums.power, 4.0 * kLongest);
        }
    }
}

TEST(ValueKernels, MagnitudeBinsAscendAndFindExtremesAtEveryLength) {
    for (std::size_t count = 1; count <= kLongest; ++count) {
        std::vector<float> values = valuesOf(count, 3);
        std::sort(values.begin(), values.end());
        std::vector<std::uint32_t> bins(count + 1, 77);
        const Extremes extremes = magnitudeBins(values.data(), bins.data(), static_cast<std::int64_t>(count));
        EXPECT_EQ(extremes.minimum, values.front());
        EXPECT_EQ(extremes.maximum, values.back());
        EXPECT_TRUE(std::is_sorted(bins.begin(), bins.end() - 1));
        EXPECT_EQ(bins.back(), 77u);  // nothing is written behind the run
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t upper = std::bit_cast<std::uint32_t>(values[i]) >> 16;
            EXPECT_EQ(bins[i], values[i] < 0 ? 0xFFFF - upper : upper + 0x8000);
        }
    }
}

TEST(ValueKernels, MagnitudeBinsSetNanApart) {
    const std::vector<float> values = {
        kNan, -kNan, kInfinity, -kInfinity, 0.0F, -0.0F, std::bit_cast<float>(0x7F800001U)};
    std::vector<std::uint32_t> bins(values.size());
    const Extremes extremes = magnitudeBins(values.data(), bins.data(), static_cast<std::int64_t>(values.size()));
    EXPECT_EQ(bins, (std::vector<std::uint32_t>{kNanBin, kNanBin, 0xFF80, 0x007F, 0x8000, 0x7FFF, kNanBin}));
    EXPECT_EQ(extremes.minimum, -kInfinity);
    EXPECT_EQ(extremes.maximum, kInfinity);
    const Extremes none = magnitudeBins(values.data(), bins.data(), 2);
    EXPECT_GT(none.minimum, none.maximum);
}

TEST(ValueKernels, GridBinsAreThoseOfDoublesAtEveryLength) {
    const Grid grid{-1.3, 17 / 2.9, 17};
    for (std::size_t count = 0; count <= kLongest; ++count) {
        Random random(count);
        std::vector<float> values(count);
        for (float& value : values) value = static_cast<float>(random.normal());
        std::vector<std::int32_t> bins(count + 1, 77);
        gridBins(values.data(), bins.data(), static_cast<std::int64_t>(count), grid);
        EXPECT_EQ(bins.back(), 77);
        for (std::size_t i = 0; i < count; ++i)
            EXPECT_EQ(bins[i], static_cast<std::int32_t>(std::clamp((values[i] - grid.low) * grid.perUnit, 0.0, 16.0)))
                << values[i];
    }
}

TEST(ValueKernels, GridBinsOfValuesOutsideAndOfNan) {
    const std::vector<float> values = {kNan, kInfinity, -kInfinity, 1e38F, -1e38F, 0.0F, 0.999F, 1.0F};
    std::vector<std::int32_t> bins(values.size());
    gridBins(values.data(), bins.data(), static_cast<std::int64_t>(values.size()), {0, 10, 10});
    EXPECT_EQ(bins, (std::vector<std::int32_t>{10, 9, 0, 9, 0, 0, 9, 9}));
}

}  // namespace
}  // namespace vitrine::analysis::kernels
