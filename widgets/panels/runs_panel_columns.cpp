// SPDX-License-Identifier: GPL-3.0-or-later
// The columns of the table of runs: widths, choice, copies.
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>
#include <QTableView>
#include <algorithm>
#include <array>

#include "widgets/panels/runs_panel.h"
#include "widgets/panels/runs_panel_model.h"

namespace vitrine::widgets {
namespace {

constexpr int kMeasuredRows = 100;  ///< that decide the width of a column

}  // namespace

// Columns are as wide as what they hold. What is left over goes to names and notes; what is lacking is taken from the texts, widest first,
// and only then the table scrolls.
void RunsPanel::fitColumns() {
    if (byHand_ || filter_->rowCount() == 0) return;
    QHeaderView* header = table_->horizontalHeader();
    const int letter = fontMetrics().averageCharWidth(), room = table_->viewport()->width();
    std::array<int, RunsModel::columnCountOfRuns> widths{};
    int sum = 0;
    for (int column = 0; column < RunsModel::columnCountOfRuns; ++column) {
        if (header->isSectionHidden(column)) continue;
        int& width = widths[static_cast<std::size_t>(column)];
        width = header->sectionSizeHint(column);
        const int icon = column == RunsModel::name || column == RunsModel::state ? 24 : 0;
        for (int row = 0; row < std::min(kMeasuredRows, filter_->rowCount()); ++row)
            width = std::max(width, fontMetrics().horizontalAdvance(filter_->index(row, column).data().toString()) + 18 + icon);
        if (column == RunsModel::mark) width = std::max(width, 66);  // two badges and a pin
        width = std::min(width, 48 * letter);
        sum += width;
    }
    constexpr std::array kTexts{RunsModel::note, RunsModel::method, RunsModel::name, RunsModel::when, RunsModel::state};
    for (int lacking = sum - room; lacking > 0;) {
        const auto widest = std::max_element(kTexts.begin(), kTexts.end(), [&](int a, int b) { return widths[static_cast<std::size_t>(a)] < widths[static_cast<std::size_t>(b)]; });
        int& width = widths[static_cast<std::size_t>(*widest)];
        const int step = std::min({lacking, letter, width - 12 * letter});
        if (step <= 0) break;
        width -= step;
        sum -= step;
        lacking -= step;
    }
    const bool hasNote = !header->isSectionHidden(RunsModel::note);
    if (room > sum) widths[hasNote ? RunsModel::note : RunsModel::name] += room - sum;
    for (int column = 0; column < RunsModel::columnCountOfRuns; ++column)
        if (!header->isSectionHidden(column)) header->resizeSection(column, widths[static_cast<std::size_t>(column)]);
}

void RunsPanel::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    fitColumns();
}

void RunsPanel::copyChosen() const {
    const QHeaderView* header = table_->horizontalHeader();
    QList<int> columns;
    for (int visual = 0; visual < header->count(); ++visual)
        if (const int column = header->logicalIndex(visual); !header->isSectionHidden(column)) columns.append(column);
    QModelIndexList rows = table_->selectionModel()->selectedRows();
    if (rows.isEmpty()) return;
    std::sort(rows.begin(), rows.end());
    QStringList lines, cells;
    for (const int column : columns) cells.append(RunsModel::plainHeader(column));
    lines.append(cells.join(u'\t'));
    for (const QModelIndex& row : rows) {
        cells.clear();
        for (const int column : columns) cells.append(row.siblingAtColumn(column).data(RunsModel::plainRole).toString());
        lines.append(cells.join(u'\t'));
    }
    QGuiApplication::clipboard()->setText(lines.join(u'\n') + u'\n');
}

void RunsPanel::addColumnActions(QMenu& menu) {
    QHeaderView* header = table_->horizontalHeader();
    for (int column = 0; column < RunsModel::columnCountOfRuns; ++column) {
        QAction* action = menu.addAction(model_->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString());
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(column));
        action->setEnabled(column != RunsModel::name);  // a row without a name says nothing
        action->setToolTip(model_->headerData(column, Qt::Horizontal, Qt::ToolTipRole).toString());
        connect(action, &QAction::toggled, header, [this, header, column](bool shown) {
            header->setSectionHidden(column, !shown);
            fitColumns();
        });
    }
    menu.setToolTipsVisible(true);
    menu.addSeparator();
    connect(menu.addAction(tr("Fit widths to the panel")), &QAction::triggered, this, [this] {
        byHand_ = false;
        fitColumns();
    });
}

void RunsPanel::showColumns(const QPoint& position) {
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    addColumnActions(*menu);
    menu->popup(table_->horizontalHeader()->mapToGlobal(position));
}

}  // namespace vitrine::widgets
