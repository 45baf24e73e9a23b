// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session.h"

#include <gtest/gtest.h>

#include <QSignalSpy>
#include <algorithm>

#include "project/project.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

class SessionTest : public ::testing::Test {
  protected:
    void SetUp() override {
        session_.study.create(sample_.projectText(), QStringLiteral("Study"));
        ASSERT_TRUE(test::waitFor([&] { return session_.study.isOpen(); }));
    }
    bool logHolds(LogLevel level, const QString& text) const {
        const auto& lines = session_.log.lines();
        return std::any_of(lines.begin(), lines.end(), [&](const LogLine& line) { return line.level == level && line.text.contains(text); });
    }

    test::SampleRuns sample_;
    test::TemporaryFolder folder_;
    Settings settings_{pathText(folder_ / "settings.ini")};
    Session session_{settings_};
};

TEST_F(SessionTest, ARunAppearsWhileItRunsAndIsReadWhenItEnds) {
    QSignalSpy changed(&session_.study, &Study::runChanged);
    const jobs::JobId id = session_.jobs.addRun(sample_.spec(), QStringLiteral("RepQ-ViT"), JobCenter::When::now);
    ASSERT_TRUE(test::waitFor([&] { return session_.study.runs().size() == 1; }));
    const QString run = toQt(session_.study.runs()[0].id);
    EXPECT_EQ(session_.study.runs()[0].state, project::RunState::running);
    EXPECT_NE(session_.study.run(run), nullptr);
    ASSERT_TRUE(test::waitFor([&] { return jobs::isOver(session_.jobs.item(id)->state); }));
    ASSERT_TRUE(test::waitFor([&] { return session_.study.runs()[0].state == project::RunState::finished; }));
    const RunDataPtr stored = session_.study.run(run);
    ASSERT_NE(stored, nullptr);
    EXPECT_EQ(stored->record.state, project::RunState::finished);
    EXPECT_NE(stored->accuracy("quantized"), nullptr);
    EXPECT_GT(changed.count(), 1);
    EXPECT_TRUE(logHolds(LogLevel::info, QStringLiteral("finished")));
}

TEST_F(SessionTest, ACancelledRunDisappears) {
    const jobs::JobId id = session_.jobs.addRun(sample_.spec(), QStringLiteral("RepQ-ViT"), JobCenter::When::now);
    ASSERT_TRUE(test::waitFor([&] { return session_.study.runs().size() == 1; }));
    session_.jobs.cancel(id);
    ASSERT_TRUE(test::waitFor([&] { return session_.study.runs().empty(); }));
}

TEST_F(SessionTest, FailuresAreLogged) {
    runs::RunSpec spec = sample_.spec();
    spec.model = "/no/such/network";
    session_.jobs.addRun(spec, QStringLiteral("hopeless"), JobCenter::When::now);
    ASSERT_TRUE(test::waitFor([&] { return session_.log.warnings() > 0; }));
    EXPECT_TRUE(logHolds(LogLevel::error, QStringLiteral("/no/such/network")));
}

TEST_F(SessionTest, EditingAndSavingWhileARunWorks) {
    session_.jobs.addRun(sample_.spec(), QStringLiteral("RepQ-ViT"), JobCenter::When::now);
    for (int i = 0; i < 20; ++i) {
        session_.study.edit(QStringLiteral("note"), [&](project::Edits& edits) { edits.notes += "x"; });
        if (i % 5 == 0) session_.study.save();
        if (i % 7 == 0) session_.study.reload();
        test::waitFor([&] { return session_.jobs.unfinished() == 0; }, 0);
    }
    ASSERT_TRUE(test::waitFor([&] { return session_.jobs.unfinished() == 0; }));
    session_.study.save();
    ASSERT_TRUE(test::waitFor([&] { return !session_.study.isModified(); }));
    EXPECT_EQ(project::Project::open(sample_.project()).edits().notes, std::string(20, 'x'));
    EXPECT_EQ(session_.study.runs().size(), 1u);
}

TEST_F(SessionTest, ClosingTheProjectClearsTheSelectionAndForgetsTheRun) {
    const jobs::JobId id = session_.jobs.addRun(sample_.spec(), QStringLiteral("RepQ-ViT"), JobCenter::When::now);
    ASSERT_TRUE(test::waitFor([&] { return session_.study.runs().size() == 1; }));
    session_.selection.setRunA(toQt(session_.study.runs()[0].id));
    session_.study.close();
    EXPECT_TRUE(session_.selection.selection().runA.isEmpty());
    session_.jobs.stopAndKeep(id);
    ASSERT_TRUE(test::waitFor([&] { return jobs::isOver(session_.jobs.item(id)->state); }));
    EXPECT_TRUE(session_.study.runs().empty());
    EXPECT_EQ(project::Project::open(sample_.project()).runs().size(), 1u);
}

}  // namespace
}  // namespace vitrine::widgets
