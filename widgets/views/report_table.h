// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "widgets/views/report_table_paint.h"

class QLabel;
class QTableView;

namespace vitrine::widgets {

class ReportTableModel;
class ReportTableSorter;

/// A table of a report in the window: sorted by a click on a header, copied as tab-separated values, with data bars. UI thread.
class ReportTableWidget : public QWidget {
    Q_OBJECT
  public:
    explicit ReportTableWidget(QWidget* parent = nullptr);

    /// Shows `table`. Order, place and selection stay where it has the columns of the one before.
    void setTable(report::Table table, CellLooks looks = {});
    const report::Table& table() const;
    void setEmptyText(const QString& text);  ///< shown instead of a table without rows

    /// Marks the row of this site, without siteChosen().
    void selectSite(const QString& site);
    /// Full values with tabs between columns, hidden columns too: a line of column titles, then the selected rows, or all when none is
    /// selected, in the order shown.
    QString tabSeparated() const;
    void copy() const;  ///< the same, to the clipboard
    QTableView& view() { return *view_; }

  Q_SIGNALS:
    void siteChosen(const QString& site);  ///< a row was selected, in a table with a column "site"
    void rowChosen(int row);               ///< likewise: index in table().rows

  protected:
    void changeEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

  private:
    void adoptColumns(bool sameColumns);
    int goodWidth(int column) const;
    void tellRow();

    QTableView* view_;
    QLabel* note_;
    ReportTableModel* model_;
    ReportTableSorter* sorter_;
    QString emptyText_;
    bool quiet_ = false;  ///< the program, not the user, moves the selection
};

}  // namespace vitrine::widgets
