// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/bias_correction.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "quant/quantizers.h"
#include "quant/range_encoding.h"
#include "quant/scale_search.h"

namespace vitrine::methods {
namespace {

class BiasCorrection : public ::testing::TestWithParam<std::tuple<int, quant::Granularity, bool>> {
  protected:
    at::Tensor weight() const {
        at::manual_seed(3);
        return at::randn({12, 40}) * at::linspace(0.1, 2, 12).unsqueeze(1) + 0.3;
    }
    quant::Encoding encoding() const {
        const auto [bits, granularity, symmetric] = GetParam();
        const quant::QuantizerSpec spec{.bits = bits, .symmetric = symmetric, .granularity = granularity};
        return quant::searchShrunkRanges(weight(), spec, 0, {.candidates = 1});
    }
};

TEST_P(BiasCorrection, MatchesMeanAndSpreadOfEveryChannel) {
    const CorrectedWeight corrected = correctBias(weight(), encoding());
    const at::Tensor wanted = weight().to(at::kDouble), got = corrected.weight.to(at::kDouble);
    EXPECT_TRUE(at::allclose(got.mean({1}), wanted.mean({1}), 1e-5, 1e-6));  // single precision
    const at::Tensor spreads = quant::fakeQuantize(weight(), encoding()).std(at::IntArrayRef{1}, true) > 0;  // few bits may leave a channel one level
    EXPECT_GE(spreads.sum().item<int>(), 6);
    EXPECT_TRUE(at::allclose(got.std(at::IntArrayRef{1}, true).masked_select(spreads), wanted.std(at::IntArrayRef{1}, true).masked_select(spreads), 1e-5, 1e-6));
}

TEST_P(BiasCorrection, IsTheAffineMapOfThePaperAndItsEncodingLeavesItAsItIs) {
    const quant::Encoding before = encoding();
    const CorrectedWeight corrected = correctBias(weight(), before);
    EXPECT_NO_THROW(quant::validate(corrected.encoding));
    EXPECT_TRUE(at::equal(quant::encode(corrected.weight, corrected.encoding), quant::encode(weight(), before)));
    EXPECT_TRUE(at::equal(quant::fakeQuantize(corrected.weight, corrected.encoding), corrected.weight));
    const at::Tensor q = quant::fakeQuantize(weight(), before).to(at::kDouble), w = weight().to(at::kDouble);
    const at::Tensor expected = (q - q.mean({1}, true)) * w.std(at::IntArrayRef{1}, true, true) / (q.std(at::IntArrayRef{1}, true, true) + 1e-8) + w.mean({1}, true);
    EXPECT_TRUE(at::allclose(corrected.weight.to(at::kDouble), expected, 1e-5, 1e-5));
}

INSTANTIATE_TEST_SUITE_P(All, BiasCorrection,
                         ::testing::Combine(::testing::Values(2, 4, 8),
                                            ::testing::Values(quant::Granularity::tensor, quant::Granularity::channel),
                                            ::testing::Bool()));

TEST(BiasCorrectionAlone, KeepsTheMeanOfAChannelThatBecameConstant) {
    const at::Tensor weight = at::full({2, 8}, 0.4F);
    quant::Encoding encoding{.bits = 4, .qmax = 15, .scale = {1.0F}, .zeroPoint = {0.0F}};
    const CorrectedWeight corrected = correctBias(weight, encoding);
    EXPECT_TRUE(at::allclose(corrected.weight, weight));
}

TEST(BiasCorrectionAlone, RefusesLogarithmicQuantizers) {
    EXPECT_THROW(correctBias(at::ones({2, 2}), {.kind = quant::QuantizerKind::log2, .scale = {1.0F}}), Exception);
}

}  // namespace
}  // namespace vitrine::methods
