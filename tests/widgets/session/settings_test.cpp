// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/settings.h"

#include <gtest/gtest.h>

#include <QDir>
#include <QSignalSpy>

#include "support/temporary_folder.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

class SettingsTest : public ::testing::Test {
  protected:
    QString file() const { return pathText(folder_ / "vitrine.ini"); }
    test::TemporaryFolder folder_;
};

TEST_F(SettingsTest, HasDefaults) {
    const Settings settings(file());
    EXPECT_EQ(settings.value(SettingKey::theme).toString(), QStringLiteral("system"));
    EXPECT_EQ(settings.value(SettingKey::threads).toInt(), 0);
    EXPECT_TRUE(settings.value(SettingKey::reopenLast).toBool());
    EXPECT_TRUE(settings.value(SettingKey::recentProjects).toStringList().isEmpty());
    EXPECT_GT(settings.value(SettingKey::figureWidthMm).toDouble(), 0);
}

TEST_F(SettingsTest, KeepsValuesWithTheirTypes) {
    {
        Settings settings(file());
        settings.set(SettingKey::theme, QStringLiteral("dark"));
        settings.set(SettingKey::figureScale, 3.0);
        settings.set(SettingKey::reopenLast, false);
        settings.set(SettingKey::recentProjects, QStringList{QStringLiteral("/a")});
    }
    const Settings settings(file());
    EXPECT_EQ(settings.value(SettingKey::theme).toString(), QStringLiteral("dark"));
    EXPECT_EQ(settings.value(SettingKey::figureScale).typeId(), QMetaType::Double);
    EXPECT_DOUBLE_EQ(settings.value(SettingKey::figureScale).toDouble(), 3);
    EXPECT_EQ(settings.value(SettingKey::reopenLast), QVariant(false));
    EXPECT_EQ(settings.value(SettingKey::recentProjects).toStringList(), QStringList{QStringLiteral("/a")});
}

TEST_F(SettingsTest, TellsOnlyChanges) {
    Settings settings(file());
    QSignalSpy changed(&settings, &Settings::changed);
    settings.set(SettingKey::threads, 4);
    settings.set(SettingKey::threads, 4);
    EXPECT_EQ(changed.count(), 1);
    EXPECT_EQ(changed[0][0].value<SettingKey>(), SettingKey::threads);
}

TEST_F(SettingsTest, WhatDoesNotFitCountsAsNotSet) {
    Settings settings(file());
    settings.store().setValue(QStringLiteral("view/theme"), QStringLiteral("purple"));
    settings.store().setValue(QStringLiteral("runs/threads"), -3);
    settings.store().setValue(QStringLiteral("figures/widthMm"), QStringLiteral("wide"));
    EXPECT_EQ(settings.value(SettingKey::theme).toString(), QStringLiteral("system"));
    EXPECT_EQ(settings.value(SettingKey::threads).toInt(), 0);
    EXPECT_GT(settings.value(SettingKey::figureWidthMm).toDouble(), 0);
}

TEST_F(SettingsTest, RecentProjectsAreNewestFirstAndAtMostTwenty) {
    Settings settings(file());
    for (int i = 0; i < 25; ++i) settings.addRecent(QStringLiteral("/projects/p%1/").arg(i));
    settings.addRecent(QStringLiteral("/projects/p10"));
    const QStringList recent = settings.value(SettingKey::recentProjects).toStringList();
    EXPECT_EQ(recent.size(), 20);
    EXPECT_EQ(recent[0], QStringLiteral("/projects/p10"));
    EXPECT_EQ(recent.count(QStringLiteral("/projects/p10")), 1);
    settings.removeRecent(QStringLiteral("/projects/p10"));
    EXPECT_EQ(settings.value(SettingKey::recentProjects).toStringList()[0], QStringLiteral("/projects/p24"));
}

TEST_F(SettingsTest, PinnedProjects) {
    Settings settings(file());
    settings.setPinned(QStringLiteral("/projects/a/"), true);
    settings.setPinned(QStringLiteral("/projects/a"), true);
    EXPECT_EQ(settings.value(SettingKey::pinnedProjects).toStringList(), QStringList{QStringLiteral("/projects/a")});
    settings.setPinned(QStringLiteral("/projects/a"), false);
    EXPECT_TRUE(settings.value(SettingKey::pinnedProjects).toStringList().isEmpty());
}

}  // namespace
}  // namespace vitrine::widgets
