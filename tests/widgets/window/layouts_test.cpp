// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/layouts.h"

#include <gtest/gtest.h>

#include <QApplication>

#include "support/temporary_folder.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

struct Window {
    explicit Window(Settings& settings, QStringList names = {}) {
        if (names.isEmpty())
            for (const char* name : {"model", "inspector", "new_run", "runs", "jobs", "images", "notes", "log", "tour"})
                names.append(QLatin1String(name));
        for (const QString& name : names) {
            auto* dock = new QDockWidget(name, &window);
            dock->setObjectName(name);
            dock->setWidget(new QWidget);
            docks.append(dock);
        }
        window.setCentralWidget(new QWidget);
        window.resize(1200, 800);
        layouts = std::make_unique<Layouts>(window, docks, settings);
        window.show();
        layouts->setProjectShown(true);
        QApplication::processEvents();
    }
    ~Window() {
        layouts->store();
        layouts.reset();
    }

    QDockWidget* dock(const char* name) {
        for (QDockWidget* each : docks)
            if (each->objectName() == QLatin1String(name)) return each;
        return nullptr;
    }

    QMainWindow window;
    QList<QDockWidget*> docks;
    std::unique_ptr<Layouts> layouts;
};

class LayoutsTest : public ::testing::Test {
  protected:
    test::TemporaryFolder folder;
    Settings settings{pathText(folder / "settings.ini")};
};

TEST_F(LayoutsTest, BeginsWithAnalyse) {
    Window window(settings);
    EXPECT_EQ(window.layouts->current(), QStringLiteral("analyse"));
    EXPECT_EQ(window.window.dockWidgetArea(window.dock("model")), Qt::LeftDockWidgetArea);
    EXPECT_FALSE(window.dock("model")->isHidden());
    EXPECT_TRUE(window.dock("tour")->isHidden());
    EXPECT_TRUE(window.window.tabifiedDockWidgets(window.dock("runs")).contains(window.dock("jobs")));
}

TEST_F(LayoutsTest, KeepsWhatTheUserChanged) {
    {
        Window window(settings);
        window.window.addDockWidget(Qt::LeftDockWidgetArea, window.dock("log"));
        window.dock("inspector")->hide();
        window.layouts->activate(QStringLiteral("compare"));
        EXPECT_TRUE(window.dock("model")->isHidden());
        window.layouts->activate(QStringLiteral("analyse"));
        EXPECT_EQ(window.window.dockWidgetArea(window.dock("log")), Qt::LeftDockWidgetArea);
    }
    Window window(settings);
    EXPECT_EQ(window.window.dockWidgetArea(window.dock("log")), Qt::LeftDockWidgetArea);
    EXPECT_TRUE(window.dock("inspector")->isHidden());
}

TEST_F(LayoutsTest, ResetGivesTheShippedOne) {
    Window window(settings);
    window.window.addDockWidget(Qt::LeftDockWidgetArea, window.dock("log"));
    window.dock("runs")->setFloating(true);
    window.layouts->reset();
    EXPECT_EQ(window.window.dockWidgetArea(window.dock("log")), Qt::BottomDockWidgetArea);
    EXPECT_FALSE(window.dock("runs")->isFloating());
}

TEST_F(LayoutsTest, UserLayouts) {
    Window window(settings);
    window.dock("model")->hide();
    window.layouts->saveAs(QStringLiteral("Mine / big"));
    EXPECT_EQ(window.layouts->names().size(), 4);
    EXPECT_EQ(window.layouts->current(), QStringLiteral("Mine / big"));
    window.layouts->activate(QStringLiteral("run"));
    window.layouts->activate(QStringLiteral("Mine / big"));
    EXPECT_TRUE(window.dock("model")->isHidden());
    window.dock("model")->show();
    window.layouts->reset();  // as it was saved
    EXPECT_TRUE(window.dock("model")->isHidden());
    window.layouts->rename(QStringLiteral("Mine / big"), QStringLiteral("Other"));
    EXPECT_EQ(window.layouts->current(), QStringLiteral("Other"));
    window.layouts->saveAs(QStringLiteral("analyse"));  // a shipped name is not taken
    EXPECT_EQ(window.layouts->userNames(), QStringList{QStringLiteral("Other")});
    window.layouts->remove(QStringLiteral("Other"));
    EXPECT_EQ(window.layouts->current(), QStringLiteral("analyse"));
    EXPECT_TRUE(window.layouts->userNames().isEmpty());
}

TEST_F(LayoutsTest, NewDocksGetTheirPlace) {
    { const Window window(settings, {QStringLiteral("model"), QStringLiteral("runs")}); }
    Window window(settings);
    EXPECT_EQ(window.window.dockWidgetArea(window.dock("jobs")), Qt::BottomDockWidgetArea);
    EXPECT_FALSE(window.dock("jobs")->isHidden());
    EXPECT_EQ(window.window.dockWidgetArea(window.dock("inspector")), Qt::RightDockWidgetArea);
    EXPECT_TRUE(window.dock("tour")->isHidden());
}

TEST_F(LayoutsTest, LostFloatingDocksComeBack) {
    {
        Window window(settings);
        window.dock("log")->setFloating(true);
        window.dock("log")->setGeometry(100000, 100000, 300, 200);
        QApplication::processEvents();
    }
    Window window(settings);
    EXPECT_FALSE(window.dock("log")->isFloating() && window.dock("log")->x() > 50000);
}

TEST_F(LayoutsTest, DamagedStateIsTheShippedLayout) {
    settings.store().setValue(QStringLiteral("layouts/analyse/state"), QByteArray("nonsense"));
    settings.store().setValue(QStringLiteral("layouts/current"), QStringLiteral("gone"));
    Window window(settings);
    EXPECT_EQ(window.layouts->current(), QStringLiteral("analyse"));
    EXPECT_FALSE(window.dock("model")->isHidden());
}

TEST_F(LayoutsTest, WithoutAProjectNothingIsShownOrKept) {
    {
        Window window(settings);
        window.layouts->setProjectShown(false);
        for (const QDockWidget* dock : window.docks) EXPECT_TRUE(dock->isHidden());
    }
    Window window(settings);
    EXPECT_FALSE(window.dock("model")->isHidden());
}

}  // namespace
}  // namespace vitrine::widgets
