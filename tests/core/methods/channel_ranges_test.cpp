// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/channel_ranges.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace vitrine::methods {
namespace {

/// Channels of widths 2.55, 25.5 and 0.255 about different middles.
quant::Encoding three() {
    return {.granularity = quant::Granularity::channel, .axis = 2, .scale = {0.01F, 0.1F, 0.001F}, .zeroPoint = {128, 100, 0}};
}

TEST(WithRoom, OfOneIsNone) { EXPECT_EQ(withRoom(three(), {}), three()); }

TEST(WithRoom, CoversEveryOldRange) {
    for (const ChannelRoom& room : {ChannelRoom{2, 1}, {1.5, 0.5}, {1, 0}, {3, 0}})
        for (std::size_t c = 0; c < 3; ++c) {
            const quant::Encoding roomier = withRoom(three(), room);
            const quant::Interval before = quant::interval(three(), c), after = quant::interval(roomier, c);
            EXPECT_LE(after.low, before.low + roomier.scale[c]);  // the zero point is an integer
            EXPECT_GE(after.high, before.high - roomier.scale[c]);
            EXPECT_GE(roomier.scale[c], room.headroom * three().scale[c] * 0.999);
            EXPECT_NO_THROW(quant::validate(roomier));
        }
}

TEST(WithRoom, HeadroomWidensAndFoldingNothingMakesScalesEqual) {
    const quant::Encoding wide = withRoom(three(), {2, 1});
    for (std::size_t c = 0; c < 3; ++c) EXPECT_FLOAT_EQ(wide.scale[c], 2 * three().scale[c]);
    const quant::Encoding equal = withRoom(three(), {1, 0});
    for (const float scale : equal.scale) EXPECT_FLOAT_EQ(scale, 0.1F);
    EXPECT_FLOAT_EQ(withRoom(three(), {1, 0.5}).scale[2], 0.01F);  // sqrt(0.1 * 0.001)
}

TEST(WithRoom, RefusesWhatMakesNoSense) {
    EXPECT_THROW(withRoom(three(), {0.5, 1}), Exception);
    EXPECT_THROW(withRoom(three(), {1, 2}), Exception);
    quant::Encoding log = three();
    log.kind = quant::QuantizerKind::log2;
    EXPECT_THROW(withRoom(log, {2, 1}), Exception);
}

}  // namespace
}  // namespace vitrine::methods
