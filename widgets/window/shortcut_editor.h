// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QTableView>

#include "widgets/window/shortcut_model.h"

class QSettings;

namespace vitrine::widgets {

/// The table of commands with a search field. Double click or Enter runs nothing: it is for reading. UI thread.
class ShortcutTable : public QWidget {
    Q_OBJECT
  public:
    explicit ShortcutTable(ActionRegistry& registry, QWidget* parent = nullptr);

    QAction* current() const;  ///< null when no row is chosen
    void choose(const QString& actionId);
    QTableView& view() { return *view_; }

  Q_SIGNALS:
    void currentChanged();

  private:
    ShortcutModel* model_;
    QSortFilterProxyModel* proxy_;
    QLineEdit* search_;
    QTableView* view_;
};

/// Changes shortcuts: a taken one is named and can be taken over. Changes count and are kept at once. UI thread.
class ShortcutEditor : public QWidget {
    Q_OBJECT
  public:
    ShortcutEditor(ActionRegistry& registry, QSettings& store, QWidget* parent = nullptr);

    ShortcutTable& table() { return *table_; }
    QKeySequenceEdit& field() { return *field_; }
    QString conflictText() const { return conflict_->text(); }
    void assign();  ///< what the field holds, taken from whoever has it

  private:
    void showCurrent();
    void checkConflict();
    void set(const QString& id, const QList<QKeySequence>& shortcuts);

    ActionRegistry& registry_;
    QSettings& store_;
    ShortcutTable* table_;
    QKeySequenceEdit* field_;
    QLabel* conflict_;
    QPushButton* assign_;
    QPushButton* reset_;
};

}  // namespace vitrine::widgets
