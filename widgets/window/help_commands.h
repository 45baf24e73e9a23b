// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include "widgets/window/window_context.h"

class QDialog;

namespace vitrine::widgets {

/// The actions help.*, and the preferences. Their windows are opened once and raised after that. UI thread.
class HelpCommands : public QObject {
    Q_OBJECT
  public:
    HelpCommands(WindowContext context, QThreadPool& pool);

    void openPreferences();
    void openManual();

  Q_SIGNALS:
    void tourAsked();

  private:
    template <typename Make>
    void open(QPointer<QDialog>& window, Make make);

    WindowContext context_;
    QThreadPool& pool_;
    QPointer<QDialog> preferences_, shortcuts_, about_, manual_;
};

}  // namespace vitrine::widgets
