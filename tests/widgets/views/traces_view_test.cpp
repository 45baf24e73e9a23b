// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/traces_view.h"

#include <gtest/gtest.h>

#include "report/csv.h"
#include "report/tables.h"
#include "widgets/views/compare_runs.h"
#include "widgets/views/figures.h"
#include "widgets/views/plot_runs.h"

namespace vitrine::widgets {
namespace {

using test::optionsOf;
using test::plotInput;
using test::plotPair;
using test::showAt;

TEST(TracesView, OffersTheSeriesOfTheRun) {
    TracesView view;
    EXPECT_EQ(view.options()[0].choices, (std::vector<std::string>{"auto", "all"}));
    const ViewInput input = plotInput();
    view.setInput(input);
    EXPECT_EQ(view.options()[0].choices, (std::vector<std::string>{"auto", "all", "search.best", "search.mean"}));
    view.setOptions(optionsOf(view, {{"series", "search.mean"}}));
    EXPECT_EQ(figureCsv(view).toStdString(), report::toCsv(report::traceTable(*payload<results::Trace>(input.a, "search.mean"))));
    view.setInput(plotInput({.points = 0}));
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("search.mean")));
    EXPECT_EQ(view.options()[0].choices, (std::vector<std::string>{"auto", "all", "search.mean"})) << "what is set stays among the choices";
}

TEST(TracesView, AutoLeavesOutWhatHasOtherAxes) {
    ViewInput input = plotInput();
    auto run = std::make_shared<report::RunContent>(*input.a);
    results::Trace first;
    first.name = "Calibration";
    first.xLabel = "sites";
    first.yLabel = "SQNR [dB]";
    first.x = {0, 1, 2};
    first.y = {40, 20, 30};
    run->artefacts.insert(run->artefacts.begin(), std::make_shared<const results::Artefact>(results::Artefact{"calibration.sqnr", "Calibration", first}));
    input.a = run;
    TracesView view;
    view.setInput(input);
    showAt(view);
    EXPECT_FALSE(view.summary().contains(QStringLiteral("Calibration")));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("One more series"))) << view.summary().toStdString();
    view.setOptions(optionsOf(view, {{"series", "all"}}));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("Calibration")));
    EXPECT_FALSE(view.summary().contains(QStringLiteral("more series")));
    view.setOptions(optionsOf(view, {{"series", "calibration.sqnr"}}));
    EXPECT_EQ(view.shownPlot().xAxis->label(), QStringLiteral("Sites")) << "as a sentence begins";
}

TEST(TracesView, SeveralSeriesShareATable) {
    TracesView view;
    view.setInput(plotPair(CompareMode::overlay));
    const report::Table table = view.table();
    EXPECT_EQ(table.rows.size(), 80U);
    EXPECT_EQ(std::get<std::string>(table.rows.back()[0]), "r0002-baseline");
    EXPECT_EQ(std::get<std::string>(table.rows.back()[1]), "search.mean");
}

TEST(TracesView, TheMeanIsTheOneItSays) {
    const std::vector<double> step{0, 1, 1, 1, 1};
    const auto smooth = exponentialMean(step, 2);
    EXPECT_DOUBLE_EQ(smooth[0], 0);
    EXPECT_NEAR(smooth[2], 0.5, 1e-12) << "half of the step after a half-life of two points";
    EXPECT_NEAR(smooth[4], 0.75, 1e-12);
    EXPECT_EQ(exponentialMean(step, 0), step);
    TracesView view;
    view.setInput(plotInput());
    view.setOptions(optionsOf(view, {{"half_life", "2.5"}}));
    showAt(view);
    EXPECT_TRUE(view.shownPlot().yAxis->label().contains(QStringLiteral("half-life 2.5 points")));
    test::press(view, Qt::Key_Home);
    ASSERT_TRUE(view.readout());
    EXPECT_TRUE(view.readout()->text.contains(QStringLiteral("raw")));
}

TEST(TracesView, SubtractsAtTheSameSteps) {
    TracesView view;
    view.setInput(plotPair(CompareMode::difference));
    EXPECT_TRUE(view.summary().startsWith(QStringLiteral("B − A. search.best: 20 points, "))) << view.summary().toStdString();
    ViewInput other = plotPair(CompareMode::difference);
    other.b = test::makePlotRun({.id = "r0003", .points = 0});
    view.setInput(other);
    EXPECT_FALSE(view.emptyText().isEmpty());
}

TEST(TracesView, DrawsAnyLength) {
    for (const int points : {1, 2, 1000, 100000})
        for (const char* log : {"false", "true"})
            for (const CompareMode mode : {CompareMode::a, CompareMode::overlay, CompareMode::difference}) {
                TracesView view;
                ViewInput input = plotInput({.points = points, .extremes = true});
                input.b = test::makePlotRun({.id = "r0002", .sqnr = 25, .points = points});
                input.selection.mode = mode;
                view.setInput(input);
                view.setOptions(optionsOf(view, {{"log", log}}));
                EXPECT_GT(test::coloursOf(test::figureOf(view)), 3) << points << log;
                EXPECT_LT(figure(view, FigureFormat::svg, {}).size(), 2 << 20) << "many points are thinned out";
            }
}

TEST(TracesView, ReadsBothRunsAtAStep) {
    TracesView view;
    view.setInput(plotPair(CompareMode::overlay));
    showAt(view);
    test::moveMouse(view, test::pixelOf(view, 19, 2.5));
    ASSERT_TRUE(view.readout());
    EXPECT_TRUE(view.readout()->text.startsWith(QStringLiteral("step 19  A: search.best")));
    EXPECT_TRUE(view.readout()->text.contains(QStringLiteral("B: search.mean")));
}

}  // namespace
}  // namespace vitrine::widgets
