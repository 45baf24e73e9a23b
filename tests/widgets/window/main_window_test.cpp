// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>
#include <QMimeData>
#include <QTest>
#include <QToolBar>

#include "widgets/forms/drop_preview.h"
#include "widgets/panels/view_panel.h"
#include "widgets/window/start_page.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

class MainWindowTest : public test::WindowTest {};

TEST_F(MainWindowTest, StartsWithTheStartPage) {
    open();
    EXPECT_EQ(window->windowTitle(), QStringLiteral("Vitrine"));
    EXPECT_TRUE(window->findChild<StartPage*>()->isVisible());
    for (const QDockWidget* dock : window->findChildren<QDockWidget*>())
        EXPECT_FALSE(dock->isVisible()) << toStd(dock->objectName());
    EXPECT_FALSE(window->findChild<QToolBar*>(QStringLiteral("tools"))->isVisible());
    for (const QAction* action : window->registry().actions())
        EXPECT_TRUE(action->isEnabled() || !ActionRegistry::disabledReason(action).isEmpty())
            << toStd(ActionRegistry::idOf(action));
}

TEST_F(MainWindowTest, OpensAProjectAndTakesItUpAgain) {
    open();
    test::writeRuns(runs.project(), 3);
    ASSERT_TRUE(openProject());
    EXPECT_EQ(window->windowTitle(), QStringLiteral("Many runs[*]"));
    ASSERT_TRUE(waitFor([&] { return !window->session().selection.selection().runA.isEmpty(); }));
    EXPECT_EQ(window->session().selection.selection().runA, QStringLiteral("r0003-repq"));
    window->session().selection.setRunA(QStringLiteral("r0001-repq"));
    window->session().selection.setRunB(QStringLiteral("r0002-repq"));
    window->views().showView(QStringLiteral("compare_summary"));
    window->views().closeView(QStringLiteral("graph"));
    window->close();
    ASSERT_TRUE(waitFor([&] { return window->isHidden(); }));

    open();
    window->start({});  // the last project
    ASSERT_TRUE(waitFor([&] { return window->session().study.isOpen(); }));
    EXPECT_EQ(window->session().selection.selection().runA, QStringLiteral("r0001-repq"));
    EXPECT_EQ(window->session().selection.selection().runB, QStringLiteral("r0002-repq"));
    EXPECT_EQ(window->views().currentId(), QStringLiteral("compare_summary"));
    EXPECT_FALSE(window->views().openIds().contains(QStringLiteral("graph")));
    trigger("file.close");
    ASSERT_TRUE(waitFor([&] { return !window->session().study.isOpen(); }));
    EXPECT_TRUE(window->findChild<StartPage*>()->isVisible());
}

TEST_F(MainWindowTest, EveryViewCanBeOpenedAndClosed) {
    open();
    ASSERT_TRUE(openProject());
    for (const ViewInfo& info : allViews()) {
        trigger(qPrintable(QStringLiteral("view.tab.") + info.id));
        EXPECT_EQ(window->views().currentId(), info.id);
        EXPECT_NE(window->views().currentPanel(), nullptr);
    }
    for (const ViewInfo& info : allViews()) window->views().closeView(info.id);
    EXPECT_EQ(window->views().currentPanel(), nullptr);
    trigger("view.zoom_in");
    window->views().reset();
    EXPECT_EQ(window->views().openIds().size(), static_cast<qsizetype>(allViews().size()));
}

TEST_F(MainWindowTest, ARunFillsTheViewsAndIsCompared) {
    open();
    ASSERT_TRUE(openProject());
    const jobs::JobId first = startRun();
    ASSERT_TRUE(waitFor([&] { return isRunning(first); }));
    settings.set(SettingKey::theme, QStringLiteral("dark"));  // while it works
    ASSERT_TRUE(waitFor([&] { return isOver(first); }, 300));
    settings.set(SettingKey::theme, QStringLiteral("light"));
    const QString runA = window->session().selection.selection().runA;
    EXPECT_EQ(runA, QStringLiteral("r0001-repq"));
    EXPECT_TRUE(waitFor([&] { return window->views().panel(QStringLiteral("errors"))->view().emptyText().isEmpty(); }));

    const jobs::JobId second = startRun("baseline");
    ASSERT_TRUE(waitFor([&] { return isOver(second); }, 300));
    window->session().selection.setRunA(runA);
    window->session().selection.setRunB(QStringLiteral("r0002-baseline"));
    trigger("compare.summary");
    EXPECT_TRUE(waitFor([&] { return window->views().currentPanel()->view().emptyText().isEmpty(); }));
    EXPECT_TRUE(waitFor([&] { return window->registry().action(QStringLiteral("file.report"))->isEnabled(); }));
}

TEST_F(MainWindowTest, DroppedFilesAreShownBeforeAnythingHappens) {
    open();
    ASSERT_TRUE(openProject());
    window->openPaths({pathText(runs.spec().model)});
    ASSERT_TRUE(waitFor([&] { return window->findChild<DropPreview*>() != nullptr; }));
    auto* preview = window->findChild<DropPreview*>();
    ASSERT_TRUE(waitFor([&] { return !preview->isReading(); }));
    preview->accept();
    EXPECT_TRUE(waitFor([&] { return window->session().study.edits().models.size() == 1; }));
}

TEST_F(MainWindowTest, PaletteRunsCommands) {
    open();
    trigger("view.palette");
    ASSERT_TRUE(window->palette().isVisible());
    QTest::keyClicks(&window->palette().field(), QStringLiteral("dark theme"));
    QTest::keyClick(&window->palette().field(), Qt::Key_Return);
    EXPECT_EQ(settings.value(SettingKey::theme).toString(), QStringLiteral("dark"));
    settings.set(SettingKey::theme, QStringLiteral("light"));
}

TEST_F(MainWindowTest, SampleIsWrittenAndOpened) {
    open();
    trigger("file.sample");
    ASSERT_TRUE(waitFor([&] { return window->session().study.isOpen(); }, 120));
    EXPECT_FALSE(window->session().study.edits().models.empty());
    EXPECT_EQ(window->session().study.edits().imageSets.size(), 2u);
}

}  // namespace
}  // namespace vitrine::widgets
