// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QTabWidget>

#include "widgets/window/shortcut_editor.h"
#include "widgets/window/window_context.h"

class QComboBox;

namespace vitrine::widgets {

/// Preferences; changes count at once, so there is no OK. Not modal; deletes itself. UI thread.
class PreferencesDialog : public QDialog {
    Q_OBJECT
  public:
    PreferencesDialog(const WindowContext& context, QWidget* parent);

    ShortcutEditor& shortcuts() { return *shortcuts_; }
    QTabWidget& pages() { return *pages_; }

  private:
    QWidget* makeGeneralPage();
    QWidget* makeFiguresPage();
    QComboBox* makeChoice(SettingKey key, const QString& name, const QList<QPair<QString, QString>>& choices,
                          QWidget* page);
    template <typename Box>
    Box* makeNumber(SettingKey key, const QString& name, const QString& suffix, double minimum, double maximum,
                    double step, QWidget* page);

    Settings& settings_;
    QTabWidget* pages_;
    ShortcutEditor* shortcuts_;
};

}  // namespace vitrine::widgets
