// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/bit_budget.h"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.h"
#include "base/random.h"
#include "core/analysis/random_networks.h"
#include "quant/quantized_model.h"

namespace vitrine::methods {
namespace {

const CompleteBits kNothing = [](SiteBits&) {};

struct Setting {
    std::shared_ptr<const graph::Graph> graph;
    std::vector<graph::Site> sites = graph::findSites(*graph);

    SiteBits bits(int weight, int activation) const {
        SiteBits all;
        for (const graph::Site& site : sites) all.push_back(site.isWeight() ? weight : activation);
        return all;
    }
    std::vector<std::size_t> weights() const {
        std::vector<std::size_t> found;
        for (std::size_t i = 0; i < sites.size(); ++i)
            if (sites[i].isWeight()) found.push_back(i);
        return found;
    }
    LayerLosses losses(std::uint64_t seed) const {
        Random random(seed);
        LayerLosses losses;
        for (const std::size_t site : weights()) {
            const double size = random.uniform(0.1, 2);
            for (int b = 2; b <= 8; ++b) losses[site][b] = size * std::pow(0.25, b) * random.uniform(0.8, 1.2);
        }
        return losses;
    }
};

std::vector<Setting> settings() { return {{test::randomVit(1)}, {test::randomSwin(1)}}; }

TEST(BitBudget, CostsWhatTheQuantizedModelCosts) {
    for (const Setting& each : settings()) {
        Random random(3);
        SiteBits bits;
        std::map<std::string, quant::Encoding> encodings;
        for (const graph::Site& site : each.sites) {
            bits.push_back(static_cast<int>(random.integer(1, 8)));
            if (bits.back() == 1) bits.back() = 0;  // float
            if (bits.back() > 0) encodings[site.id].bits = bits.back();
        }
        const BitUsage usage = BitBudget(*each.graph, each.sites, {}).usage(bits);
        const quant::Cost cost = quant::cost(*each.graph, encodings);
        EXPECT_DOUBLE_EQ(usage.weightBits, cost.averageWeightBits);
        EXPECT_DOUBLE_EQ(usage.weightBitsByMacs, cost.averageWeightBitsByMacs);
        EXPECT_DOUBLE_EQ(usage.sizeBytes, cost.sizeBytes);
        EXPECT_DOUBLE_EQ(usage.bops, cost.bops);
    }
}

TEST(BitBudget, AllocationKeepsEveryLimit) {
    for (const Setting& each : settings()) {
        const BitBudget free(*each.graph, each.sites, {});
        const BitUsage at5 = free.usage(each.bits(5, 8));
        for (const BitLimits& limits : {BitLimits{.weightBits = 4.6}, BitLimits{.sizeBytes = at5.sizeBytes}, BitLimits{.bops = at5.bops},
                                        BitLimits{.weightBits = 5, .sizeBytes = at5.sizeBytes, .bops = at5.bops}}) {
            const BitBudget budget(*each.graph, each.sites, limits);
            const SiteBits bits = allocateBits(budget, each.bits(8, 8), each.losses(1), kNothing);
            EXPECT_TRUE(budget.allows(bits));
            EXPECT_GT(budget.load(bits), 0.9);
            for (const std::size_t site : each.weights()) {
                EXPECT_GE(bits[site], 2);
                EXPECT_LE(bits[site], 8);
            }
        }
    }
}

TEST(BitBudget, AllocationIsBetterThanOneWidthForAll) {
    for (const Setting& each : settings())
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            const LayerLosses losses = each.losses(seed);
            const BitBudget budget(*each.graph, each.sites, {.weightBits = 5});
            const SiteBits bits = allocateBits(budget, each.bits(8, 8), losses, kNothing);
            double mixed = 0, uniform = 0;
            for (const auto& [site, byBits] : losses) {
                mixed += byBits.at(bits[site]);
                uniform += byBits.at(5);
            }
            EXPECT_LT(mixed, uniform) << seed;
        }
}

TEST(BitBudget, AllocationIsNearTheBestOfAllForFewLayers) {
    const Setting each{test::randomVit(1)};
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        LayerLosses losses = each.losses(seed);
        while (losses.size() > 4) losses.erase(std::prev(losses.end()));
        const SiteBits start = each.bits(5, 8);
        const BitBudget budget(*each.graph, each.sites, {.weightBits = 5});
        const SiteBits found = allocateBits(budget, start, losses, kNothing);
        const auto sum = [&](const SiteBits& bits) {
            double total = 0;
            for (const auto& [site, byBits] : losses) total += byBits.at(bits[site]);
            return total;
        };
        double best = sum(start);
        for (int code = 0; code < 7 * 7 * 7 * 7; ++code) {
            SiteBits bits = start;
            int rest = code;
            for (const auto& [site, byBits] : losses) {
                bits[site] = 2 + rest % 7;
                rest /= 7;
            }
            if (budget.allows(bits)) best = std::min(best, sum(bits));
        }
        EXPECT_LE(sum(found), 1.6 * best) << seed;  // steps of whole bits: within one of the best in one layer
    }
}

TEST(BitBudget, ActivationsThatFollowCount) {
    const Setting each{test::randomVit(1)};
    const BitBudget budget(*each.graph, each.sites, {.bops = BitBudget(*each.graph, each.sites, {}).usage(each.bits(4, 5)).bops});
    const SiteBits bits = allocateBits(budget, each.bits(8, 8), each.losses(2), [&](SiteBits& all) {
        for (std::size_t i = 0; i < all.size(); ++i)
            if (!each.sites[i].isWeight()) all[i] = 5;
    });
    EXPECT_TRUE(budget.allows(bits));
    EXPECT_EQ(bits.front(), 5);
}

TEST(BitBudget, SaysWhenNothingFits) {
    const Setting each{test::randomVit(1)};
    const BitBudget budget(*each.graph, each.sites, {.weightBits = 1.5});
    EXPECT_THROW(allocateBits(budget, each.bits(8, 8), each.losses(1), kNothing), Exception);
}

}  // namespace
}  // namespace vitrine::methods
