// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/evolution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.h"

namespace vitrine::methods {
namespace {

Individual individual(double fitness, std::int64_t born, int bits = 4) {
    return {.scales = {0.1f, 0.2f}, .bits = bits, .fitness = fitness, .born = born};
}

std::vector<std::int64_t> order(const Population& population) {
    std::vector<std::int64_t> born;
    for (const Individual& each : population.members()) born.push_back(each.born);
    return born;
}

TEST(Population, IsSortedByFitnessThenByAge) {
    Population population(4);
    population.insert(individual(2, 0));
    population.insert(individual(1, 1));
    population.insert(individual(2, 2));
    population.insert(individual(1, 3));
    EXPECT_EQ(order(population), (std::vector<std::int64_t>{1, 3, 0, 2}));
}

TEST(Population, DropsTheWorstAndSaysWhetherTheNewcomerStayed) {
    Population population(2);
    EXPECT_TRUE(population.insert(individual(2, 0)));
    EXPECT_TRUE(population.insert(individual(3, 1)));
    EXPECT_FALSE(population.insert(individual(3, 2)));  // a tie: the older one stays
    EXPECT_TRUE(population.insert(individual(1, 3)));
    EXPECT_EQ(order(population), (std::vector<std::int64_t>{3, 0}));
}

TEST(Population, NeverKeepsANumberThatIsNone) {
    Population population(2);
    population.insert(individual(std::numeric_limits<double>::quiet_NaN(), 0));
    population.insert(individual(5, 1));
    population.insert(individual(6, 2));
    EXPECT_EQ(order(population), (std::vector<std::int64_t>{1, 2}));
}

TEST(Population, ItsBestNeverGetsWorse) {
    Random random(3);
    Population population(5);
    double best = std::numeric_limits<double>::infinity();
    for (int i = 0; i < 200; ++i) {
        population.insert(individual(random.uniform(), i));
        EXPECT_LE(population.best().fitness, best);
        best = population.best().fitness;
    }
    EXPECT_EQ(population.members().size(), 5u);
}

TEST(Population, TournamentsPreferTheFit) {
    Population population(10);
    for (int i = 0; i < 10; ++i) population.insert(individual(i, i));
    Random random(1);
    double mean = 0;
    for (int i = 0; i < 2000; ++i) mean += population.tournament(3, random).fitness / 2000;
    EXPECT_NEAR(mean, 2.025, 0.15);  // expectation of the least of three draws of 0..9; four standard errors
    const auto [first, second] = population.parents(10, random);
    EXPECT_LE(first->fitness, second->fitness);
}

TEST(Population, OneMemberIsBothParents) {
    Population population(3);
    population.insert(individual(1, 0));
    Random random(1);
    const auto [first, second] = population.parents(10, random);
    EXPECT_EQ(first, second);
}

TEST(Population, IsMeasuredAnew) {
    Population population(3);
    for (int i = 0; i < 3; ++i) population.insert(individual(i, i));
    population.reassess([](Individual each) {
        each.fitness = -each.fitness;
        return each;
    });
    EXPECT_EQ(order(population), (std::vector<std::int64_t>{2, 1, 0}));
}

Individual withLosses(std::vector<double> losses) {
    Individual made = individual(std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(losses.size()), 0);
    made.losses = std::move(losses);
    return made;
}

TEST(Improves, NeedsMoreThanChance) {
    const Individual present = withLosses({3, 5, 1, 7});
    EXPECT_TRUE(improves(withLosses({2.9, 4.9, 0.9, 6.9}), present, 10)) << "the same on every image";
    // Differences -2, 1, 0, -1: mean -0.5, variance (6 - 4 / 4) / 3, standard error sqrt(5 / 3 / 4) = 0.6455, ratio 0.7746.
    const Individual doubtful = withLosses({1, 6, 1, 6});
    EXPECT_TRUE(improves(doubtful, present, 0));
    EXPECT_TRUE(improves(doubtful, present, 0.774));
    EXPECT_FALSE(improves(doubtful, present, 0.775));
    for (const double confidence : {0.0, 1.0}) {
        EXPECT_FALSE(improves(present, present, confidence));
        EXPECT_FALSE(improves(withLosses({4, 6, 2, 8}), present, confidence)) << "surely worse";
    }
}

TEST(Improves, ComparesTheFitnessWhereThereAreNoLosses) {
    EXPECT_TRUE(improves(individual(1, 0), individual(2, 1), 5));
    EXPECT_FALSE(improves(individual(2, 0), individual(2, 1), 0));
    EXPECT_FALSE(improves(individual(std::nan(""), 0), individual(2, 1), 0));
}

TEST(Population, SurvivesACheckpointExactly) {
    Population population(3);
    population.insert({.scales = {1.0f / 3, 1e-30f}, .bits = 5, .fitness = 1.0 / 3, .losses = {0.1 + 0.2, 5e-324}, .born = 7});
    population.insert(individual(std::numeric_limits<double>::infinity(), 8));
    const Population read = Population::fromJson(nlohmann::json::parse(population.toJson().dump()));
    EXPECT_EQ(read.members(), population.members());
    EXPECT_EQ(read.capacity(), 3u);
    EXPECT_THROW(Population::fromJson({{"capacity", "many"}}), Exception);
}

// T3 of docs/methods.md for CPT-V.
TEST(Mutation, StaysWithinItsAmplitudeAndAboveZero) {
    Random random(9);
    std::vector<float> scales(1000);
    for (float& scale : scales) scale = static_cast<float>(random.uniform(1e-4, 0.1));
    const std::vector<float> absolute = mutateAbsolute(scales, 1e-3, random);
    const std::vector<float> relative = mutateRelative(scales, 0.02, random);
    for (std::size_t i = 0; i < scales.size(); ++i) {
        EXPECT_GT(absolute[i], 0);
        EXPECT_LE(std::abs(absolute[i] - scales[i]), 1e-3 + 1e-8);  // a reflected scale moves less
        EXPECT_GT(relative[i], 0);
        EXPECT_LE(std::abs(relative[i] - scales[i]), 0.02 * scales[i] * (1 + 1e-5));
    }
    EXPECT_GT(std::inner_product(absolute.begin(), absolute.end(), scales.begin(), 0.0,
                                 std::plus<>(), [](float a, float b) { return a != b; }),
              990);
}

TEST(Mutation, AmplitudeFollowsTheBits) {
    EXPECT_EQ(mutationAmplitude(3), 1e-3);
    EXPECT_EQ(mutationAmplitude(4), 1e-3);
    EXPECT_NEAR(mutationAmplitude(6), 1e-3 / std::sqrt(10.0), 1e-12);
    EXPECT_EQ(mutationAmplitude(8), 1e-4);
}

TEST(Crossover, KeepsTheRangeOfParentsWithOtherBits) {
    const Individual four{.scales = {1.0f}, .bits = 4}, eight{.scales = {15.0f / 255}, .bits = 8};
    EXPECT_FLOAT_EQ(crossover(four, eight, 4)[0], 1.0f);
    EXPECT_FLOAT_EQ(crossover(four, eight, 8)[0], 15.0f / 255);
    EXPECT_FLOAT_EQ(crossover(four, four, 0)[0], 1.0f);
}

}  // namespace
}  // namespace vitrine::methods
