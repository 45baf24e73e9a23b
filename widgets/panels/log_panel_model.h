// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QSortFilterProxyModel>

#include "widgets/session/log.h"

namespace vitrine::widgets {

/// The lines of the log as a table. UI thread.
class LogModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { time, level, source, text, columnCountOfLog };
    enum Role { levelRole = Qt::UserRole, lineRole };  ///< lineRole: the whole line as a text

    LogModel(Log& log, QObject* parent);
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    static QString levelText(LogLevel level);

  private:
    Log& log_;
    int rows_ = 0;  ///< as far as views were told
};

class LogFilter : public QSortFilterProxyModel {
    Q_OBJECT
  public:
    using QSortFilterProxyModel::QSortFilterProxyModel;
    void setText(const QString& text);
    void setAnyOf(const QStringList& texts);  ///< lines with one of them; none: all lines
    void setLowest(LogLevel level);

  protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override;

  private:
    QString text_;
    QStringList anyOf_;
    LogLevel lowest_ = LogLevel::info;
};

}  // namespace vitrine::widgets
