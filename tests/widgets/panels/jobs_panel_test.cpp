// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/jobs_panel.h"

#include <gtest/gtest.h>

#include <QLabel>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "widgets/base/text.h"
#include "widgets/panels/jobs_panel_card.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

class JobsPanelTest : public ::testing::Test {
  protected:
    void SetUp() override {
        panel_.resize(600, 500);
        panel_.show();
        ASSERT_TRUE(QTest::qWaitForWindowExposed(&panel_));
        panel_.activateWindow();
    }
    jobs::JobId add(const std::string& method = "repq") {
        return session_.jobs.addRun(sample_.spec(method), toQt(method), JobCenter::When::queued);
    }
    JobCard* card(jobs::JobId id) {
        for (JobCard* each : panel_.findChildren<JobCard*>())
            if (each->id() == id) return each;
        return nullptr;
    }
    QToolButton* button(jobs::JobId id, const QString& name) { return card(id)->findChild<QToolButton*>(name); }
    jobs::JobState state(jobs::JobId id) const { return session_.jobs.item(id)->state; }
    bool begins(jobs::JobId id) {
        return test::waitFor([&] { return !session_.jobs.item(id)->run.isEmpty(); });
    }

    test::SampleRuns sample_{32};
    test::TemporaryFolder folder_;
    Settings settings_{pathText(folder_ / "settings.ini")};
    Session session_{settings_};
    JobsPanel panel_{session_};
};

TEST_F(JobsPanelTest, SaysThatThereAreNone) {
    EXPECT_TRUE(panel_.findChild<QLabel*>(QStringLiteral("jobsEmptyText"))->isVisible());
    EXPECT_EQ(panel_.current(), 0);
    panel_.togglePause();
}

TEST_F(JobsPanelTest, SpacePausesAndResumes) {
    const jobs::JobId id = add();
    ASSERT_TRUE(begins(id));
    QTest::keyClick(card(id), Qt::Key_Space);
    ASSERT_TRUE(test::waitFor([&] { return state(id) == jobs::JobState::paused; }));
    EXPECT_TRUE(button(id, QStringLiteral("jobResume"))->isVisible());
    QTest::keyClick(card(id), Qt::Key_Space);
    ASSERT_TRUE(test::waitFor([&] { return state(id) == jobs::JobState::finished; }));
    EXPECT_TRUE(button(id, QStringLiteral("jobResults"))->isVisible());
    const auto* result = card(id)->findChild<QLabel*>(QStringLiteral("jobResult"));
    EXPECT_TRUE(result->isVisible() && result->text().contains(QStringLiteral("float"))) << toStd(result->text());
    EXPECT_TRUE(card(id)->findChild<QLabel*>(QStringLiteral("jobState"))->text().startsWith(session_.jobs.item(id)->run));
    QSignalSpy results(&panel_, &JobsPanel::resultsAsked);
    QTest::keyClick(button(id, QStringLiteral("jobResults")), Qt::Key_Space);
    ASSERT_EQ(results.count(), 1);
    EXPECT_EQ(results[0][0].toString(), session_.jobs.item(id)->run);
}

TEST_F(JobsPanelTest, AsksForTheLogOfAJob) {
    const jobs::JobId id = add();
    ASSERT_TRUE(begins(id));
    QSignalSpy asked(&panel_, &JobsPanel::logAsked);
    ASSERT_TRUE(test::waitFor([&] { return button(id, QStringLiteral("jobLog"))->isVisible(); }));
    QTest::mouseClick(button(id, QStringLiteral("jobLog")), Qt::LeftButton);
    ASSERT_EQ(asked.count(), 1);
    EXPECT_EQ(asked[0][0].toString(), QStringLiteral("repq"));
    EXPECT_EQ(asked[0][1].toString(), session_.jobs.item(id)->run);
}

TEST_F(JobsPanelTest, StopsKeepsCancelsAndRemoves) {
    const jobs::JobId first = add(), second = add();
    ASSERT_TRUE(begins(first));
    EXPECT_FALSE(button(second, QStringLiteral("jobKeep"))->isVisible());
    QTest::keyClick(button(second, QStringLiteral("jobCancel")), Qt::Key_Space);
    QTest::keyClick(button(first, QStringLiteral("jobKeep")), Qt::Key_Space);
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.unfinished() == 0; }));
    EXPECT_EQ(state(first), jobs::JobState::kept);
    EXPECT_EQ(state(second), jobs::JobState::cancelled);
    QTest::keyClick(button(first, QStringLiteral("jobRemove")), Qt::Key_Space);
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.jobs().size() == 1; }));
    QTest::keyClick(panel_.findChild<QToolButton*>(QStringLiteral("jobsClear")), Qt::Key_Space);
    EXPECT_TRUE(session_.jobs.jobs().isEmpty());
    EXPECT_TRUE(panel_.findChild<QLabel*>(QStringLiteral("jobsEmptyText"))->isVisible());
}

TEST_F(JobsPanelTest, BringsTheRunningJobIntoView) {
    panel_.resize(600, 180);
    for (int i = 0; i < 4; ++i) add("baseline");
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.unfinished() == 0; }));
    const jobs::JobId id = add();
    const auto* list = panel_.findChild<QScrollArea*>(QStringLiteral("jobsList"));
    EXPECT_TRUE(test::waitFor([&] {
        const QPoint place = card(id)->mapTo(list->viewport(), QPoint(0, 0));
        return state(id) == jobs::JobState::running && list->viewport()->rect().contains(place);
    }));
    session_.jobs.cancel(id);
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.unfinished() == 0; }));
}

TEST_F(JobsPanelTest, MovesWaitingJobs) {
    const jobs::JobId running = add(), second = add(), third = add();
    ASSERT_TRUE(begins(running));
    EXPECT_FALSE(button(second, QStringLiteral("jobUp"))->isEnabled());
    QTest::keyClick(button(third, QStringLiteral("jobUp")), Qt::Key_Space);
    EXPECT_EQ(session_.jobs.jobs(), (QList<jobs::JobId>{running, third, second}));
    EXPECT_TRUE(test::waitFor([&] { return card(third)->y() < card(second)->y(); }));
    session_.jobs.endAll(JobCenter::Ending::cancel);
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.unfinished() == 0; }));
}

TEST_F(JobsPanelTest, ArrowsGoFromCardToCard) {
    const jobs::JobId first = add("baseline"), second = add("baseline");
    card(first)->setFocus();
    QTest::keyClick(card(first), Qt::Key_Down);
    EXPECT_EQ(panel_.current(), second);
    QTest::keyClick(card(second), Qt::Key_Up);
    EXPECT_EQ(panel_.current(), first);
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.unfinished() == 0; }));
}

TEST_F(JobsPanelTest, ShowsErrors) {
    runs::RunSpec spec = sample_.spec();
    spec.model = "/no/such/network";
    const jobs::JobId id = session_.jobs.addRun(spec, QStringLiteral("hopeless"), JobCenter::When::now);
    ASSERT_TRUE(test::waitFor([&] { return state(id) == jobs::JobState::failed; }));
    auto* error = card(id)->findChild<QLabel*>(QStringLiteral("jobError"));
    EXPECT_TRUE(error->isVisible());
    EXPECT_TRUE(error->text().contains(QStringLiteral("/no/such/network")));
}

TEST_F(JobsPanelTest, StatusFollowsTheRunningJob) {
    JobsStatus status(session_);
    EXPECT_FALSE(status.isVisibleTo(nullptr));
    const jobs::JobId id = add();
    ASSERT_TRUE(begins(id));
    EXPECT_TRUE(status.isVisibleTo(nullptr));
    EXPECT_TRUE(status.accessibleName().contains(QStringLiteral("repq")));
    QSignalSpy clicked(&status, &JobsStatus::clicked);
    QTest::keyClick(&status, Qt::Key_Space);
    EXPECT_EQ(clicked.count(), 1);
    session_.jobs.cancel(id);
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.unfinished() == 0; }));
    EXPECT_FALSE(status.isVisibleTo(nullptr));
}

}  // namespace
}  // namespace vitrine::widgets
