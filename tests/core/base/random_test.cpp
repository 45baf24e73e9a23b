// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "base/error.h"

namespace vitrine {
namespace {

TEST(RandomStreams, NamedStreamsAreReproducibleAndDifferent) {
    const RandomStreams streams(7);
    EXPECT_EQ(streams.stream("data").bits(), RandomStreams(7).stream("data").bits());
    EXPECT_NE(streams.stream("data").bits(), streams.stream("search").bits());
    EXPECT_NE(streams.stream("data").bits(), RandomStreams(8).stream("data").bits());
}

TEST(Random, StateContinuesTheSameSequence) {
    Random random(3);
    random.normal();
    Random other(0);
    other.restore(random.state());
    for (int i = 0; i < 100; ++i) EXPECT_EQ(random.bits(), other.bits());
    EXPECT_THROW(other.restore("not a state"), Exception);
}

TEST(Random, DistributionsHaveTheirMoments) {
    Random random(11);
    constexpr int count = 200000;
    double sum = 0, squares = 0;
    for (int i = 0; i < count; ++i) {
        const double x = random.normal();
        sum += x;
        squares += x * x;
    }
    EXPECT_NEAR(sum / count, 0, 0.01);  // five standard errors
    EXPECT_NEAR(squares / count, 1, 0.02);
    for (int i = 0; i < 1000; ++i) {
        const auto value = random.integer(-2, 2);
        EXPECT_GE(value, -2);
        EXPECT_LE(value, 2);
    }
}

TEST(Random, PermutationHoldsEveryIndexOnce) {
    const auto order = Random(5).permutation(50);
    EXPECT_EQ(std::set<std::int64_t>(order.begin(), order.end()).size(), 50u);
    EXPECT_NE(order.front(), 0);  // fixed seed: shuffled
}

}  // namespace
}  // namespace vitrine
