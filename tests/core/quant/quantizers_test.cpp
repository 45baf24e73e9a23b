// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/quantizers.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/quant/support.h"

namespace vitrine {
namespace {

using namespace test;
using quant::Encoding;

/// Random values whose quotients lie at least 0.05 from every border between codes, so that single and double precision
/// agree.
at::Tensor clearValues(const Encoding& encoding, std::size_t channel, std::int64_t count, Random& random) {
    at::Tensor x = at::empty({count}, at::kDouble);
    const bool uniform = encoding.kind == quant::QuantizerKind::uniform;
    const double zero = uniform ? encoding.zeroPoint[channel] : 0;
    const double shift = encoding.rounding == quant::Rounding::shiftThenRound ? zero : std::floor(zero);
    for (std::int64_t i = 0; i < count; ++i) {
        const double code =
            static_cast<double>(random.integer(encoding.qmin - 3, encoding.qmax + 3)) + random.uniform(-0.45, 0.45);
        const double ratio = uniform                                       ? code - shift
                             : encoding.kind == quant::QuantizerKind::log2 ? std::exp2(-code)
                                                                           : std::exp2(-code / 2);
        x[i] = static_cast<double>(static_cast<float>(ratio * encoding.scale[channel]));
    }
    return x;
}

TEST(Quantizers, DoublePrecisionAgreesWithTheKernels) {
    Random random(1);
    for (const Variant variant : kVariants)
        for (int repeat = 0; repeat < 20; ++repeat) {
            const Encoding encoding = randomEncoding(variant, random);
            const at::Tensor x = clearValues(encoding, 0, 300, random);
            const at::Tensor expected = quant::fakeQuantize(x.to(at::kFloat), encoding).to(at::kDouble);
            EXPECT_TRUE(at::allclose(quant::fakeQuantize(x, encoding), expected, 1e-6, 1e-40)) << describe(encoding);
        }
}

TEST(Quantizers, ChannelsOfDoublePrecisionHaveTheirScales) {
    Random random(2);
    for (const Variant variant : kVariants) {
        const Encoding encoding = randomEncoding(variant, random, 5, 0);
        std::vector<at::Tensor> rows;
        for (std::size_t c = 0; c < 5; ++c) rows.push_back(clearValues(encoding, c, 40, random));
        const at::Tensor x = at::stack(rows);
        const at::Tensor expected = quant::fakeQuantize(x.to(at::kFloat), encoding).to(at::kDouble);
        EXPECT_TRUE(at::allclose(quant::fakeQuantize(x, encoding), expected, 1e-6, 1e-40)) << describe(encoding);
    }
}

TEST(Quantizers, GradientIsOneInsideTheRangeAndZeroOutside) {
    Random random(3);
    for (const Variant variant : kVariants) {
        const Encoding encoding = randomEncoding(variant, random, 3, 1);
        const at::Tensor x = finiteTensor({4, 3, 50}, encoding, random).requires_grad_();
        const at::Tensor y = quant::fakeQuantize(x, encoding);
        EXPECT_EQ(firstDifference(y.detach(), quant::fakeQuantize(x.detach(), encoding)), -1) << describe(encoding);
        y.sum().backward();
        EXPECT_TRUE(x.grad().eq(0).logical_or(x.grad().eq(1)).all().item<bool>());
        EXPECT_GT(x.grad().sum().item<double>(), 0) << describe(encoding);
    }
    const Encoding encoding{.bits = 2, .qmax = 3, .scale = {1.0f}, .zeroPoint = {1.0f}};
    const at::Tensor x = at::tensor({-2.0f, -1.4f, -1.0f, 0.3f, 2.4f, 2.6f}).requires_grad_();
    quant::fakeQuantize(x, encoding).sum().backward();
    EXPECT_TRUE(at::equal(x.grad(), at::tensor({0.0f, 1.0f, 1.0f, 1.0f, 1.0f, 0.0f})));
}

TEST(Quantizers, NoGradientIsKeptWhereNoneIsWanted) {
    const Encoding encoding{.bits = 4, .qmax = 15, .scale = {0.1f}, .zeroPoint = {0.0f}};
    const at::Tensor x = at::rand({10}).requires_grad_();
    const at::NoGradGuard noGradients;
    EXPECT_FALSE(quant::fakeQuantize(x, encoding).requires_grad());
}

TEST(Quantizers, RefuseTensorsThatDoNotFit) {
    Random random(4);
    const Encoding encoding = randomEncoding(Variant::roundThenShift, random, 5, 1);
    for (const at::Tensor& x : {at::zeros({5}), at::zeros({5, 4}), at::zeros({})}) {
        at::Tensor copy = x.clone();
        for (const Error& error :
             {errorOf([&] { quant::fakeQuantize(x, encoding); }), errorOf([&] { quant::encode(x, encoding); }),
              errorOf([&] { quant::fakeQuantizeInPlace(copy, encoding); }),
              errorOf([&] { quant::decode(x.to(at::kInt), encoding); })}) {
            EXPECT_EQ(error.code, ErrorCode::invalidArgument);
            EXPECT_NE(error.what.find("5 scales along dimension 1"), std::string::npos) << error.what;
        }
    }
}

TEST(Quantizers, LogarithmicCodesOfKnownValues) {
    const at::Tensor x = at::tensor({1.0f, 0.75f, 0.7f, 0.5f, 0.25f, 0.1f, 0.08f, 0.0f, -1.0f, 5.0f});
    const Encoding log2{.kind = quant::QuantizerKind::log2, .bits = 2, .qmax = 3, .scale = {1.0f}};
    EXPECT_TRUE(at::equal(quant::encode(x, log2), at::tensor({0, 0, 1, 1, 2, 3, 4, 4, 4, 0}, at::kInt)));
    EXPECT_TRUE(at::equal(quant::fakeQuantize(x, log2),
                          at::tensor({1.0f, 1.0f, 0.5f, 0.5f, 0.25f, 0.125f, 0.0f, 0.0f, 0.0f, 1.0f})));
    const Encoding half{.kind = quant::QuantizerKind::logSqrt2, .bits = 3, .qmax = 7, .scale = {2.0f}};
    EXPECT_TRUE(at::equal(quant::encode(2 * x, half), at::tensor({0, 1, 1, 2, 4, 7, 7, 8, 8, 0}, at::kInt)));
    EXPECT_FLOAT_EQ(quant::fakeQuantize(2 * x, half)[1].item<float>(), std::sqrt(2.0f));
}

}  // namespace
}  // namespace vitrine
