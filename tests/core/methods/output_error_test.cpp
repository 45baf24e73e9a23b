// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/output_error.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "quant/quantizers.h"
#include "quant/scale_search.h"

namespace vitrine::methods {
namespace {

const quant::QuantizerSpec kFourBits{.bits = 4};

/// Values as after a GELU: small ones everywhere, and one token with a massive activation.
at::Tensor valuesWithMassiveToken() {
    at::Tensor x = at::gelu(at::linspace(-3, 3, 64 * 32).reshape({64, 32}).sin().mul(2));
    x[0][5] = 60.0F;
    return x;
}

double relativeError(const at::Tensor& x, const at::Tensor& weight, const quant::Encoding& encoding) {
    const at::Tensor error = at::matmul(quant::fakeQuantize(x, encoding) - x, weight.t()).square().sum({1});
    return (error / at::matmul(x, weight.t()).square().sum({1})).mean().item<double>();
}

TEST(OutputError, ServesAllTokensAndNotTheMassiveOneAlone) {
    const at::Tensor x = valuesWithMassiveToken(), weight = at::linspace(-1, 1, 16 * 32).reshape({16, 32}).cos();
    const quant::Encoding chosen = searchByOutputError(x, weight, kFourBits, [] {});
    const double largest[] = {1.0};
    const quant::Encoding minMax = quant::searchPercentiles(x, kFourBits, 0, largest);
    EXPECT_LT(relativeError(x, weight, chosen), 0.5 * relativeError(x, weight, minMax));
    EXPECT_LT(quant::interval(chosen, 0).high, 10);
    EXPECT_NO_THROW(quant::validate(chosen));
}

TEST(OutputError, HandlesSilence) {
    const at::Tensor weight = at::ones({4, 8});
    const quant::Encoding encoding = searchByOutputError(at::zeros({10, 8}), weight, kFourBits, [] {});
    EXPECT_NO_THROW(quant::validate(encoding));
    EXPECT_EQ(quant::fakeQuantize(at::zeros({10, 8}), encoding).abs().max().item<double>(), 0);
}

TEST(OutputError, StopsWhenAsked) {
    const at::Tensor x = valuesWithMassiveToken(), weight = at::ones({16, 32});
    int calls = 0;
    EXPECT_THROW(searchByOutputError(x, weight, kFourBits, [&] { if (++calls == 3) fail(ErrorCode::stopped, "enough"); }), Exception);
    EXPECT_EQ(calls, 3);
}

}  // namespace
}  // namespace vitrine::methods
