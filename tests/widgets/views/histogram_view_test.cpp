// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/histogram_view.h"

#include <gtest/gtest.h>

#include <QCoreApplication>
#include <QSignalSpy>

#include "report/run_pair.h"
#include "report/tables.h"
#include "widgets/views/compare_runs.h"

namespace vitrine::widgets {
namespace {

ViewInput oneRun(const QString& site = {}) {
    ViewInput input;
    input.a = test::makeRun();
    input.selection.site = site;
    return input;
}

TEST(HistogramView, ShowsTheWeakestSiteThatHasOne) {
    HistogramView view;
    EXPECT_FALSE(view.emptyText().isEmpty());
    const ViewInput input = oneRun();
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().isEmpty());
    EXPECT_TRUE(view.summary().startsWith(QStringLiteral("blocks.0.mlp.gelu")));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("clipped")));
    const auto* held = payload<results::Histograms>(input.a, "histograms");
    EXPECT_EQ(view.table().rows, report::histogramTable(*held).rows);
}

TEST(HistogramView, AsksOnceForAMissingHistogram) {
    HistogramView view;
    QSignalSpy asked(&view, &View::histogramsAsked);
    for (int i = 0; i < 3; ++i) {
        view.setInput(oneRun(QStringLiteral("blocks.1.attn.softmax")));
        QCoreApplication::processEvents();
    }
    ASSERT_EQ(asked.size(), 1);
    EXPECT_EQ(asked[0][0].toStringList(), QStringList{QStringLiteral("blocks.1.attn.softmax")});
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("blocks.1.attn.softmax")));
}

TEST(HistogramView, DoesNotAskForFloatSitesOrUnfinishedRuns) {
    HistogramView view;
    QSignalSpy asked(&view, &View::histogramsAsked);
    view.setInput(oneRun(QStringLiteral("head.weight")));
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("float")));
    ViewInput live = oneRun(QStringLiteral("blocks.1.attn.softmax"));
    live.a = test::makeRun({.state = project::RunState::running});
    view.setInput(live);
    QCoreApplication::processEvents();
    EXPECT_EQ(asked.size(), 0);
}

TEST(HistogramView, TwoRunsAndTheirDifference) {
    HistogramView view;
    const ViewInput overlay = test::makePair();
    view.setInput(overlay);
    EXPECT_TRUE(view.emptyText().isEmpty());
    const QImage both = test::figureOf(view);
    view.setInput(test::makePair(CompareMode::difference));
    EXPECT_TRUE(view.emptyText().isEmpty());
    EXPECT_NE(both, test::figureOf(view));
    EXPECT_EQ(view.table().columns.back().id, "difference");
    ViewInput shifted = test::makePair(CompareMode::difference);
    shifted.b = test::makeRun({.id = "r0002", .low = -2});
    view.setInput(shifted);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("overlay")));
    shifted.selection.mode = CompareMode::overlay;
    view.setInput(shifted);
    EXPECT_TRUE(view.emptyText().isEmpty());
}

TEST(HistogramView, OptionsChangeTheDrawing) {
    HistogramView view;
    view.setInput(oneRun());
    const QImage first = test::figureOf(view);
    EXPECT_EQ(first, test::figureOf(view));
    EXPECT_GT(test::coloursOf(first), 10);
    for (const auto& change : {std::pair<std::string, std::string>{"log", "false"}, {"merge", "4"}, {"levels", "false"}, {"clipped", "false"}}) {
        view.setOptions(test::optionsOf(view, {change}));
        EXPECT_NE(first, test::figureOf(view)) << change.first;
    }
}

TEST(HistogramView, JoiningBinsKeepsAllValues) {
    const Steps steps = joinedSteps(0, 7, {1, 2, 3, 4, 5, 6, 7}, 3);
    EXPECT_EQ(steps.heights, (std::vector<double>{6, 15, 7}));
    EXPECT_DOUBLE_EQ(steps.edge(2), 6);
    EXPECT_DOUBLE_EQ(steps.edge(3), 7);  // the last one is narrower
    EXPECT_TRUE(joinedSteps(0, 1, {}, 5).heights.empty());
}

TEST(HistogramView, ManyBinsAndEmptyOnes) {
    HistogramView view;
    for (const std::size_t bins : {std::size_t{0}, std::size_t{1}, std::size_t{65536}}) {
        auto run = std::make_shared<report::RunContent>();
        results::Histogram histogram{"s", 0, 1, std::vector<std::int64_t>(bins, 3), std::vector<std::int64_t>(bins, 0), {}};
        run->artefacts = {std::make_shared<results::Artefact>(results::Artefact{"histograms", "", results::Histograms{{histogram}}})};
        ViewInput input;
        input.a = run;
        view.setInput(input);
        EXPECT_GT(test::coloursOf(test::figureOf(view)), 1) << bins;
    }
}

}  // namespace
}  // namespace vitrine::widgets
