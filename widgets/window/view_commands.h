// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "widgets/window/view_area.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Looking and editing: the actions view.* and edit.*. UI thread.
class ViewCommands : public QObject {
    Q_OBJECT
  public:
    ViewCommands(WindowContext context, ViewArea& views);

    void refresh();

  Q_SIGNALS:
    void findAsked();
    void preferencesAsked();
    void paletteAsked();

  private:
    void addEditActions();
    void addThemeActions();
    void addViewActions();
    void addZoomActions();
    View* currentView() const;

    WindowContext context_;
    ViewArea& views_;
};

}  // namespace vitrine::widgets
