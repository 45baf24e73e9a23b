// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/table_copy.h"

#include <gtest/gtest.h>

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QStandardItemModel>
#include <QTableView>

namespace vitrine::widgets {
namespace {

TEST(TableCopies, HaveHyphensWhereProgramsReadNumbers) {
    EXPECT_EQ(plainCell(QStringLiteral("\u22120.5")), QStringLiteral("-0.5"));
    EXPECT_EQ(plainCell(QStringLiteral("1.5e\u22125")), QStringLiteral("1.5e-5"));
    EXPECT_EQ(plainCell(QStringLiteral("B \u2212 A")), QStringLiteral("B \u2212 A"));
}

TEST(TableCopies, HoldWhatIsShownAsItIsShown) {
    QStandardItemModel model(2, 3);
    model.setHorizontalHeaderLabels({QStringLiteral("a"), QStringLiteral("b"), QStringLiteral("c")});
    for (int row = 0; row < 2; ++row)
        for (int column = 0; column < 3; ++column) model.setItem(row, column, new QStandardItem(QStringLiteral("%1\t%2").arg(row).arg(column)));
    QTableView view;
    view.setModel(&model);
    view.setSelectionBehavior(QAbstractItemView::SelectRows);
    view.horizontalHeader()->moveSection(0, 1);
    view.setColumnHidden(2, true);
    EXPECT_EQ(tabSeparated(view), QStringLiteral("b\ta\n0 1\t0 0\n1 1\t1 0\n"));
    view.selectRow(1);
    addTableCopy(&view)->trigger();
    EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("b\ta\n1 1\t1 0\n"));
}

}  // namespace
}  // namespace vitrine::widgets
