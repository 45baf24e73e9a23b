// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "core/quant/support.h"
#include "quant/quantized_model.h"

namespace vitrine {
namespace {

using namespace test;
using quant::Encoding;
using quant::Granularity;

Encoding ofBits(int bits) { return {.bits = bits, .qmax = (1 << bits) - 1, .scale = {0.1f}, .zeroPoint = {1.0f}}; }

Encoding perChannel(int bits, std::size_t channels) {
    Encoding encoding = ofBits(bits);
    encoding.granularity = Granularity::channel;
    encoding.scale.assign(channels, 0.1f);
    encoding.zeroPoint.assign(channels, 1.0f);
    return encoding;
}

// Of the toy network, for one image. MACs: patch 96, fc 60, scores 80, attended 80, head 10. Weights: patch 24, fc 15,
// head 10 elements; biases 3 and 2. Activations: input 32, tokens 12, fc 20, softmax 16, mean 5 elements.
const double kMacs = 96 + 60 + 80 + 80 + 10;
const double kParameters = 24 + 15 + 10 + 3 + 2;

TEST(Cost, OfAFloatNetwork) {
    const quant::Cost cost = quant::cost(*makeToyNetwork(), {});
    EXPECT_EQ(cost.bops, kMacs * 32 * 32);
    EXPECT_EQ(cost.floatBops, cost.bops);
    EXPECT_EQ(cost.floatBytes, kParameters * 4);
    EXPECT_EQ(cost.sizeBytes, cost.floatBytes);
    EXPECT_EQ(cost.encodingBytes, 0);
    EXPECT_EQ(cost.averageWeightBits, 32);
    EXPECT_EQ(cost.averageActivationBitsByMacs, 32);
}

TEST(Cost, CountedByHand) {
    Encoding symmetric = ofBits(8);
    symmetric.qmin = -128;
    symmetric.qmax = 127;
    symmetric.zeroPoint = {0.0f};
    const Encoding softmax{.kind = quant::QuantizerKind::log2, .bits = 4, .qmax = 15, .scale = {1.0f}};
    const quant::Cost cost = quant::cost(*makeToyNetwork(), {{"patch.weight", perChannel(4, 3)},
                                                             {"fc.weight", perChannel(4, 5)},
                                                             {"head.weight", symmetric},
                                                             {"tokens", ofBits(6)},
                                                             {"fc", ofBits(8)},
                                                             {"softmax", softmax}});
    EXPECT_EQ(cost.bops, 96 * 32 * 4 + 60 * 6 * 4 + 80 * 8 * 8 + 80 * 4 * 8 + 10 * 32 * 8);
    EXPECT_EQ(cost.sizeBytes, (24 * 4 + 15 * 4 + 10 * 8 + 5 * 32) / 8.0);
    EXPECT_EQ(cost.encodingBytes, (3 * (32 + 4) + 5 * (32 + 4) + 32 + (32 + 6) + (32 + 8) + 32) / 8.0);
    EXPECT_DOUBLE_EQ(cost.averageWeightBits, (24 * 4 + 15 * 4 + 10 * 8) / 49.0);
    EXPECT_DOUBLE_EQ(cost.averageActivationBits, (32 * 32 + 12 * 6 + 20 * 8 + 16 * 4 + 5 * 32) / 85.0);
    EXPECT_DOUBLE_EQ(cost.averageWeightBitsByMacs, (96 * 4 + 60 * 4 + 10 * 8) / 166.0);
    // "fc" is read three times: by both sides of the scores, and as the values.
    EXPECT_DOUBLE_EQ(cost.averageActivationBitsByMacs, (96 * 32 + 60 * 6 + 3 * 80 * 8 + 80 * 4 + 10 * 32) / 486.0);
}

TEST(Cost, FractionalZeroPointsAreStoredInSinglePrecision) {
    Encoding encoding = ofBits(4);
    encoding.zeroPoint = {2.5f};
    EXPECT_EQ(quant::cost(*makeToyNetwork(), {{"fc", encoding}}).encodingBytes, 8);
}

TEST(Cost, GrowsWithEveryBitAndStaysBelowFloat) {
    const auto network = makeToyNetwork();
    std::map<std::string, Encoding> encodings;
    for (const graph::Site& site : graph::findSites(*network)) encodings[site.id] = ofBits(2);
    quant::Cost previous = quant::cost(*network, encodings);
    for (auto& [site, encoding] : encodings)
        for (int bits = 3; bits <= 8; ++bits) {
            encoding = ofBits(bits);
            const quant::Cost cost = quant::cost(*network, encodings);
            EXPECT_GT(cost.bops, previous.bops) << site;
            EXPECT_GE(cost.sizeBytes, previous.sizeBytes) << site;
            EXPECT_LT(cost.bops, cost.floatBops);
            previous = cost;
        }
    EXPECT_EQ(previous.bops, kMacs * 64);
}

}  // namespace
}  // namespace vitrine
