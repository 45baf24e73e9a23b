// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/actions.h"

#include <gtest/gtest.h>

#include <QSettings>
#include <QTemporaryDir>
#include <QWidget>

namespace vitrine::widgets {
namespace {

ActionSpec spec(const QString& id, const QKeySequence& shortcut) {
    return {.id = id, .text = QStringLiteral("&Do %1...").arg(id), .icon = QStringLiteral("play"), .shortcuts = {shortcut},
            .help = QStringLiteral("What it does.")};
}

TEST(Actions, AreFoundByIdAndCallWhatTheyWereGiven) {
    QWidget window;
    ActionRegistry registry(&window);
    int calls = 0;
    QAction* action = registry.add(spec(QStringLiteral("run.new"), QKeySequence(Qt::Key_F5)), [&](bool) { ++calls; });
    EXPECT_EQ(registry.action(QStringLiteral("run.new")), action);
    EXPECT_EQ(registry.action(QStringLiteral("run.old")), nullptr);
    EXPECT_EQ(ActionRegistry::idOf(action), QStringLiteral("run.new"));
    action->trigger();
    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(window.actions().contains(action));
}

TEST(Actions, SayWhyTheyAreDisabled) {
    QWidget window;
    ActionRegistry registry(&window);
    const QString id = QStringLiteral("run.pause");
    const QAction* action = registry.add(spec(id, QKeySequence()), [](bool) {});
    registry.setEnabled(id, false, QStringLiteral("No run is working."));
    EXPECT_FALSE(action->isEnabled());
    EXPECT_TRUE(action->toolTip().contains(QStringLiteral("No run is working.")));
    registry.setEnabled(id, true);
    EXPECT_TRUE(ActionRegistry::disabledReason(action).isEmpty());
    EXPECT_FALSE(action->toolTip().contains(QStringLiteral("No run is working.")));
}

TEST(Actions, ChangedShortcutsSurviveARestartAndConflictsAreFound) {
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("settings.ini"));
    const QString one = QStringLiteral("a.one"), two = QStringLiteral("a.two");
    const QList<QKeySequence> changed{QKeySequence(QStringLiteral("Ctrl+Alt+J"))};
    {
        QWidget window;
        ActionRegistry registry(&window);
        registry.add(spec(one, QKeySequence(Qt::Key_F2)), [](bool) {});
        registry.add(spec(two, QKeySequence(Qt::Key_F3)), [](bool) {});
        EXPECT_EQ(registry.conflict(two, {QKeySequence(Qt::Key_F2)}), registry.action(one));
        EXPECT_EQ(registry.conflict(one, {QKeySequence(Qt::Key_F2)}), nullptr);
        registry.setShortcuts(one, changed);
        EXPECT_EQ(registry.conflict(two, {QKeySequence(Qt::Key_F2)}), nullptr);
        QSettings settings(file, QSettings::IniFormat);
        registry.saveShortcuts(settings);
    }
    QWidget window;
    ActionRegistry registry(&window);
    registry.add(spec(one, QKeySequence(Qt::Key_F2)), [](bool) {});
    registry.add(spec(two, QKeySequence(Qt::Key_F3)), [](bool) {});
    QSettings settings(file, QSettings::IniFormat);
    registry.loadShortcuts(settings);
    EXPECT_EQ(registry.action(one)->shortcuts(), changed);
    EXPECT_EQ(registry.action(two)->shortcuts(), QList<QKeySequence>{QKeySequence(Qt::Key_F3)});
    EXPECT_EQ(registry.defaultShortcuts(one), QList<QKeySequence>{QKeySequence(Qt::Key_F2)});
}

}  // namespace
}  // namespace vitrine::widgets
