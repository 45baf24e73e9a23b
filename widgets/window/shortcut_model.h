// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include "widgets/base/actions.h"

namespace vitrine::widgets {

/// All actions with their shortcuts: action, menu, shortcut. Follows the registry. UI thread.
class ShortcutModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { actionColumn, menuColumn, shortcutColumn, columnCountValue };

    explicit ShortcutModel(ActionRegistry& registry, QObject* parent = nullptr);

    QAction* actionAt(int row) const;
    static QString menuTitle(const QString& actionId);  ///< "run.new" -> "Run"
    static QString plainText(const QAction* action);    ///< without '&' and "..."

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  private:
    void rebuild();

    ActionRegistry& registry_;
    QList<QAction*> actions_;  ///< in the order of the menus
};

}  // namespace vitrine::widgets
