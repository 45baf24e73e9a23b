// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/recent_projects.h"

#include <gtest/gtest.h>

#include <QTest>

#include "project/project.h"
#include "support/temporary_folder.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"
#include "widgets/window/recent_list.h"

namespace vitrine::widgets {
namespace {

class RecentTest : public ::testing::Test {
  protected:
    QString make(const char* name, const char* title) {
        project::Project::create(folder / name, title);
        return pathText(folder / name);
    }
    static bool looked(const RecentProjects& recent) {
        return test::waitFor([&] {
            for (const RecentProject& each : recent.projects())
                if (!each.looked) return false;
            return true;
        });
    }

    test::TemporaryFolder folder;
    Settings settings{pathText(folder / "settings.ini")};
};

TEST_F(RecentTest, SaysWhatTheDiskSays) {
    const QString one = make("one", "First study");
    test::addRun(toPath(one));
    RecentProjects recent(settings);
    recent.add(pathText(folder / "gone"));
    recent.add(one);
    ASSERT_TRUE(looked(recent));
    ASSERT_EQ(recent.projects().size(), 2u);
    EXPECT_EQ(recent.projects()[0].name, QStringLiteral("First study"));
    EXPECT_EQ(recent.projects()[0].runs, 1);
    EXPECT_FALSE(recent.projects()[0].missing);
    EXPECT_TRUE(recent.projects()[1].missing);
    EXPECT_EQ(recent.projects()[1].name, QStringLiteral("gone"));
}

TEST_F(RecentTest, PinnedComeFirstAndStay) {
    RecentProjects recent(settings);
    const QString one = make("one", "One"), two = make("two", "Two");
    recent.add(one);
    recent.add(two);
    recent.setPinned(one, true);
    EXPECT_EQ(recent.projects()[0].folder, one);
    const QString moved = make("moved", "One");
    recent.replace(one, moved);
    EXPECT_EQ(recent.projects()[0].folder, moved);
    EXPECT_TRUE(recent.projects()[0].pinned);
    recent.remove(moved);
    EXPECT_EQ(recent.projects().size(), 1u);
}

TEST_F(RecentTest, FindsWhatACrashLeft) {
    const QString one = make("one", "One");
    {
        project::Project project = project::Project::open(toPath(one));
        project::RunRecord record;
        record.method = "repq";
        const project::RunWriter writer = project.begin(record);
    }
    RecentProjects recent(settings);
    recent.add(one);
    ASSERT_TRUE(looked(recent));
    EXPECT_EQ(recent.interruptedRuns(), 1);
    EXPECT_EQ(recent.mostInterrupted(), one);
}

TEST_F(RecentTest, ListByKeyboard) {
    RecentProjects recent(settings);
    const QString one = make("one", "Alpha"), two = make("two", "Beta");
    recent.add(one);
    recent.add(two);
    ASSERT_TRUE(looked(recent));
    RecentList list(recent);
    list.resize(500, 400);
    list.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&list));
    list.activateWindow();
    QString opened;
    QObject::connect(&list, &RecentList::openAsked, &list, [&](const QString& project) { opened = project; });
    EXPECT_EQ(list.shown(), 2);
    QTest::keyClicks(&list.search(), QStringLiteral("alph"));
    EXPECT_EQ(list.shown(), 1);
    QTest::keyClick(&list.search(), Qt::Key_Return);
    EXPECT_EQ(opened, one);
    list.search().setText(QStringLiteral("zzz"));
    EXPECT_EQ(list.shown(), 0);
}

}  // namespace
}  // namespace vitrine::widgets
