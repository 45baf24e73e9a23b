// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_sites_view.h"

#include <gtest/gtest.h>

#include "widgets/views/compare_runs.h"

namespace vitrine::widgets {
namespace {

TEST(CompareSitesView, SaysWhatIsMissing) {
    CompareSitesView view;
    EXPECT_FALSE(view.emptyText().isEmpty());
    ViewInput input = test::makePair();
    input.b = std::make_shared<report::RunContent>();
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("both runs")));
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 1);
}

TEST(CompareSitesView, TableIsReportsAndSummaryNamesTheLargestChange) {
    CompareSitesView view;
    const ViewInput input = test::makePair();
    view.setInput(input);
    const auto pairs = report::sitePairs(*input.a, *input.b, report::SiteMetric::sqnr, "local");
    EXPECT_EQ(view.table().rows, report::sitePairTable(pairs, report::SiteMetric::sqnr, "local").rows);
    EXPECT_TRUE(view.summary().contains(QStringLiteral("blocks.0.mlp.gelu"))) << view.summary().toStdString();
    EXPECT_TRUE(view.summary().contains(QStringLiteral("B is better")));
}

TEST(CompareSitesView, MetricsModesAndDrawings) {
    CompareSitesView view;
    view.resize(800, 400);
    for (const CompareMode mode : {CompareMode::overlay, CompareMode::difference}) {
        view.setInput(test::makePair(mode));
        QImage before;
        for (const char* metric : {"sqnr", "cosine", "mse"}) {
            view.setOptions(test::optionsOf(view, {{"metric", metric}}));
            const QImage image = test::figureOf(view);
            EXPECT_GT(test::coloursOf(image), 10) << metric;
            EXPECT_NE(image, before) << metric;
            EXPECT_EQ(image, test::figureOf(view)) << metric;
            before = image;
        }
    }
    const QImage both = test::figureOf(view);
    view.setOptions(test::optionsOf(view, {{"show", "points"}}));
    EXPECT_NE(both, test::figureOf(view));
    view.setOptions(test::optionsOf(view, {{"reference", "accumulated"}}));
    EXPECT_FALSE(view.emptyText().isEmpty());
}

TEST(CompareSitesView, SameRunTwiceIsAllAlike) {
    CompareSitesView view;
    ViewInput input = test::makePair(CompareMode::difference);
    input.b = input.a;
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().isEmpty());
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 5);
}

TEST(CompareSitesView, SmallWindowsKeepTheBars) {
    CompareSitesView view;
    view.setInput(test::makePair());
    view.resize(500, 300);
    view.show();
    EXPECT_TRUE(view.findChild<SiteBarsPlot*>()->isVisible());
    EXPECT_FALSE(view.findChild<SiteScatterPlot*>()->isVisible());
    view.resize(900, 300);
    EXPECT_TRUE(view.findChild<SiteScatterPlot*>()->isVisible());
}

TEST(CompareSitesView, SixHundredSites) {
    auto big = [](double shift) {
        auto run = std::make_shared<report::RunContent>();
        results::LayerErrors errors{"local", 1, {}};
        for (int i = 0; i < 600; ++i) errors.rows.push_back({"blocks." + std::to_string(i), "weight", "b", "q", 20 + shift * (i % 7 - 3), 0.9, 1e-3});
        run->artefacts = {std::make_shared<results::Artefact>(results::Artefact{"errors.local", "", errors})};
        return run;
    };
    CompareSitesView view;
    ViewInput input;
    input.a = big(0);
    input.b = big(1);
    for (int i = 0; i < 100; ++i) view.setInput(input);
    EXPECT_EQ(view.table().rows.size(), 600u);
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 10);
}

}  // namespace
}  // namespace vitrine::widgets
