// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/graph_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "base/error.h"

namespace vitrine::widgets {
namespace {

LayoutProblem chain(std::size_t length) {
    LayoutProblem problem;
    problem.nodes.resize(length);
    for (std::size_t i = 0; i + 1 < length; ++i) problem.edges.push_back({i, i + 1});
    return problem;
}

/// input 0, a branch 1-2-3 that returns to the addition 4, another one 5-6 that returns to 7.
LayoutProblem residual() {
    LayoutProblem problem;
    problem.nodes.resize(8);
    problem.edges = {{0, 1}, {1, 2}, {2, 3}, {0, 4, true}, {3, 4}, {4, 5}, {5, 6}, {4, 7, true}, {6, 7}};
    return problem;
}

LayoutProblem randomGraph(unsigned seed, std::size_t nodes, std::size_t edges) {
    std::mt19937 random(seed);
    LayoutProblem problem;
    for (std::size_t i = 0; i < nodes; ++i)
        problem.nodes.push_back({10.0 + random() % 60, 10.0 + random() % 90, 12.0 + random() % 40});
    for (std::size_t i = 0; i < edges; ++i) {
        const std::size_t from = random() % (nodes - 1);
        problem.edges.push_back({from, std::min(nodes - 1, from + 1 + random() % 9)});
    }
    return problem;
}

void expectSound(const LayoutProblem& problem, const LayoutResult& result) {
    ASSERT_EQ(result.nodes.size(), problem.nodes.size());
    ASSERT_EQ(result.edges.size(), problem.edges.size());
    for (std::size_t a = 0; a < problem.nodes.size(); ++a) {
        const LayoutNode& box = problem.nodes[a];
        EXPECT_GE(result.nodes[a].x - box.left, -1e-9);
        EXPECT_LE(result.nodes[a].x + box.right, result.width + 1e-9);
        EXPECT_LE(result.nodes[a].y + box.height, result.height + 1e-9);
        for (std::size_t b = a + 1; b < problem.nodes.size(); ++b) {
            const bool beside = result.nodes[a].x + box.right < result.nodes[b].x - problem.nodes[b].left ||
                                result.nodes[b].x + problem.nodes[b].right < result.nodes[a].x - box.left;
            const bool above = result.nodes[a].y + box.height < result.nodes[b].y || result.nodes[b].y + problem.nodes[b].height < result.nodes[a].y;
            EXPECT_TRUE(beside || above) << a << " overlaps " << b;
        }
    }
    for (std::size_t e = 0; e < problem.edges.size(); ++e) {
        double y = result.nodes[problem.edges[e].from].y + problem.nodes[problem.edges[e].from].height;
        for (const LayoutPoint& point : result.edges[e]) {
            EXPECT_GE(point.y, y);
            y = point.y;
        }
        EXPECT_GT(result.nodes[problem.edges[e].to].y, y);
    }
}

TEST(GraphLayout, NothingNeedsNoRoom) {
    const LayoutResult result = layoutGraph({});
    EXPECT_TRUE(result.nodes.empty());
    EXPECT_EQ(result.height, 0);
}

TEST(GraphLayout, AChainIsStraight) {
    const LayoutProblem problem = chain(20);
    const LayoutResult result = layoutGraph(problem);
    expectSound(problem, result);
    for (const LayoutPoint& node : result.nodes) EXPECT_DOUBLE_EQ(node.x, result.nodes.front().x);
}

TEST(GraphLayout, TheSpineIsStraightAndOnTheLeft) {
    const LayoutProblem problem = residual();
    const LayoutResult result = layoutGraph(problem);
    expectSound(problem, result);
    EXPECT_DOUBLE_EQ(result.nodes[4].x, result.nodes[0].x);
    EXPECT_DOUBLE_EQ(result.nodes[7].x, result.nodes[0].x);
    for (const LayoutPoint& point : result.edges[3]) EXPECT_DOUBLE_EQ(point.x, result.nodes[0].x);
    for (const std::size_t branch : {1, 2, 3, 5, 6}) EXPECT_GT(result.nodes[branch].x, result.nodes[0].x);
}

TEST(GraphLayout, ParallelEdgesWithSomethingOnThemLieSideBySide) {
    LayoutProblem problem;  // a projection, its query and key, their product
    problem.nodes.resize(4);
    problem.edges = {{0, 1}, {0, 2}, {1, 3}, {2, 3}};
    const LayoutResult result = layoutGraph(problem);
    expectSound(problem, result);
    EXPECT_LT(result.nodes[1].x, result.nodes[2].x);
    EXPECT_NEAR(result.nodes[3].x, (result.nodes[1].x + result.nodes[2].x) / 2, 1e-9);
    EXPECT_NEAR(result.nodes[0].x, result.nodes[3].x, 1e-9);
}

TEST(GraphLayout, WhatNothingLeadsToStandsAboveItsReader) {
    LayoutProblem problem = chain(6);
    problem.nodes.resize(7);
    problem.edges.push_back({6, 4});
    EXPECT_EQ(layoutGraph(problem).ranks[6], 3);
}

TEST(GraphLayout, AvoidableCrossingsAreAvoided) {
    LayoutProblem problem;  // drawn in the order given, the lines would cross
    problem.nodes.resize(5);
    problem.edges = {{0, 1}, {0, 2}, {1, 4}, {2, 3}};
    const LayoutResult result = layoutGraph(problem);
    EXPECT_EQ(result.nodes[1].x < result.nodes[2].x, result.nodes[4].x < result.nodes[3].x);
}

TEST(GraphLayout, RandomGraphsDoNotOverlapAndPointDown) {
    for (unsigned seed = 1; seed <= 30; ++seed) {
        SCOPED_TRACE(seed);
        const LayoutProblem problem = randomGraph(seed, 10 + 3 * seed, 14 + 4 * seed);
        expectSound(problem, layoutGraph(problem));
    }
}

TEST(GraphLayout, TheSameProblemGivesTheSameDrawing) {
    const LayoutProblem problem = randomGraph(7, 200, 260);
    EXPECT_EQ(layoutGraph(problem), layoutGraph(problem));
}

TEST(GraphLayout, ACycleIsRefused) {
    LayoutProblem problem = chain(3);
    problem.edges.push_back({2, 0});
    EXPECT_THROW(layoutGraph(problem), Exception);
}

TEST(GraphLayout, AnEdgeToNowhereIsRefused) {
    LayoutProblem problem = chain(3);
    problem.edges.push_back({0, 3});
    EXPECT_THROW(layoutGraph(problem), Exception);
}

}  // namespace
}  // namespace vitrine::widgets
