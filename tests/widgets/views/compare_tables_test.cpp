// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QTableView>

#include "report/run_pair.h"
#include "widgets/views/compare_parameters_view.h"
#include "widgets/views/compare_runs.h"
#include "widgets/views/compare_summary_view.h"

namespace vitrine::widgets {
namespace {

QString shownCell(TableViewBase& view, int row, int column) { return view.tableWidget().view().model()->index(row, column).data().toString(); }

TEST(CompareSummaryView, NeedsTwoRuns) {
    CompareSummaryView view;
    EXPECT_FALSE(view.emptyText().isEmpty());
    ViewInput input = test::makePair();
    input.b = nullptr;
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("B")));
    EXPECT_TRUE(view.table().rows.empty());
    input.b = std::make_shared<report::RunContent>();
    input.a = input.b;
    view.setInput(input);
    EXPECT_FALSE(view.emptyText().isEmpty());
}

TEST(CompareSummaryView, ShowsReportsTableWithSignsAndWords) {
    CompareSummaryView view;
    const ViewInput input = test::makePair();
    view.setInput(input);
    const report::Table expected = report::figureComparison(*input.a, *input.b);
    EXPECT_EQ(view.table().rows, expected.rows);
    EXPECT_EQ(shownCell(view, 0, 0), QStringLiteral("Top-1 (%)"));
    EXPECT_EQ(shownCell(view, 0, 3), QStringLiteral("−") + QLocale().toString(25.0, 'f', 2));
    EXPECT_EQ(shownCell(view, 0, 5), QStringLiteral("▼ worse"));
    EXPECT_FALSE(view.tableWidget().view().model()->index(0, 3).data(Qt::ToolTipRole).toString().isEmpty());
    EXPECT_TRUE(view.summary().contains(QStringLiteral("Top-1")));
}

TEST(CompareSummaryView, SameRunTwiceSaysSame) {
    CompareSummaryView view;
    ViewInput input = test::makePair();
    input.b = input.a;
    view.setInput(input);
    EXPECT_EQ(shownCell(view, 0, 5), QStringLiteral("= same"));
}

TEST(CompareSummaryView, EveryFigureHasADefinition) {
    CompareSummaryView view;
    ViewInput input = test::makePair();
    view.setInput(input);
    const auto* model = view.tableWidget().view().model();
    for (int r = 0; r < model->rowCount(); ++r) EXPECT_GT(model->index(r, 0).data(Qt::ToolTipRole).toString().size(), 20) << r;
}

TEST(CompareParametersView, DifferencesOnlyUnlessAskedOtherwise) {
    CompareParametersView view;
    const ViewInput input = test::makePair();
    view.setInput(input);
    EXPECT_EQ(view.table().rows, report::parameterComparison(*input.a, *input.b, report::Settings::different).rows);
    const int few = static_cast<int>(view.table().rows.size());
    EXPECT_EQ(few, 4);  // method, bits, and one parameter that only A or B has
    EXPECT_EQ(shownCell(view, 1, 1), QStringLiteral("4 (default)"));
    EXPECT_EQ(shownCell(view, 1, 2), QStringLiteral("8"));
    EXPECT_EQ(shownCell(view, 2, 4), QStringLiteral("only in A"));
    view.setOptions(test::optionsOf(view, {{"differences", "false"}}));
    EXPECT_GT(static_cast<int>(view.table().rows.size()), few);
}

TEST(CompareParametersView, SameRunTwiceHasNothingToShow) {
    CompareParametersView view;
    ViewInput input = test::makePair();
    input.b = input.a;
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("same settings")));
}

TEST(CompareTables, FiguresAreNotEmptyAndDeterministic) {
    CompareSummaryView summary;
    CompareParametersView parameters;
    for (TableViewBase* view : {static_cast<TableViewBase*>(&summary), static_cast<TableViewBase*>(&parameters)}) {
        const QImage empty = test::figureOf(*view);
        view->setInput(test::makePair());
        const QImage first = test::figureOf(*view);
        EXPECT_GT(test::coloursOf(first), 10);
        EXPECT_NE(first, empty);
        EXPECT_EQ(first, test::figureOf(*view));
        EXPECT_NE(first, test::figureOf(*view, Theme::night()));
    }
}

TEST(CompareTables, LiveGrowthKeepsTheSelectedRow) {
    CompareSummaryView view;
    ViewInput input = test::makePair();
    view.setInput(input);
    view.tableWidget().view().selectRow(2);
    for (int i = 0; i < 100; ++i) {
        input.b = test::makeRun({.id = "r0002", .top1 = static_cast<double>(i), .state = project::RunState::running});
        view.setInput(input);
    }
    EXPECT_EQ(view.tableWidget().view().currentIndex().row(), 2);
    EXPECT_EQ(view.table().rows[0][3], report::Cell(99.0));
}

}  // namespace
}  // namespace vitrine::widgets
