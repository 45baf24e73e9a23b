// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/log.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

namespace vitrine::widgets {
namespace {

TEST(Log, KeepsLinesInOrder) {
    Log log;
    QSignalSpy appended(&log, &Log::appended);
    log.add(LogLevel::info, QStringLiteral("project"), QStringLiteral("opened"));
    log.add(LogLevel::warning, QStringLiteral("r0001"), QStringLiteral("odd"));
    ASSERT_EQ(log.lines().size(), 2u);
    EXPECT_EQ(log.lines()[1].text, QStringLiteral("odd"));
    EXPECT_EQ(log.warnings(), 1);
    EXPECT_EQ(appended.count(), 2);
}

TEST(Log, FoldsWarningsWhereverTheyCameBefore) {
    Log log;
    QSignalSpy updated(&log, &Log::updated);
    for (int i = 0; i < 3; ++i) {
        log.add(LogLevel::warning, QStringLiteral("a"), QStringLiteral("disk is slow"));
        log.add(LogLevel::info, QStringLiteral("a"), QStringLiteral("step %1").arg(i));
    }
    ASSERT_EQ(log.lines().size(), 4u);  // the warning once, and the steps
    EXPECT_EQ(log.lines()[0].count, 3);
    EXPECT_EQ(log.warnings(), 1);
    ASSERT_EQ(updated.count(), 2);
    EXPECT_EQ(updated[0][0].toInt(), 0);
}

TEST(Log, FoldsOtherLinesOnlyInARow) {
    Log log;
    for (int i = 0; i < 5; ++i) log.add(LogLevel::info, QStringLiteral("a"), QStringLiteral("same"));
    ASSERT_EQ(log.lines().size(), 1u);
    EXPECT_EQ(log.lines()[0].count, 5);
}

TEST(Log, TellsLevelsAndSourcesApart) {
    Log log;
    log.add(LogLevel::warning, QStringLiteral("a"), QStringLiteral("same"));
    log.add(LogLevel::error, QStringLiteral("a"), QStringLiteral("same"));
    log.add(LogLevel::error, QStringLiteral("b"), QStringLiteral("same"));
    EXPECT_EQ(log.lines().size(), 3u);
    EXPECT_EQ(log.warnings(), 3);
}

TEST(Log, DropsTheOldestLines) {
    Log log;
    QSignalSpy dropped(&log, &Log::dropped);
    log.add(LogLevel::warning, QStringLiteral("a"), QStringLiteral("early"));
    for (int i = 0; i < 10'500; ++i) log.add(LogLevel::info, QStringLiteral("a"), QString::number(i));
    EXPECT_LE(log.lines().size(), 10'000u);
    EXPECT_EQ(log.lines().back().text, QStringLiteral("10499"));
    EXPECT_GE(dropped.count(), 1);
    EXPECT_EQ(log.warnings(), 0);
    log.add(LogLevel::warning, QStringLiteral("a"), QStringLiteral("early"));  // the one before is gone
    EXPECT_EQ(log.lines().back().count, 1);
}

TEST(Log, ClearForgetsEverything) {
    Log log;
    log.add(LogLevel::error, QStringLiteral("a"), QStringLiteral("x"));
    log.clear();
    EXPECT_TRUE(log.lines().empty());
    EXPECT_EQ(log.warnings(), 0);
    log.add(LogLevel::error, QStringLiteral("a"), QStringLiteral("x"));
    EXPECT_EQ(log.lines().size(), 1u);
}

}  // namespace
}  // namespace vitrine::widgets
