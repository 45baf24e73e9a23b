// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "widgets/views/report_table_paint.h"

namespace vitrine::widgets {

/// The columns of a table that people see.
class ReportTableModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Role { barRole = Qt::UserRole, toneRole };  ///< double, int(CellLook::Tone)

    using QAbstractTableModel::QAbstractTableModel;

    void setTable(report::Table table, CellLooks looks);
    const report::Table& table() const { return table_; }
    const report::Column& column(int shown) const { return table_.columns[shown_[static_cast<std::size_t>(shown)]]; }
    const report::Cell& cell(const QModelIndex& index) const;
    /// By id of a column of the table, shown or not; -1 when there is none.
    int columnOf(std::string_view id) const;
    /// The text of a cell by row and column of the table.
    QString textAt(int row, int tableColumn) const;
    int rowWith(int tableColumn, const QString& text) const;  ///< -1 when there is none

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    report::Table table_;
    CellLooks looks_;
    std::vector<std::size_t> shown_;
    std::vector<std::vector<double>> bars_;  ///< by shown column
};

/// Sorts by value; unknown cells and cells that are not numbers stay behind in both orders.
class ReportTableSorter : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

  protected:
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;
};

}  // namespace vitrine::widgets
