// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QColor>
#include <QSortFilterProxyModel>
#include <QString>
#include <QStringList>
#include <vector>

#include "project/edits.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

/// The runs of the open project, a row each. UI thread.
class RunsModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { mark, name, method, bits, top1, change, size, bops, time, when, state, note, columnCountOfRuns };
    enum Role {
        sortRole = Qt::UserRole,  ///< a number where the column holds numbers, else a text
        plainRole,                ///< for spreadsheets: numbers with '.', in the unit of plainHeader()
        idRole,                   ///< run id, in every column
        markRole,                 ///< "A", "B", "AB" or ""
        pinnedRole,
        colourRole,               ///< that the user chose for the run, else that of A or B, else none
    };

    RunsModel(Session& session, QObject* parent);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;  ///< renames, undoable

    static QString plainHeader(int column);
    static QString stateText(project::RunState state);
    static QString stateIcon(project::RunState state);
    QModelIndex indexOf(const QString& run) const;  ///< in the column of names; invalid when there is no such run

  private:
    struct Row {
        project::RunSummary summary;
        project::RunNote note;
        bool operator==(const Row&) const = default;
    };
    void update();
    void updateMarks();
    std::vector<Row> rowsNow() const;
    QString displayText(const Row& row, int column) const;
    QVariant sortValue(const Row& row, int column) const;
    QString plainText(const Row& row, int column) const;
    QVariant decoration(std::size_t row, int column) const;
    QString toolTip(const Row& row, int column) const;
    QColor colour(std::size_t row) const;
    QString marks(const Row& row) const;

    Session& session_;
    std::vector<Row> rows_;
};

/// Sorted and filtered runs; pinned ones stay on top in every order.
class RunsFilter : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    explicit RunsFilter(QObject* parent);
    void setWords(const QString& text);  ///< every word must be found in the row

  protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

  private:
    QStringList words_;
};

}  // namespace vitrine::widgets
