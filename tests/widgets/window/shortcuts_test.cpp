// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QWidget>

#include "support/temporary_folder.h"
#include "widgets/base/text.h"
#include "widgets/session/settings.h"
#include "widgets/window/shortcut_editor.h"

namespace vitrine::widgets {
namespace {

class ShortcutsTest : public ::testing::Test {
  protected:
    ShortcutsTest() {
        registry.add(
            {QStringLiteral("file.save"), QStringLiteral("&Save"), {}, {QKeySequence(QStringLiteral("Ctrl+S"))}},
            [](bool) {});
        registry.add(
            {QStringLiteral("run.new"), QStringLiteral("&New run..."), {}, {QKeySequence(QStringLiteral("F5"))}},
            [](bool) {});
    }

    QWidget window;
    ActionRegistry registry{&window};
    test::TemporaryFolder folder;
    Settings settings{pathText(folder / "settings.ini")};
};

TEST_F(ShortcutsTest, ModelFollowsTheRegistry) {
    ShortcutModel model(registry);
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    EXPECT_EQ(model.rowCount(), 2);
    EXPECT_EQ(model.index(1, ShortcutModel::actionColumn).data().toString(), QStringLiteral("New run"));
    EXPECT_EQ(model.index(1, ShortcutModel::menuColumn).data().toString(), QStringLiteral("Run"));
    registry.add({QStringLiteral("help.about"), QStringLiteral("About"), {}}, [](bool) {});
    EXPECT_EQ(model.rowCount(), 3);
}

TEST_F(ShortcutsTest, TheTableCanBeCopied) {
    ShortcutTable table(registry);
    auto* copy = table.findChild<QAction*>(QStringLiteral("copyRows"));
    ASSERT_NE(copy, nullptr);
    copy->trigger();
    EXPECT_TRUE(QGuiApplication::clipboard()->text().contains(QStringLiteral("New run\t"))) << toStd(QGuiApplication::clipboard()->text());
}

TEST_F(ShortcutsTest, ConflictIsNamedAndTakenOver) {
    ShortcutEditor editor(registry, settings.store());
    EXPECT_FALSE(editor.field().isEnabled());
    editor.table().choose(QStringLiteral("run.new"));
    EXPECT_EQ(editor.field().keySequence(), QKeySequence(QStringLiteral("F5")));
    editor.field().setKeySequence(QKeySequence(QStringLiteral("Ctrl+S")));
    EXPECT_TRUE(editor.conflictText().contains(QStringLiteral("Save")));
    editor.assign();
    EXPECT_EQ(registry.action(QStringLiteral("run.new"))->shortcut(), QKeySequence(QStringLiteral("Ctrl+S")));
    EXPECT_TRUE(registry.action(QStringLiteral("file.save"))->shortcuts().isEmpty());
}

TEST_F(ShortcutsTest, ChangesAreKept) {
    {
        ShortcutEditor editor(registry, settings.store());
        editor.table().choose(QStringLiteral("file.save"));
        editor.field().setKeySequence(QKeySequence(QStringLiteral("Ctrl+Alt+S")));
        editor.assign();
    }
    registry.setShortcuts(QStringLiteral("file.save"), registry.defaultShortcuts(QStringLiteral("file.save")));
    registry.loadShortcuts(settings.store());
    EXPECT_EQ(registry.action(QStringLiteral("file.save"))->shortcut(), QKeySequence(QStringLiteral("Ctrl+Alt+S")));
}

}  // namespace
}  // namespace vitrine::widgets
