// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/log_panel.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>

#include "widgets/panels/log_panel_model.h"

namespace vitrine::widgets {
namespace {

class LogPanelTest : public ::testing::Test {
  protected:
    void SetUp() override {
        panel_.resize(800, 200);
        panel_.show();
    }
    void add(LogLevel level, const char* text) { log_.add(level, QStringLiteral("test"), QString::fromLatin1(text)); }
    int rows() const { return table_->model()->rowCount(); }

    Log log_;
    LogPanel panel_{log_};
    QTableView* table_ = panel_.findChild<QTableView*>(QStringLiteral("logTable"));
};

TEST_F(LogPanelTest, TitleCountsWarnings) {
    QSignalSpy changed(&panel_, &LogPanel::titleChanged);
    add(LogLevel::info, "a");
    add(LogLevel::warning, "b");
    add(LogLevel::warning, "b");
    add(LogLevel::error, "c");
    EXPECT_EQ(panel_.title(), QStringLiteral("Log (2 warnings)"));
    EXPECT_EQ(changed.count(), 2);
    log_.clear();
    EXPECT_EQ(panel_.title(), QStringLiteral("Log"));
}

TEST_F(LogPanelTest, ShowsOneJobAlone) {
    log_.add(LogLevel::info, QStringLiteral("jobs"), QStringLiteral("RepQ-ViT W4A4: finished after 3 s"));
    log_.add(LogLevel::error, QStringLiteral("r0002-baseline"), QStringLiteral("the file is not there"));
    log_.add(LogLevel::info, QStringLiteral("r0002-baseline"), QStringLiteral("Baseline: failed after 1 s"));
    log_.add(LogLevel::info, QStringLiteral("r0003-baseline"), QStringLiteral("Baseline: begun"));  // another of the same title
    auto* job = panel_.findChild<QToolButton*>(QStringLiteral("logJob"));
    EXPECT_FALSE(job->isVisible());
    panel_.showJob(QStringLiteral("Baseline"), QStringLiteral("r0002-baseline"));
    EXPECT_EQ(rows(), 2);
    EXPECT_TRUE(job->isVisible());
    panel_.showJob(QStringLiteral("Another"), {});
    EXPECT_EQ(rows(), 0);
    QTest::mouseClick(job, Qt::LeftButton);
    EXPECT_EQ(rows(), 4);
    EXPECT_FALSE(job->isVisible());
}

TEST_F(LogPanelTest, FiltersByTextAndLevel) {
    add(LogLevel::info, "first");
    add(LogLevel::warning, "second");
    add(LogLevel::error, "third");
    QTest::keyClicks(panel_.findChild<QLineEdit*>(QStringLiteral("logFilter")), QStringLiteral("SEC"));
    EXPECT_EQ(rows(), 1);
    panel_.findChild<QLineEdit*>(QStringLiteral("logFilter"))->clear();
    QTest::keyClick(panel_.findChild<QComboBox*>(QStringLiteral("logLevel")), Qt::Key_Down);
    EXPECT_EQ(rows(), 2);
    QTest::keyClick(panel_.findChild<QComboBox*>(QStringLiteral("logLevel")), Qt::Key_Down);
    EXPECT_EQ(rows(), 1);
}

TEST_F(LogPanelTest, CopiesChosenLinesOrAll) {
    add(LogLevel::info, "first");
    add(LogLevel::warning, "second");
    add(LogLevel::warning, "second");
    QTest::keyClick(panel_.findChild<QToolButton*>(QStringLiteral("logCopy")), Qt::Key_Space);
    EXPECT_TRUE(QGuiApplication::clipboard()->text().contains(QStringLiteral("first")));
    EXPECT_TRUE(QGuiApplication::clipboard()->text().contains(QStringLiteral("\u00D72")));
    table_->selectRow(0);
    QTest::keyClick(table_, Qt::Key_C, Qt::ControlModifier);
    EXPECT_FALSE(QGuiApplication::clipboard()->text().contains(QStringLiteral("second")));
}

TEST_F(LogPanelTest, ClearsTheLog) {
    add(LogLevel::info, "first");
    QTest::keyClick(panel_.findChild<QToolButton*>(QStringLiteral("logClear")), Qt::Key_Space);
    EXPECT_TRUE(log_.lines().empty());
    EXPECT_FALSE(table_->isVisible());
}

TEST_F(LogPanelTest, FollowsTheNewestLineUnlessScrolledAway) {
    for (int i = 0; i < 100; ++i) log_.add(LogLevel::info, QStringLiteral("test"), QString::number(i));
    QTest::qWait(20);
    QScrollBar* bar = table_->verticalScrollBar();
    EXPECT_EQ(bar->value(), bar->maximum());
    bar->setValue(3);
    log_.add(LogLevel::info, QStringLiteral("test"), QStringLiteral("new"));
    QTest::qWait(20);
    EXPECT_EQ(bar->value(), 3);
}

TEST_F(LogPanelTest, TheModelKeepsItsPromises) {
    const auto fill = [this](int from, int to) {
        for (int i = from; i < to; ++i) log_.add(i % 3 == 0 ? LogLevel::warning : LogLevel::info, QStringLiteral("test"), QString::number(i / 2));
    };
    fill(0, 9'990);  // the oldest lines go soon
    LogModel model(log_, nullptr);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    fill(9'990, 10'020);
    EXPECT_EQ(model.rowCount(), static_cast<int>(log_.lines().size()));
    log_.clear();
    EXPECT_EQ(model.rowCount(), 0);
}

}  // namespace
}  // namespace vitrine::widgets
