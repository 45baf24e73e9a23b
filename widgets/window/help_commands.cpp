// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/help_commands.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QWhatsThis>

#include "widgets/base/background.h"
#include "widgets/window/help_windows.h"
#include "widgets/window/manual_window.h"
#include "widgets/window/preferences_dialog.h"

namespace vitrine::widgets {

HelpCommands::HelpCommands(WindowContext context, QThreadPool& pool)
    : QObject(&context.window), context_(context), pool_(pool) {
    ActionRegistry& registry = context_.registry;
    QWidget* window = &context_.window;
    registry.add({QStringLiteral("help.tour"),
                  tr("&Tour"),
                  QStringLiteral("check"),
                  {},
                  tr("A checklist for the first minutes.")},
                 [this](bool) { Q_EMIT tourAsked(); });
    registry.add({QStringLiteral("help.manual"),
                  tr("&Manual"),
                  QStringLiteral("help"),
                  {QKeySequence(Qt::Key_F1)},
                  tr("What there is to know, in eight short pages.")},
                 [this](bool) { openManual(); });
    registry.add({QStringLiteral("help.whats_this"),
                  tr("&What is this?"),
                  QStringLiteral("help"),
                  {QKeySequence(Qt::SHIFT | Qt::Key_F1)},
                  tr("Click something to read what it is.")},
                 [](bool) { QWhatsThis::enterWhatsThisMode(); });
    registry.add({QStringLiteral("help.shortcuts"),
                  tr("&Keyboard shortcuts"),
                  QStringLiteral("keyboard"),
                  {QKeySequence(Qt::CTRL | Qt::Key_F1)},
                  tr("All commands with their keys.")},
                 [this, window](bool) {
                     open(shortcuts_, [this, window] { return new ShortcutsWindow(context_.registry, window); });
                 });
    registry.add({QStringLiteral("help.copy_environment"),
                  tr("Copy &environment"),
                  QStringLiteral("copy"),
                  {},
                  tr("Versions and system, for a report of a fault.")},
                 [this](bool) {
                     inBackground(
                         pool_, this, [display = displayText()] { return environmentText(display); },
                         [this](const Outcome<QString>& outcome) {
                             const QString* text = valueOf(outcome);
                             if (!text) return;
                             QGuiApplication::clipboard()->setText(*text);
                             Message message{Message::Level::good,
                                             QStringLiteral("environment"),
                                             tr("The environment is in the clipboard."),
                                             {},
                                             {}};
                             message.seconds = 5;
                             context_.messages.show(message);
                         });
                 });
    registry.add({QStringLiteral("help.about"),
                  tr("&About Vitrine"),
                  QStringLiteral("info"),
                  {},
                  tr("Version, licences, environment.")},
                 [this, window](bool) { open(about_, [this, window] { return new AboutDialog(pool_, window); }); });
}

void HelpCommands::openPreferences() {
    open(preferences_, [this] { return new PreferencesDialog(context_, &context_.window); });
}

void HelpCommands::openManual() {
    open(manual_, [this] { return new ManualWindow(&context_.window); });
}

template <typename Make>
void HelpCommands::open(QPointer<QDialog>& window, Make make) {
    if (!window) window = make();
    window->show();
    window->raise();
    window->activateWindow();
}

}  // namespace vitrine::widgets
