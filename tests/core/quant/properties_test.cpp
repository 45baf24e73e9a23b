// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "core/quant/support.h"
#include "quant/quantizers.h"
#include "quant/range_encoding.h"
#include "quant/scale_search.h"

// What holds for every quantizer whatever its width, scale and zero point.
namespace vitrine {
namespace {

using namespace test;
using quant::Encoding;

constexpr int kRepeats = 40;

/// Calls f(encoding, x, x^) for random per-tensor quantizers of every variant.
template <typename F>
void forRandomQuantizers(std::uint64_t seed, const F& f) {
    Random random(seed);
    for (const Variant variant : kVariants)
        for (int repeat = 0; repeat < kRepeats; ++repeat) {
            const Encoding encoding = randomEncoding(variant, random);
            SCOPED_TRACE(describe(encoding));
            const at::Tensor x = finiteTensor({500}, encoding, random);
            f(variant, encoding, x, quant::fakeQuantize(x, encoding));
        }
}

TEST(QuantizerProperties, QuantizingTwiceChangesNothing) {
    forRandomQuantizers(1, [](Variant variant, const Encoding& encoding, const at::Tensor&, const at::Tensor& y) {
        if (hasFraction(variant)) return;  // clamped values lie between the levels there
        const at::Tensor normal = y.masked_select(y.eq(0).logical_or(y.abs().ge(1e-30)));  // subnormal ones lose digits
        EXPECT_EQ(firstDifference(quant::fakeQuantize(normal, encoding), normal), -1);
    });
}

TEST(QuantizerProperties, OnlyTheLevelsOfTheEncodingAppear) {
    forRandomQuantizers(2, [](Variant variant, const Encoding& encoding, const at::Tensor&, const at::Tensor& y) {
        const std::vector<double> levels = quant::levels(encoding, 0);
        const std::size_t extra = isUniform(variant) && variant != Variant::roundThenFraction ? 0 : 1;
        EXPECT_LE(levels.size(), (std::size_t{1} << encoding.bits) + extra);
        EXPECT_TRUE(std::is_sorted(levels.begin(), levels.end()));
        std::set<float> seen(y.data_ptr<float>(), y.data_ptr<float>() + y.numel());
        EXPECT_LE(seen.size(), levels.size());
        for (const float value : seen) {
            const auto after = std::lower_bound(levels.begin(), levels.end(), static_cast<double>(value));
            double nearest = INFINITY;
            if (after != levels.end()) nearest = *after - value;
            if (after != levels.begin()) nearest = std::min(nearest, value - *std::prev(after));
            const double rounding = 1e-6 * std::abs(value) + 1e-6 * encoding.scale[0];
            EXPECT_LE(nearest, rounding) << value;
        }
    });
}

TEST(QuantizerProperties, ErrorIsAtMostHalfAStepInsideTheRange) {
    forRandomQuantizers(3, [](Variant variant, const Encoding& encoding, const at::Tensor& x, const at::Tensor& y) {
        const quant::Interval range = quant::interval(encoding, 0);
        const double scale = encoding.scale[0];
        for (std::int64_t i = 0; i < x.numel(); ++i) {
            const double from = x.data_ptr<float>()[i], to = y.data_ptr<float>()[i];
            if (from < range.low || from > range.high) continue;
            if (isUniform(variant)) {
                const double rounding = 1e-6 * (std::abs(from) + scale * std::abs(encoding.zeroPoint[0]));
                EXPECT_LE(std::abs(from - to), scale / 2 + rounding) << from;
            } else if (to > 1e-30) {
                const double step = variant == Variant::log2 ? 1.0 : 0.5;
                EXPECT_LE(std::abs(std::log2(to / from)), step / 2 + 1e-6) << from;
            }
        }
    });
}

TEST(QuantizerProperties, OrderIsKept) {
    forRandomQuantizers(4, [](Variant, const Encoding& encoding, const at::Tensor& x, const at::Tensor&) {
        const at::Tensor y = quant::fakeQuantize(std::get<0>(x.sort()), encoding);
        EXPECT_TRUE(std::is_sorted(y.data_ptr<float>(), y.data_ptr<float>() + y.numel()));
    });
}

TEST(QuantizerProperties, ValuesStayInTheInterval) {
    forRandomQuantizers(5, [](Variant, const Encoding& encoding, const at::Tensor&, const at::Tensor& y) {
        const quant::Interval range = quant::interval(encoding, 0);
        const double rounding = 1e-6 * std::max(std::abs(range.low), std::abs(range.high));
        EXPECT_GE(y.min().item<double>(), range.low - rounding);
        EXPECT_LE(y.max().item<double>(), range.high + rounding);
    });
}

TEST(QuantizerProperties, CodesAreWithinTheEncodingsRange) {
    forRandomQuantizers(6, [](Variant variant, const Encoding& encoding, const at::Tensor& x, const at::Tensor& y) {
        const at::Tensor codes = quant::encode(x, encoding);
        const std::int64_t low = encoding.qmin - (variant == Variant::roundThenFraction ? 1 : 0);
        const std::int64_t high = encoding.qmax + (isUniform(variant) ? 0 : 1);
        EXPECT_GE(codes.min().item<std::int64_t>(), low);
        EXPECT_LE(codes.max().item<std::int64_t>(), high);
        EXPECT_EQ(firstDifference(quant::decode(codes, encoding), y), -1);
    });
}

TEST(QuantizerProperties, ChannelsAreQuantizedOneByOne) {
    Random random(7);
    for (const Variant variant : kVariants)
        for (const std::int64_t axis : {0, 1, 2}) {
            const std::vector<std::int64_t> shape{4, 5, 21};
            const std::int64_t channels = shape[static_cast<std::size_t>(axis)];
            const Encoding encoding = randomEncoding(variant, random, channels, axis);
            const at::Tensor x = awkwardTensor(shape, encoding, random);
            const at::Tensor y = quant::fakeQuantize(x, encoding);
            for (std::int64_t c = 0; c < channels; ++c)
                EXPECT_EQ(firstDifference(
                              y.select(axis, c),
                              quant::fakeQuantize(x.select(axis, c), perTensor(encoding, static_cast<std::size_t>(c)))),
                          -1);
        }
}

at::Tensor normalValues(std::int64_t count, std::uint64_t seed) {
    Random random(seed);
    at::Tensor x = at::empty({count}, at::kFloat);
    for (std::int64_t i = 0; i < count; ++i) x.data_ptr<float>()[i] = static_cast<float>(random.normal());
    return x;
}

TEST(QuantizerProperties, MoreBitsNeverMakeTheSearchedErrorLarger) {
    for (const std::uint64_t seed : {1, 2, 3}) {
        const at::Tensor x = normalValues(3000, seed);
        double previous = INFINITY;
        for (int bits = 3; bits <= 8; ++bits) {
            const double error = quant::meanSquaredError(x, quant::searchShrunkRanges(x, {.bits = bits}, 0));
            EXPECT_LE(error, previous) << bits;
            previous = error;
        }
    }
}

TEST(QuantizerProperties, TheSearchedErrorIsNotAboveThatOfTheWholeRange) {
    for (const std::uint64_t seed : {4, 5, 6, 7})
        for (const bool symmetric : {false, true})
            for (const int bits : {2, 3, 4, 6, 8}) {
                const at::Tensor x = normalValues(1000, seed).pow(3);  // long tails
                const quant::QuantizerSpec spec{.bits = bits, .symmetric = symmetric};
                const quant::Ranges range{{x.min().item<float>()}, {x.max().item<float>()}};
                const double searched = quant::meanSquaredError(x, quant::searchShrunkRanges(x, spec, 0));
                EXPECT_LE(searched, quant::meanSquaredError(x, quant::encodeRanges(spec, 0, range)));
            }
}

}  // namespace
}  // namespace vitrine
