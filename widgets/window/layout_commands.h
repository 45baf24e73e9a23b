// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>
#include <QMenu>
#include <QObject>

#include "widgets/window/layouts.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Layouts and panels: the actions window.*. UI thread.
class LayoutCommands : public QObject {
    Q_OBJECT
  public:
    LayoutCommands(WindowContext context, Layouts& layouts, const QList<QDockWidget*>& docks);

    void refresh();
    void showPanel(const QString& dock);  ///< brings it to the front
    void fillMenu(QMenu& menu);           ///< the menu of layouts, each time it opens

  private:
    void addActions();
    void askName(const QString& title, const QString& name, const std::function<void(const QString&)>& given);

    WindowContext context_;
    Layouts& layouts_;
    QList<QDockWidget*> docks_;
};

}  // namespace vitrine::widgets
