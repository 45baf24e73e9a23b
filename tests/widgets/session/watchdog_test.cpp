// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include "support/ui_work.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {
namespace {

TEST(Watchdog, OpeningManyRunsAndRunningAJobNeverBlocksTheWindow) {
    const test::SampleRuns sample(16);
    test::writeRuns(sample.project(), 200);
    Settings settings(pathText(sample.project() / "settings.ini"));
    Session session(settings);
    test::UiWork work;
    session.study.open(sample.projectText());
    ASSERT_TRUE(test::waitFor([&] { return session.study.isOpen(); }));
    EXPECT_EQ(session.study.runs().size(), 200u);
    for (int i = 0; i < 20; ++i) session.study.run(toQt(session.study.runs()[static_cast<std::size_t>(i)].id));

    const jobs::JobId job = session.jobs.addRun(sample.spec("baseline"), QStringLiteral("Baseline"), JobCenter::When::now);
    ASSERT_TRUE(test::waitFor([&] { return jobs::isOver(session.jobs.item(job)->state); }));
    EXPECT_EQ(session.jobs.item(job)->state, jobs::JobState::finished);
    ASSERT_TRUE(test::waitFor([&] { return session.study.run(session.jobs.item(job)->run) != nullptr; }));
    EXPECT_LE(work.longestMilliseconds(), test::kLongestWork);
}

}  // namespace
}  // namespace vitrine::widgets
