// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>
#include <QMainWindow>
#include <QObject>
#include <QStringList>

#include "widgets/session/settings.h"

namespace vitrine::widgets {

/// Arrangements of the docks under names: "analyse", "run" and "compare" are shipped, others are the user's. What the
/// user changes in one is kept with it. A state that an older or newer version wrote is taken as far as it goes: docks
/// that it does not know get their place of the layout "analyse", floating docks that no screen shows are docked again.
/// UI thread.
class Layouts : public QObject {
    Q_OBJECT
  public:
    /// The docks carry their names as objectName; all must exist by now.
    Layouts(QMainWindow& window, const QList<QDockWidget*>& docks, Settings& settings);

    QStringList names() const;  ///< shipped ones first
    QStringList userNames() const;
    static bool isShipped(const QString& name);
    static QString title(const QString& name);  ///< for people
    QString current() const { return current_; }

    void activate(const QString& name);
    void saveAs(const QString& name);  ///< a user layout of the present arrangement; replaces one of this name
    void rename(const QString& from, const QString& to);
    void remove(const QString& name);
    void reset();     ///< the present layout as it was shipped or saved
    void resetAll();  ///< also forgets what is kept of the other ones, but no user layout

    /// Whether a project is shown: without one all docks are hidden and nothing is kept.
    void setProjectShown(bool shown);
    void store();  ///< keeps the present arrangement

  Q_SIGNALS:
    void changed();                       ///< names()
    void activated(const QString& name);  ///< also after a reset

  private:
    void arrange(const QString& name);
    bool restore(const QByteArray& state, const QStringList& known);
    void apply(const QString& name);
    void sizeDocks(const QString& name);
    void redockLost();
    QDockWidget* dock(const QString& name) const;
    QString key(const QString& name, const char* part) const;

    QMainWindow& window_;
    QList<QDockWidget*> docks_;
    Settings& settings_;
    QString current_;
    bool shown_ = false;
};

}  // namespace vitrine::widgets
