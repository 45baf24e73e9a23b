// SPDX-License-Identifier: GPL-3.0-or-later
#include <QClipboard>
#include <QMenu>
#include <QMenuBar>
#include <QTest>
#include <set>

#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

class ActionsTest : public test::WindowTest {
  protected:
    ActionsTest() : WindowTest(48) {}

    /// Those that end the state that is tested, start other programs, or hold the mouse.
    static bool isLast(const QString& id) {
        static const std::set<QString> last{QStringLiteral("file.quit"),      QStringLiteral("file.close"),
                                            QStringLiteral("file.sample"),    QStringLiteral("file.recover"),
                                            QStringLiteral("run.cancel"),     QStringLiteral("run.stop"),
                                            QStringLiteral("help.whats_this")};
        return last.contains(id);
    }

    void triggerAll() {
        QStringList ids;
        for (const QAction* action : window->registry().actions()) ids.append(ActionRegistry::idOf(action));
        for (const QString& id : ids) {
            if (isLast(id)) continue;
            SCOPED_TRACE(toStd(id));
            window->registry().action(id)->trigger();
            QTest::qWait(5);
            closeDialogs();
            QTest::qWait(1);
        }
    }
};

void collect(const QMenu* menu, std::set<QString>& ids) {
    for (const QAction* action : menu->actions()) {
        if (action->menu())
            collect(action->menu(), ids);
        else
            ids.insert(ActionRegistry::idOf(action));
    }
}

TEST_F(ActionsTest, EveryOneStandsInAMenuWithTextAndHelp) {
    open();
    std::set<QString> ids;
    for (const QAction* menu : window->menuBar()->actions()) collect(menu->menu(), ids);
    for (const QAction* action : window->registry().actions()) {
        const QString id = ActionRegistry::idOf(action);
        EXPECT_FALSE(action->text().isEmpty()) << toStd(id);
        EXPECT_FALSE(action->whatsThis().isEmpty()) << toStd(id);
        // Layouts that the user has not saved are not listed.
        EXPECT_TRUE(!action->isVisible() || ids.contains(id)) << toStd(id);
    }
}

TEST_F(ActionsTest, NoTwoShareAShortcut) {
    open();
    for (const QAction* action : window->registry().actions()) {
        const QAction* other = window->registry().conflict(ActionRegistry::idOf(action), action->shortcuts());
        EXPECT_EQ(other, nullptr) << toStd(ActionRegistry::idOf(action)) << " and "
                                  << toStd(other ? ActionRegistry::idOf(other) : QString());
    }
}

TEST_F(ActionsTest, WithoutAProject) {
    open();
    triggerAll();
    EXPECT_FALSE(window->session().study.isOpen());
}

TEST_F(ActionsTest, WithAProject) {
    open();
    test::writeRuns(runs.project(), 2);
    ASSERT_TRUE(openProject());
    triggerAll();
    EXPECT_TRUE(window->session().study.isOpen());
    window->session().selection.setRunA(QStringLiteral("r0001-repq"));
    window->session().selection.setRunB(QStringLiteral("r0002-repq"));
    QTest::qWait(50);
    triggerAll();
    trigger("file.close");
    EXPECT_TRUE(!dialog(QStringLiteral("question")) || answer("discard"));
    EXPECT_TRUE(waitFor([&] { return !window->session().study.isOpen(); }));
}

TEST_F(ActionsTest, WhileARunWorks) {
    open();
    ASSERT_TRUE(openProject());
    const jobs::JobId id = startRun();
    ASSERT_TRUE(waitFor([&] { return isRunning(id); }));
    triggerAll();
    trigger("run.cancel");
    EXPECT_TRUE(waitFor([&] {
        const JobItem* item = window->session().jobs.item(id);  // null once finished jobs were cleared
        return !item || jobs::isOver(item->state) || item->state == jobs::JobState::paused;
    }));
}

}  // namespace
}  // namespace vitrine::widgets
