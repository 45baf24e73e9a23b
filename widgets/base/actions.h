// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QHash>
#include <QKeySequence>
#include <QList>
#include <QObject>
#include <QString>
#include <functional>

class QSettings;

namespace vitrine::widgets {

/// What an action is, apart from what it does.
struct ActionSpec {
    QString id;        ///< stable: "run.new", "view.theme.dark"; its first part is the menu
    QString text;      ///< "New run...", with '&' for the menu
    QString icon;      ///< name for icon(), or empty
    QList<QKeySequence> shortcuts = {};
    QString help = {};   ///< one sentence: tool tip and palette
    bool checkable = false;
};

/// All actions of the window in one place: menus, tool bars, shortcuts, their editor and the command palette read it.
/// Lives on the UI thread.
class ActionRegistry : public QObject {
    Q_OBJECT
  public:
    explicit ActionRegistry(QWidget* window);

    /// Adds an action that calls `triggered(checked)`. The id must be new. Its shortcut works in the whole window.
    QAction* add(const ActionSpec& spec, std::function<void(bool)> triggered);
    QAction* action(const QString& id) const;  ///< null for an unknown id
    const QList<QAction*>& actions() const { return actions_; }
    static QString idOf(const QAction* action);

    /// Why a disabled action is disabled, for the palette and the tool tip; empty when it is enabled.
    void setEnabled(const QString& id, bool enabled, const QString& reason = {});
    static QString disabledReason(const QAction* action);

    QList<QKeySequence> defaultShortcuts(const QString& id) const;
    /// The other action that has one of these shortcuts already; null when there is none.
    QAction* conflict(const QString& id, const QList<QKeySequence>& shortcuts) const;
    void setShortcuts(const QString& id, const QList<QKeySequence>& shortcuts);
    void loadShortcuts(QSettings& settings);  ///< those that the user changed
    void saveShortcuts(QSettings& settings) const;

  Q_SIGNALS:
    void changed();  ///< an action came, or a shortcut changed

  private:
    QWidget* window_;
    QList<QAction*> actions_;
    QHash<QString, QList<QKeySequence>> defaults_;
};

}  // namespace vitrine::widgets
