// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/search_view.h"

#include <gtest/gtest.h>

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

#include "report/csv.h"
#include "report/tables.h"
#include "widgets/base/qcustomplot.h"
#include "widgets/views/compare_runs.h"
#include "widgets/views/method_runs.h"
#include "widgets/views/plot_runs.h"

namespace vitrine::widgets {
namespace {

const results::SearchHistory& historyOf(const RunDataPtr& run) { return std::get<results::SearchHistory>(run->artefacts.front()->payload); }

ViewInput one() {
    ViewInput input;
    input.a = test::searchRun();
    return input;
}

ViewInput two(CompareMode mode) {
    ViewInput input = one();
    input.b = test::searchRun({.id = "r0002-clampvit", .candidates = 40, .gain = 3});
    input.selection.mode = mode;
    return input;
}

TEST(SearchView, SaysWhatIsMissing) {
    SearchView view;
    EXPECT_TRUE(view.emptyText().startsWith(QStringLiteral("No run")));
    ViewInput input;
    input.a = test::makeRun();
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("made no search")));
    EXPECT_TRUE(view.table().rows.empty());
    input.a = test::makeRun({.state = project::RunState::running});
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("No candidates yet")));
    input.a = test::searchRun({.candidates = 0, .state = project::RunState::running});
    view.setInput(input);
    EXPECT_FALSE(view.emptyText().isEmpty());
}

TEST(SearchView, ItsTableIsThatOfTheArtefact) {
    SearchView view;
    const ViewInput input = one();
    view.setInput(input);
    EXPECT_EQ(report::toCsv(view.table()), report::toCsv(report::searchTable(historyOf(input.a))));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("60 evaluations"))) << view.summary().toStdString();
}

TEST(SearchView, ATargetIsFollowedOrNamed) {
    SearchView view;
    ViewInput input = one();
    view.setInput(input);
    view.setOptions(test::optionsOf(view, {{"target", "selected"}}));
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("is selected")));
    input.selection.site = QStringLiteral("blocks.1.mlp.fc1.weight");
    view.setInput(input);
    EXPECT_EQ(view.table().rows.size(), 30u);
    EXPECT_EQ(view.table().rows.front()[1], report::Cell(std::string("blocks.1.mlp.fc1")));
    input.selection.site.clear();
    input.selection.block = QStringLiteral("blocks.0");
    view.setInput(input);
    EXPECT_EQ(view.table().rows.front()[1], report::Cell(std::string("blocks.0.attn.qkv")));
    view.setOptions(test::optionsOf(view, {{"target", "blocks.1.mlp.fc1"}}));
    EXPECT_EQ(view.table().rows.front()[1], report::Cell(std::string("blocks.1.mlp.fc1")));
    input.a = test::makeRun();
    view.setInput(input);  // what was chosen stays a choice
    EXPECT_NO_THROW(test::optionsOf(view, {{"target", "blocks.1.mlp.fc1"}}));
}

TEST(SearchView, ReadsAndChoosesCandidates) {
    SearchView view;
    view.resize(700, 400);
    view.setInput(one());
    view.show();
    view.shownPlot();
    QSignalSpy chosen(&view, &View::siteChosen);
    QTest::keyClick(&view, Qt::Key_Home);
    ASSERT_TRUE(view.readout());
    QTest::keyClick(&view, Qt::Key_Return);
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen[0][0].toString(), QStringLiteral("blocks.0.attn.qkv.weight"));
    QTest::keyClick(&view, Qt::Key_P);
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 10);
}

TEST(SearchView, ComparesBestCurves) {
    SearchView view;
    view.setInput(two(CompareMode::overlay));
    EXPECT_EQ(view.table().rows.size(), 100u);
    EXPECT_EQ(view.table().columns.front().id, "run");
    const QImage overlay = test::figureOf(view);
    view.setInput(two(CompareMode::difference));
    EXPECT_TRUE(view.summary().startsWith(QStringLiteral("B − A"))) << view.summary().toStdString();
    EXPECT_NE(overlay, test::figureOf(view));
    view.setInput(two(CompareMode::b));
    EXPECT_EQ(view.table().rows.size(), 40u);
}

TEST(SearchView, LossesOfTwoMethodsShareAnAxisAsPartsOfTheirFirst) {
    const auto axisTitle = [](ViewInput input) {
        SearchView view;
        view.setInput(input);
        test::showAt(view);
        return view.shownPlot().yAxis->label();
    };
    ViewInput input = two(CompareMode::overlay);
    EXPECT_FALSE(axisTitle(input).contains(QStringLiteral("first loss")));  // the same method, the same kind of loss
    input.b = test::searchRun({.id = "r0003-cptv", .candidates = 40, .gain = 3});
    EXPECT_TRUE(axisTitle(input).contains(QStringLiteral("first loss"))) << axisTitle(input).toStdString();
    input.selection.mode = CompareMode::difference;
    EXPECT_TRUE(axisTitle(input).contains(QStringLiteral("first loss"))) << axisTitle(input).toStdString();
    input.selection.mode = CompareMode::a;
    EXPECT_FALSE(axisTitle(input).contains(QStringLiteral("first loss")));
}

TEST(SearchView, ShowsScalesAndWidths) {
    SearchView view;
    for (const char* show : {"scales", "bits"})
        for (const CompareMode mode : {CompareMode::a, CompareMode::overlay, CompareMode::difference}) {
            view.setInput(two(mode));
            view.setOptions(test::optionsOf(view, {{"show", show}}));
            EXPECT_TRUE(view.emptyText().isEmpty()) << show;
            EXPECT_GT(test::coloursOf(test::figureOf(view)), 10) << show;
        }
    view.setInput(one());
    view.setOptions(test::optionsOf(view, {{"show", "scales"}, {"target", "blocks.0.attn.qkv"}, {"scales", "values"}, {"log", "true"}}));
    EXPECT_EQ(view.table().rows.size(), 25u);
    view.setOptions(test::optionsOf(view, {{"show", "bits"}}));
    EXPECT_EQ(view.table().rows.size(), 4u);
    EXPECT_TRUE(view.summary().contains(QStringLiteral("4.80 of 5.00 allowed"))) << view.summary().toStdString();
}

TEST(SearchView, TheSameFigureTwiceAndAnotherAtNight) {
    SearchView view;
    view.setInput(one());
    const QImage day = test::figureOf(view);
    EXPECT_EQ(day, test::figureOf(view));
    EXPECT_NE(day, test::figureOf(view, Theme::night()));
    view.setOptions(test::optionsOf(view, {{"log", "true"}, {"rejected", "false"}}));
    EXPECT_NE(day, test::figureOf(view));
    view.setOptions(test::optionsOf(view, {{"loss", "relative"}}));
    EXPECT_NE(day, test::figureOf(view));
}

TEST(SearchView, GrowsWithoutLosingTheZoom) {
    SearchView view;
    view.resize(700, 400);
    view.show();
    ViewInput input;
    input.a = test::searchRun({.candidates = 100, .state = project::RunState::running});
    view.setInput(input);
    view.shownPlot();
    view.zoomIn();
    for (std::size_t candidates = 200; candidates <= 8000; candidates += 600) {
        input.a = test::searchRun({.candidates = candidates, .state = project::RunState::running});
        view.setInput(input);
        view.shownPlot();
    }
    EXPECT_TRUE(view.canZoomBack());
}

TEST(SearchView, SurvivesNumbersThatAreNone) {
    auto run = std::make_shared<report::RunContent>(*test::searchRun());
    results::SearchHistory history = historyOf(run);
    for (std::size_t i = 0; i < history.candidates.size(); i += 2) history.candidates[i].fitness = std::nan("");
    history.candidates[1].worst = INFINITY;
    history.candidates[3].fitness = 1e30;
    history.sites[0].scalesAfter[0] = NAN;
    history.sites[1].scalesAfter.clear();
    run->artefacts = {std::make_shared<results::Artefact>(results::Artefact{"search.history", "", history})};
    SearchView view;
    ViewInput input;
    input.a = run;
    view.setInput(input);
    for (const char* show : {"fitness", "scales", "bits"}) {
        view.setOptions(test::optionsOf(view, {{"show", show}}));
        EXPECT_GT(test::coloursOf(test::figureOf(view)), 5) << show;
    }
}

}  // namespace
}  // namespace vitrine::widgets
