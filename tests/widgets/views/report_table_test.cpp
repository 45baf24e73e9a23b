// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/report_table.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

#include "report/tables.h"
#include "widgets/views/report_table_model.h"

namespace vitrine::widgets {
namespace {

report::Table sites() {
    return report::errorTable({"local",
                               8,
                               {{"b", "weight", "blocks.0", "q", 20, 0.9, 1e-3},
                                {"a", "weight", "blocks.0", "q", 999, 1, 0},
                                {"c", "weight", "blocks.0", "q", std::nan(""), 0.5, 1e-1},
                                {"d", "weight", "blocks.0", "q", 5, 0.7, 1e-2}}});
}

QStringList columnTexts(const ReportTableWidget& widget, QTableView& view, int column) {
    QStringList texts;
    for (int r = 0; r < view.model()->rowCount(); ++r) texts.append(view.model()->index(r, column).data().toString());
    (void)widget;
    return texts;
}

TEST(ReportTable, ModelKeepsTheRules) {
    ReportTableModel model;
    ReportTableSorter sorter;
    sorter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QAbstractItemModelTester sorterTester(&sorter, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setTable(sites(), {});
    sorter.sort(3, Qt::DescendingOrder);
    model.setTable({}, {});
    model.setTable(sites(), {});
    EXPECT_EQ(model.columnCount(), 6);  // the block is data only
}

TEST(ReportTable, SortsNumbersAsNumbersAndLeavesUnknownOnesBehind) {
    ReportTableWidget widget;
    widget.setTable(sites());
    widget.view().sortByColumn(3, Qt::AscendingOrder);
    EXPECT_EQ(columnTexts(widget, widget.view(), 0), (QStringList{QStringLiteral("d"), QStringLiteral("b"), QStringLiteral("a"), QStringLiteral("c")}));
    widget.view().sortByColumn(3, Qt::DescendingOrder);
    EXPECT_EQ(columnTexts(widget, widget.view(), 0), (QStringList{QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("d"), QStringLiteral("c")}));
    EXPECT_EQ(columnTexts(widget, widget.view(), 3).front(), QStringLiteral("exact"));
}

TEST(ReportTable, SelectingARowTellsItsSiteOnlyWhenTheUserDoesIt) {
    ReportTableWidget widget;
    widget.setTable(sites());
    widget.show();
    QSignalSpy chosen(&widget, &ReportTableWidget::siteChosen);
    widget.selectSite(QStringLiteral("c"));
    EXPECT_EQ(chosen.size(), 0);
    EXPECT_EQ(widget.view().currentIndex().row(), 2);
    widget.view().setFocus();
    QTest::keyClick(&widget.view(), Qt::Key_Up);
    ASSERT_EQ(chosen.size(), 1);
    EXPECT_EQ(chosen.front().front().toString(), QStringLiteral("a"));
    widget.selectSite(QStringLiteral("unknown"));
    EXPECT_TRUE(widget.view().selectionModel()->selectedRows().isEmpty());
}

TEST(ReportTable, CopiesFullValuesInTheOrderShown) {
    ReportTableWidget widget;
    report::Table table{"t", "t", {{"a", "A", "dB", report::Format::fixed, 1}, {"b", "B"}}, {{1.23456, std::string("x\ty")}, {0.5, std::monostate{}}}, ""};
    widget.setTable(table);
    widget.view().sortByColumn(0, Qt::AscendingOrder);
    EXPECT_EQ(widget.tabSeparated(), QStringLiteral("A (dB)\tB\n0.5\t\n1.23456\tx y\n"));
    widget.view().selectRow(1);
    QTest::keyClick(&widget.view(), Qt::Key_C, Qt::ControlModifier);
    widget.copy();
    EXPECT_EQ(QApplication::clipboard()->text(), QStringLiteral("A (dB)\tB\n1.23456\tx y\n"));
}

TEST(ReportTable, KeepsOrderAndRowWhenTheTableGrows) {
    ReportTableWidget widget;
    widget.setTable(sites());
    widget.view().sortByColumn(3, Qt::DescendingOrder);
    widget.selectSite(QStringLiteral("d"));
    QSignalSpy chosen(&widget, &ReportTableWidget::siteChosen);
    report::Table more = sites();
    more.rows.insert(more.rows.begin(), more.rows.front());
    more.rows.front()[0] = std::string("e");
    widget.setTable(more);
    EXPECT_EQ(widget.view().horizontalHeader()->sortIndicatorSection(), 3);
    EXPECT_EQ(widget.view().currentIndex().siblingAtColumn(0).data().toString(), QStringLiteral("d"));
    EXPECT_EQ(chosen.size(), 0);
}

TEST(ReportTable, BarsFollowTheScaleOfTheReport) {
    const report::Table table = sites();
    EXPECT_EQ(barShares(table, 4), (std::vector<double>{1, -1, -1, 0.25}));
    const auto logarithmic = barShares(table, 6);  // from a tenth of 1e-3 to 1e-1
    EXPECT_NEAR(logarithmic[0], 1.0 / 3, 1e-9);
    EXPECT_EQ(logarithmic[1], -1);
    EXPECT_TRUE(barShares(table, 0).empty());
}

TEST(ReportTable, TextsOfCells) {
    using report::Column, report::Format;
    EXPECT_EQ(shownText(std::monostate{}, Column{}), QStringLiteral("–"));
    EXPECT_EQ(shownText(-0.0001, Column{.format = Format::fixed, .digits = 2}), QLocale().toString(0.0, 'f', 2));
    EXPECT_EQ(shownText(0.00169, Column{.format = Format::significant, .digits = 3}), QLocale().toString(0.00169, 'f', 5));
    EXPECT_EQ(shownText(16.0, Column{.format = Format::integer}), QLocale().toString(16));
    EXPECT_EQ(headerText(Column{.title = "SQNR", .unit = "dB"}), QStringLiteral("SQNR (dB)"));
}

TEST(ReportTable, PaintsAsManyRowsAsFit) {
    QImage full(600, 200, QImage::Format_RGB32), none(600, 200, QImage::Format_RGB32);
    for (QImage* image : {&full, &none}) {
        QPainter painter(image);
        paintTable(painter, image->size(), image == &full ? sites() : report::Table{}, {}, Theme::day());
    }
    EXPECT_NE(full, none);
    QImage small(60, 30, QImage::Format_RGB32);  // too small for anything: no crash
    QPainter painter(&small);
    paintTable(painter, small.size(), sites(), {}, Theme::night());
}

}  // namespace
}  // namespace vitrine::widgets
