// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/layer_search.h"

#include <gtest/gtest.h>

#include <cmath>
#include <map>
#include <set>

namespace vitrine::methods {
namespace {

/// Scales that cover the same range at every width.
const std::vector<float>& first(int bits) {
    static std::map<int, std::vector<float>> scales;
    return scales.try_emplace(bits, std::vector<float>(5, static_cast<float>(1 / (std::exp2(bits) - 1)))).first->second;
}

Population population(std::vector<int> widths) {
    Population members(widths.size());
    for (std::size_t i = 0; i < widths.size(); ++i)
        members.insert({.scales = first(widths[i]), .bits = widths[i], .fitness = static_cast<double>(i), .born = static_cast<std::int64_t>(i)});
    return members;
}

const AllowsBits kAll = [](int) { return true; };

TEST(LayerSearch, FixedPrecisionNeverChangesBits) {
    LayerSearch search({.mixed = false}, first, kAll);
    Random random(1);
    for (int i = 0; i < 100; ++i) {
        EXPECT_EQ(search.child(population({4, 4, 4}), random)->bits, 4);
        EXPECT_EQ(search.stranger(4, random)->bits, 4);
    }
    for (const Individual& each : search.first({.scales = first(4), .bits = 4}, 6, random)) EXPECT_EQ(each.bits, 4);
}

TEST(LayerSearch, MixedPrecisionStaysWithinItsWidths) {
    LayerSearch search({.mixed = true, .minBits = 3, .maxBits = 6}, first, kAll);
    Random random(2);
    std::set<int> seen;
    for (int i = 0; i < 300; ++i) {
        seen.insert(search.child(population({3, 4, 6}), random)->bits);
        seen.insert(search.stranger(4, random)->bits);
    }
    EXPECT_EQ(seen, (std::set<int>{3, 4, 5, 6}));
}

TEST(LayerSearch, AChildCoversTheMeanOfWhatItsParentsCover) {
    LayerSearch search({.mixed = true}, first, kAll);
    Random random(3);
    for (int i = 0; i < 50; ++i) {
        const Individual child = *search.child(population({2, 4, 8}), random);
        for (const float scale : child.scales) EXPECT_NEAR(scale * (std::exp2(child.bits) - 1), 1, 0.0201);
    }
}

TEST(LayerSearch, RejectsAndCountsWhatIsAboveTheBudget) {
    LayerSearch search({.mixed = true}, first, [](int bits) { return bits <= 4; });
    Random random(4);
    for (int i = 0; i < 100; ++i)
        if (const auto child = search.child(population({4, 4}), random)) {
            EXPECT_LE(child->bits, 4);
        }
    EXPECT_GT(search.rejected(), 0);
    LayerSearch impossible({.mixed = true}, first, [](int) { return false; });
    EXPECT_FALSE(impossible.child(population({4}), random));
    EXPECT_EQ(impossible.rejected(), LayerSearch::kTries);
}

TEST(LayerSearch, BeginsWithTheNearestWidthsThenMutations) {
    LayerSearch search({.mixed = true, .minBits = 2, .maxBits = 5}, first, [](int bits) { return bits != 5; });
    Random random(5);
    const std::vector<Individual> all = search.first({.scales = first(4), .bits = 4}, 4, random);
    ASSERT_EQ(all.size(), 4u);
    EXPECT_EQ(all[0].bits, 3);
    EXPECT_EQ(all[1].bits, 2);
    EXPECT_EQ(all[2].bits, 4);
    EXPECT_EQ(all[3].bits, 4);
    EXPECT_EQ(all[0].scales, first(3));
    EXPECT_NE(all[2].scales, first(4));
    EXPECT_EQ(search.rejected(), 1);
}

TEST(LayerSearch, AbsoluteNoiseSuitsTheWidth) {
    LayerSearch search({.mixed = false, .relative = false}, first, kAll);
    Random random(6);
    const Individual child = *search.child(population({8, 8}), random);
    for (const float scale : child.scales) EXPECT_NEAR(scale, first(8)[0], 1.001e-4);
}

TEST(RelativeChange, ComparesWhatScalesCover) {
    const Individual before{.scales = {1, 2}, .bits = 4};
    EXPECT_EQ(relativeChange(before, before), 0);
    EXPECT_NEAR(relativeChange(before, {.scales = {1.1F, 1.8F}, .bits = 4}), 0.1, 1e-6);
    EXPECT_NEAR(relativeChange(before, {.scales = {5, 10}, .bits = 2}), 0, 1e-6);
    EXPECT_EQ(relativeChange({}, {}), 0);
}

}  // namespace
}  // namespace vitrine::methods
