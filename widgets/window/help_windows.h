// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QPlainTextEdit>
#include <QThreadPool>

#include "widgets/base/actions.h"

namespace vitrine::widgets {

/// All commands with their keys, to look at. Not modal; deletes itself.
class ShortcutsWindow : public QDialog {
    Q_OBJECT
  public:
    ShortcutsWindow(ActionRegistry& registry, QWidget* parent);
};

/// Versions of the program and of what it runs on, as lines of "name: value". Asks LibTorch: call it off the UI thread.
/// `display` is displayText().
QString environmentText(const QString& display);
/// What the UI thread knows of platform and screens.
QString displayText();

/// About the program: what it is, licences, environment to copy into a report of a fault. Not modal; deletes itself.
/// `pool` looks up the environment.
class AboutDialog : public QDialog {
    Q_OBJECT
  public:
    AboutDialog(QThreadPool& pool, QWidget* parent);

  private:
    QWidget* makeAboutPage();
    QWidget* makeLicencesPage();
    QWidget* makeEnvironmentPage(QThreadPool& pool);
};

}  // namespace vitrine::widgets
