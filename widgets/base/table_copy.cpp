// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/table_copy.h"

#include <QAction>
#include <QClipboard>
#include <QCoreApplication>
#include <QGuiApplication>
#include <QHeaderView>
#include <QItemSelectionModel>
#include <QTableView>
#include <algorithm>

#include "widgets/base/icons.h"

namespace vitrine::widgets {
namespace {

QList<int> shownColumns(const QAbstractItemView& view) {
    QList<int> columns;
    const auto* table = qobject_cast<const QTableView*>(&view);
    for (int visual = 0; visual < view.model()->columnCount(); ++visual) {
        const int column = table == nullptr ? visual : table->horizontalHeader()->logicalIndex(visual);
        if (table == nullptr || !table->isColumnHidden(column)) columns.append(column);
    }
    return columns;
}

}  // namespace

QString plainCell(QString text) {
    for (const QChar mark : {QChar(u'\t'), QChar(u'\n'), QChar(u'\r')}) text.replace(mark, QChar(u' '));
    for (qsizetype at = text.indexOf(u'\u2212'); at >= 0; at = text.indexOf(u'\u2212', at + 1))
        if (at + 1 < text.size() && text[at + 1].isDigit()) text[at] = u'-';
    return text;
}

QString tabSeparated(const QAbstractItemView& view) {
    const QAbstractItemModel& model = *view.model();
    const QList<int> columns = shownColumns(view);
    QList<int> rows;
    for (const QModelIndex& index : view.selectionModel()->selectedRows()) rows.append(index.row());
    std::sort(rows.begin(), rows.end());
    if (rows.isEmpty())
        for (int row = 0; row < model.rowCount(); ++row) rows.append(row);
    QStringList cells, lines;
    for (const int column : columns) cells.append(plainCell(model.headerData(column, Qt::Horizontal).toString()));
    lines.append(cells.join(u'\t'));
    for (const int row : rows) {
        cells.clear();
        for (const int column : columns) cells.append(plainCell(model.index(row, column).data().toString()));
        lines.append(cells.join(u'\t'));
    }
    return lines.join(u'\n') + u'\n';
}

QAction* addTableCopy(QAbstractItemView* view) {
    auto* action = new QAction(icon(QStringLiteral("copy")), QCoreApplication::translate("vitrine::widgets::tables", "Copy rows"), view);
    action->setObjectName(QStringLiteral("copyRows"));
    action->setShortcut(QKeySequence::Copy);
    action->setShortcutContext(Qt::WidgetShortcut);
    QObject::connect(action, &QAction::triggered, view, [view] { QGuiApplication::clipboard()->setText(tabSeparated(*view)); });
    view->addAction(action);
    return action;
}

}  // namespace vitrine::widgets
