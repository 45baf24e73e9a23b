// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDockWidget>
#include <QMimeData>
#include <QTabBar>
#include <QTest>
#include <QToolBar>
#include <QToolButton>

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
    for (const ViewInfo& info : allViews()) EXPECT_EQ(window->views().openIds().contains(info.id), info.openAtFirst) << toStd(info.id);
}

TEST_F(MainWindowTest, TabsHaveShortTitlesAndFitTheFirstWindow) {
    open();
    ASSERT_TRUE(openProject());
    ViewArea& views = window->views();
    auto* tabs = views.findChild<QTabBar*>(QStringLiteral("views.tabs"));
    int width = 0;
    for (int index = 0; index < tabs->count(); ++index) {
        width += tabs->tabRect(index).width();
        EXPECT_EQ(tabs->tabText(index), viewInfo(views.openIds()[index])->shortTitle);
        EXPECT_TRUE(tabs->tabToolTip(index).contains(viewInfo(views.openIds()[index])->title) || tabs->tabText(index) == viewInfo(views.openIds()[index])->title);
    }
    EXPECT_LE(width, tabs->width());
    views.showView(QStringLiteral("traces"));
    for (int index = 0; index < tabs->count(); ++index)
        EXPECT_EQ(tabs->tabButton(index, QTabBar::RightSide) != nullptr, index == tabs->currentIndex()) << index;
    QTest::mouseClick(tabs, Qt::MiddleButton, {}, tabs->tabRect(0).center());
    EXPECT_FALSE(views.openIds().contains(QStringLiteral("errors")));
    EXPECT_EQ(views.currentId(), QStringLiteral("traces"));
    QTest::mouseClick(views.findChild<QToolButton*>(QStringLiteral("views.close")), Qt::LeftButton);
    EXPECT_FALSE(views.openIds().contains(QStringLiteral("traces")));
}

TEST_F(MainWindowTest, ViewsOpenByThemselvesWhenARunHasSomethingForThem) {
    open();
    ASSERT_TRUE(openProject());
    ViewArea& views = window->views();
    ASSERT_FALSE(views.openIds().contains(QStringLiteral("search")));
    const QString current = views.currentId();
    project::RunRecord record;
    record.id = "r0001-cptv";
    record.method = "cptv";
    Study& study = window->session().study;
    study.runTold(record);
    window->session().selection.setRunA(toQt(record.id));
    const auto tell = [&] {
        results::SearchHistory history;
        study.artefactTold(toQt(record.id), std::make_shared<const results::Artefact>(results::Artefact{"search", "Search", history}));
    };
    tell();
    EXPECT_TRUE(waitFor([&] { return views.openIds().contains(QStringLiteral("search")); }));
    EXPECT_EQ(views.currentId(), current);
    views.closeView(QStringLiteral("search"));
    tell();
    QTest::qWait(50);
    EXPECT_FALSE(views.openIds().contains(QStringLiteral("search")));  // what the user closes stays closed
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
