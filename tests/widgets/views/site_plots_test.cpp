// SPDX-License-Identifier: GPL-3.0-or-later
// ErrorsView and IntervalsView.
#include <gtest/gtest.h>

#include "report/csv.h"
#include "report/run_pair.h"
#include "report/tables.h"
#include "widgets/views/compare_runs.h"
#include "widgets/views/errors_view.h"
#include "widgets/views/figures.h"
#include "widgets/views/intervals_view.h"
#include "widgets/views/plot_runs.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

using test::optionsOf;
using test::plotInput;
using test::plotPair;
using test::showAt;

std::vector<QString> walkedSites(PlotView& view, int count) {
    std::vector<QString> sites;
    test::press(view, Qt::Key_Home);
    for (int i = 0; i < count; ++i) {
        if (view.readout()) sites.push_back(view.readout()->site);
        test::press(view, Qt::Key_Right);
    }
    return sites;
}

TEST(ErrorsView, ItsTableIsThatOfTheReport) {
    ErrorsView view;
    const ViewInput input = plotInput();
    view.setInput(input);
    EXPECT_EQ(figureCsv(view).toStdString(), report::toCsv(report::errorTable(*input.a->errors("local"))));
    view.setOptions(optionsOf(view, {{"reference", "accumulated"}}));
    EXPECT_EQ(figureCsv(view).toStdString(), report::toCsv(report::errorTable(*input.a->errors("accumulated"))));
    view.setOptions(optionsOf(view, {{"reference", "both"}}));
    EXPECT_EQ(figureCsv(view).toStdString(), report::toCsv(report::layerTable(*input.a)));
    const ViewInput pair = plotPair(CompareMode::difference);
    view.setInput(pair);
    view.setOptions(optionsOf(view, {{"metric", "mse"}}));
    const auto pairs = report::sitePairs(*pair.a, *pair.b, report::SiteMetric::mse, "local");
    EXPECT_EQ(view.table().rows, report::sitePairTable(pairs, report::SiteMetric::mse, "local").rows);
}

TEST(ErrorsView, NamesTheWorstSite) {
    ErrorsView view;
    view.setInput(plotInput());
    EXPECT_EQ(view.summary(), QStringLiteral("74 sites; lowest SQNR 14.0 dB at blocks.1.mlp.gelu."));
    view.setOptions(optionsOf(view, {{"metric", "mse"}}));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("largest MSE"))) << view.summary().toStdString();
    view.setInput(plotPair(CompareMode::overlay));
    EXPECT_EQ(view.summary(), QStringLiteral("74 sites; B is better at 74, worse at 0."));
}

TEST(ErrorsView, OrdersAndFilters) {
    ErrorsView view;
    view.setInput(plotInput());
    view.setOptions(optionsOf(view, {{"order", "error"}, {"sites", "weights"}}));
    showAt(view);
    EXPECT_NEAR(view.shownPlot().xAxis->range().upper, 24.6, 1e-9) << "74 sites hold 25 weights";
    const auto sites = walkedSites(view, 3);
    const RunDataPtr run = test::makePlotRun();
    const auto sqnr = [&](const QString& site) {
        for (const auto& row : run->errors("local")->rows)
            if (row.site == site.toStdString()) return row.sqnrDb;
        return 0.0;
    };
    EXPECT_LE(sqnr(sites[0]), sqnr(sites[1]));
    EXPECT_LE(sqnr(sites[1]), sqnr(sites[2]));
}

TEST(ErrorsView, SaysWhatIsExactAndWhatIsNoNumber) {
    ErrorsView view;
    view.setInput(plotInput({.extremes = true}));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("1 exact"))) << view.summary().toStdString();
    EXPECT_TRUE(view.summary().contains(QStringLiteral("lowest SQNR \u221212.0 dB at blocks.0.mlp.gelu")));
    for (const char* metric : {"sqnr", "cosine", "mse"}) {
        view.setOptions(optionsOf(view, {{"metric", metric}, {"reference", "both"}}));
        showAt(view);
        const QCPRange range = view.shownPlot().yAxis->range();
        EXPECT_TRUE(std::isfinite(range.lower) && std::isfinite(range.upper)) << metric;
        EXPECT_LT(range.upper, 1e3);
    }
    view.setOptions(optionsOf(view));
    test::moveMouse(view, test::pixelOf(view, 3, 5));
    ASSERT_TRUE(view.readout());
    EXPECT_TRUE(view.readout()->text.contains(QStringLiteral("exact")));
    test::moveMouse(view, test::pixelOf(view, 1, 5));
    EXPECT_TRUE(view.readout()->text.contains(QStringLiteral("not a finite number")));
}

TEST(ErrorsView, DrawsAnySizeOfNetwork) {
    for (const int sites : {1, 2, 74, 600})
        for (const bool constant : {false, true})
            for (const CompareMode mode : {CompareMode::a, CompareMode::b, CompareMode::overlay, CompareMode::difference})
                for (const char* metric : {"sqnr", "cosine", "mse"}) {
                    ErrorsView view;
                    ViewInput input = plotInput({.sites = sites, .constant = constant});
                    input.b = test::makePlotRun({.id = "r0002-b", .sites = std::max(1, sites - 1), .sqnr = constant ? 20.0 : 25.0});
                    input.selection.mode = mode;
                    view.setInput(input);
                    view.setOptions(optionsOf(view, {{"metric", metric}, {"reference", "both"}}));
                    EXPECT_GT(test::coloursOf(test::figureOf(view)), 3) << sites << metric;
                    EXPECT_GT(view.shownPlot().yAxis->range().size(), 0);
                }
}

TEST(ErrorsView, PlacesStayWhenTheRunIsSwitched) {
    ErrorsView view;
    ViewInput input = plotPair(CompareMode::a);
    view.setInput(input);
    showAt(view);
    view.zoomIn();
    const QCPRange shown = view.shownPlot().xAxis->range();
    input.selection.mode = CompareMode::b;
    view.setInput(input);
    EXPECT_EQ(view.shownPlot().xAxis->range(), shown);
    input.selection.mode = CompareMode::difference;
    view.setInput(input);
    EXPECT_FALSE(view.canZoomBack());
}

TEST(IntervalsView, ItsTableIsThatOfTheReport) {
    IntervalsView view;
    const ViewInput input = plotInput();
    view.setInput(input);
    EXPECT_EQ(figureCsv(view).toStdString(), report::toCsv(report::intervalTable(*payload<results::Intervals>(input.a, "intervals"))));
    view.setInput(plotPair(CompareMode::overlay));
    EXPECT_EQ(view.table().columns.front().id, "run");
    EXPECT_EQ(view.table().rows.size(), 148U);
}

TEST(IntervalsView, ReadsOutliersBesideOrdinarySites) {
    IntervalsView view;
    view.setInput(plotInput({.extremes = true}));
    showAt(view);
    EXPECT_TRUE(view.summary().contains(QStringLiteral("at blocks.0.norm1"))) << view.summary().toStdString();
    // -580 and sites of +-3 share the axis, and an ordinary one still takes a good part of it.
    const double all = view.shownPlot().yAxis->range().size();
    const Symlog scale(0.1);
    EXPECT_GT((scale(3) - scale(-3)) / all, 0.3);
    test::moveMouse(view, test::pixelOf(view, 0, 0));
    ASSERT_TRUE(view.readout());
    EXPECT_TRUE(view.readout()->text.contains(QStringLiteral("−580"))) << view.readout()->text.toStdString();
    EXPECT_TRUE(view.readout()->text.contains(QStringLiteral("clipped")));
    test::moveMouse(view, test::pixelOf(view, 3, 0));
    EXPECT_TRUE(view.readout()->text.contains(QStringLiteral("left in float")));
}

TEST(IntervalsView, PrefersWhatWasMeasuredAtTheEnd) {
    auto run = std::make_shared<report::RunContent>(*test::makePlotRun());
    results::Intervals early{{{"early", "other", 4, -1, 1, -1, 1, -1, 1, 0, {}}}};
    run->artefacts.insert(run->artefacts.begin(), std::make_shared<results::Artefact>(results::Artefact{"calibration.intervals", "", early}));
    ViewInput input;
    input.a = run;
    IntervalsView view;
    view.setInput(input);
    EXPECT_TRUE(view.summary().startsWith(QStringLiteral("74 sites")));
}

TEST(IntervalsView, DrawsAnySizeOfNetwork) {
    for (const int sites : {1, 74, 600})
        for (const bool constant : {false, true})
            for (const CompareMode mode : {CompareMode::a, CompareMode::overlay, CompareMode::difference})
                for (const char* scale : {"symlog", "linear"})
                    for (const char* order : {"depth", "width", "clipped"}) {
                        IntervalsView view;
                        ViewInput input = plotInput({.sites = sites, .constant = constant});
                        input.b = test::makePlotRun({.id = "r0002-b", .sites = sites, .extremes = true});
                        input.selection.mode = mode;
                        view.setInput(input);
                        view.setOptions(optionsOf(view, {{"scale", scale}, {"order", order}}));
                        EXPECT_GT(test::coloursOf(test::figureOf(view)), 3) << sites << scale << order;
                    }
}

// A zoom may lead far from the data, and to ranges that a number hardly tells apart.
TEST(Symlog, TicksOfAnyRangeAreFew) {
    QCustomPlot plot;
    plot.resize(400, 300);
    plot.yAxis->setTicker(QSharedPointer<SymlogTicker>::create(Symlog(0.1), *plot.yAxis));
    for (const QCPRange& range : {QCPRange(-1e6, 1e6), QCPRange(-400, 400), QCPRange(300, 300.0001), QCPRange(12, 12 + 1e-9), QCPRange(-5, -4.99)}) {
        plot.yAxis->setRange(range);
        plot.replot();
        EXPECT_LE(plot.yAxis->tickVector().size(), 60) << range.lower << " to " << range.upper;
    }
}

TEST(Tickers, BlocksOfLayersAreToldApart) {
    QCustomPlot plot;
    plot.resize(700, 300);
    std::vector<SiteSlot> sites;
    for (int layer = 0; layer < 3; ++layer)
        for (int block = 0; block < 6; ++block)
            for (int site = 0; site < 12; ++site)
                sites.push_back({QStringLiteral("layers.%1.blocks.%2.s%3").arg(layer).arg(block).arg(site), QStringLiteral("layers.%1.blocks.%2").arg(layer).arg(block)});
    arrangeSiteAxis(plot, Theme::day(), sites, true);
    plot.replot();
    plot.replot();  // now that the axis knows its length
    QStringList labels(plot.xAxis->tickVectorLabels());
    EXPECT_TRUE(labels.contains(QStringLiteral("2.5"))) << labels.join(u' ').toStdString();
    EXPECT_EQ(labels.removeDuplicates(), 0);
}

TEST(Symlog, GoesThroughZeroAndBack) {
    const Symlog scale(0.01);
    EXPECT_DOUBLE_EQ(scale(0), 0);
    EXPECT_NEAR(scale(100) - scale(10), 1, 1e-3) << "decades are equally long";
    EXPECT_DOUBLE_EQ(scale(-3), -scale(3));
    for (const double value : {-580.0, -0.001, 0.3, 7.0}) EXPECT_NEAR(scale.inverse(scale(value)), value, 1e-9 * std::abs(value));
}

TEST(Tickers, NameWhatFits) {
    ErrorsView view;
    view.setInput(plotInput({.sites = 150}));
    showAt(view, {1200, 400});
    const auto labels = [&] { return view.findChild<QCustomPlot*>()->xAxis->tickVectorLabels(); };
    EXPECT_TRUE(labels().contains(QStringLiteral("0"))) << "25 blocks have room for their numbers";
    showAt(view, {2400, 400});
    EXPECT_TRUE(labels().contains(QStringLiteral("blocks.24")));
    for (int i = 0; i < 6; ++i) view.zoomIn();
    showAt(view, {2400, 400});
    EXPECT_FALSE(labels().filter(QStringLiteral("norm1")).isEmpty()) << "sites when few are shown";
}

}  // namespace
}  // namespace vitrine::widgets
