// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>
#include <QList>
#include <QMainWindow>
#include <QTimer>

class QTabBar;

namespace vitrine::widgets {

/// Titles of docks: a slim bar with the name and buttons to detach and close, which goes where the dock is one of several tabs, because the tab
/// says the name. Tabs have both in their context menu, and close by the middle button. UI thread.
class DockTitles : public QObject {
    Q_OBJECT
  public:
    DockTitles(QMainWindow& window, const QList<QDockWidget*>& docks);

    bool isShown(const QDockWidget* dock) const;  ///< its own title bar

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    void update();
    QDockWidget* dockOf(const QTabBar& tabs, const QPoint& position) const;
    void showMenu(QDockWidget& dock, const QPoint& position);

    QMainWindow& window_;
    QList<QDockWidget*> docks_;
    QTimer soon_;
};

}  // namespace vitrine::widgets
