// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job_center.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

#include "project/project.h"
#include "widgets/base/text.h"
#include "widgets/session/job_stages.h"
#include "widgets/session/job_story.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

using jobs::JobState;

class JobCenterTest : public ::testing::Test {
  protected:
    jobs::JobId add(const std::string& method = "repq", JobCenter::When when = JobCenter::When::queued) {
        return center_.addRun(sample_.spec(method), toQt(method), when);
    }
    JobState state(jobs::JobId id) const { return center_.item(id)->state; }
    bool reaches(jobs::JobId id, JobState wanted) {
        return test::waitFor([&] { return state(id) == wanted || jobs::isOver(state(id)); }) && state(id) == wanted;
    }
    bool begins(jobs::JobId id) {
        return test::waitFor([&] { return !center_.item(id)->run.isEmpty(); });
    }
    std::vector<project::RunSummary> stored() const {
        if (!project::Project::exists(sample_.project())) return {};
        return project::Project::open(sample_.project()).runs();
    }

    test::SampleRuns sample_;
    JobCenter center_;
};

TEST_F(JobCenterTest, RunsAJobAndTellsAboutIt) {
    QSignalSpy added(&center_, &JobCenter::added), begun(&center_, &JobCenter::runBegun), records(&center_, &JobCenter::recordTold),
        artefacts(&center_, &JobCenter::artefactTold), ended(&center_, &JobCenter::ended), logged(&center_, &JobCenter::logged);
    const jobs::JobId id = add("baseline");
    EXPECT_EQ(added.count(), 1);
    EXPECT_EQ(center_.unfinished(), 1);
    ASSERT_TRUE(reaches(id, JobState::finished));
    const JobItem& item = *center_.item(id);
    EXPECT_EQ(begun.count(), 1);
    EXPECT_EQ(ended.count(), 1);
    EXPECT_GE(records.count(), 1);
    EXPECT_GE(artefacts.count(), 1);
    EXPECT_GE(logged.count(), 1);
    EXPECT_EQ(item.stage, item.stages.size());
    EXPECT_DOUBLE_EQ(item.progress.fraction, 1);
    EXPECT_GT(item.memoryBytes, 1e6);
    EXPECT_FALSE(item.error);
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(toQt(stored()[0].id), item.run);
    EXPECT_EQ(stored()[0].state, project::RunState::finished);
    center_.remove(id);
    EXPECT_TRUE(center_.jobs().isEmpty());
}

TEST_F(JobCenterTest, LogsTheStoryOfARun) {
    QSignalSpy logged(&center_, &JobCenter::logged);
    const jobs::JobId id = add();
    ASSERT_TRUE(reaches(id, JobState::finished));
    const JobItem& item = *center_.item(id);
    QStringList lines;
    for (const auto& line : logged) {
        EXPECT_EQ(line[0].toString(), item.run);
        lines.append(line[1].toString());
    }
    ASSERT_GT(lines.size(), item.stages.size() + 2);
    EXPECT_EQ(lines.first(), QStringLiteral("repq: begun"));
    EXPECT_TRUE(lines.last().startsWith(QStringLiteral("repq: finished after "))) << toStd(lines.last());
    qsizetype place = 0;
    for (const QString& stage : item.stages) {
        const auto end = std::find_if(lines.cbegin() + place, lines.cend(), [&](const QString& line) { return line.startsWith(stage + QStringLiteral(": finished")); });
        ASSERT_NE(end, lines.cend()) << toStd(stage);
        place = end - lines.cbegin();
    }
    ASSERT_TRUE(item.figures.top1);
    EXPECT_EQ(lines[lines.size() - 2], resultText(item.figures));
    EXPECT_FALSE(item.stagesDone.empty());
}

TEST(JobStory, SaysOfAResumedRunOnlyWhatItDoes) {
    JobItem item;
    item.title = QStringLiteral("Run");
    item.run = QStringLiteral("r0001");
    item.stages = {QStringLiteral("Load"), QStringLiteral("Search"), QStringLiteral("Measure")};
    item.state = JobState::running;
    item.stage = 1;
    JobStory story;
    story.setResumed();
    EXPECT_EQ(story.next(item), (QStringList{QStringLiteral("Run: goes on"), QStringLiteral("Search: begun")}));
    EXPECT_TRUE(story.next(item).isEmpty());
    item.stage = 2;
    item.stagesDone = {{"search", "Search", 12}};
    EXPECT_EQ(story.next(item), (QStringList{QStringLiteral("Search: finished after 12 s"), QStringLiteral("Measure: begun")}));
    item.state = JobState::kept;
    item.stage = 3;
    EXPECT_TRUE(story.next(item).isEmpty());
}

TEST(JobStory, TellsTheResultWithItsDistanceToFloat) {
    project::RunFigures figures;
    EXPECT_TRUE(resultText(figures).isEmpty());
    figures.top1 = 79.9;
    EXPECT_EQ(resultText(figures), QStringLiteral("Top-1 ") + percentText(79.9, 2));
    figures.floatTop1 = 81.7;
    EXPECT_TRUE(resultText(figures).contains(QStringLiteral("1.80 points below float"))) << toStd(resultText(figures));
    figures.floatTop1 = 79.9;
    EXPECT_TRUE(resultText(figures).endsWith(QStringLiteral("as float")));
    figures.sizeBytes = 3.2e6;
    EXPECT_TRUE(resultText(figures).endsWith(bytesText(3.2e6)));
}

TEST_F(JobCenterTest, TellsWhyAJobFailed) {
    runs::RunSpec spec = sample_.spec();
    spec.model = "/no/such/network";
    const jobs::JobId id = center_.addRun(spec, QStringLiteral("hopeless"), JobCenter::When::now);
    ASSERT_TRUE(reaches(id, JobState::failed));
    ASSERT_TRUE(center_.item(id)->error);
    EXPECT_EQ(center_.item(id)->error->code, ErrorCode::notFound);
}

TEST_F(JobCenterTest, TasksAreJobsWithoutARun) {
    QSignalSpy ended(&center_, &JobCenter::ended);
    auto done = std::make_shared<bool>(false);
    const jobs::JobId task = center_.addTask(sample_.projectText(), QStringLiteral("Task"), [done](jobs::JobContext&) { *done = true; });
    EXPECT_EQ(center_.unfinished(), 1);
    ASSERT_TRUE(reaches(task, JobState::finished));
    EXPECT_TRUE(*done);
    EXPECT_EQ(ended.count(), 1);
    EXPECT_TRUE(center_.item(task)->run.isEmpty());

    const jobs::JobId endless = center_.addTask(sample_.projectText(), QStringLiteral("Endless"), [](jobs::JobContext& job) {
        while (true) job.control.check();
    });
    ASSERT_TRUE(test::waitFor([&] { return state(endless) == JobState::running; }));
    center_.cancel(endless);
    EXPECT_TRUE(reaches(endless, JobState::cancelled));
}

TEST_F(JobCenterTest, PausesAndResumes) {
    const jobs::JobId id = add();
    ASSERT_TRUE(begins(id));
    center_.pause(id);
    ASSERT_TRUE(reaches(id, JobState::paused));
    EXPECT_EQ(center_.unfinished(), 1);
    center_.resume(id);
    ASSERT_TRUE(reaches(id, JobState::finished));
}

TEST_F(JobCenterTest, StopsAndKeeps) {
    const jobs::JobId id = add();
    ASSERT_TRUE(begins(id));
    center_.stopAndKeep(id);
    ASSERT_TRUE(reaches(id, JobState::kept));
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(stored()[0].state, project::RunState::kept);
}

TEST_F(JobCenterTest, CancelledJobsTellNothingMore) {
    const jobs::JobId id = add();
    ASSERT_TRUE(begins(id));
    center_.cancel(id);
    QSignalSpy records(&center_, &JobCenter::recordTold), artefacts(&center_, &JobCenter::artefactTold);
    ASSERT_TRUE(reaches(id, JobState::cancelled));
    EXPECT_EQ(records.count() + artefacts.count(), 0);
    EXPECT_TRUE(stored().empty());
}

TEST_F(JobCenterTest, RunsOneAfterTheOtherInTheOrderOfTheList) {
    const jobs::JobId first = add(), second = add("baseline"), third = add("baseline");
    EXPECT_EQ(center_.jobs(), (QList<jobs::JobId>{first, second, third}));
    center_.moveUp(third);
    EXPECT_EQ(center_.jobs(), (QList<jobs::JobId>{first, third, second}));
    center_.moveDown(third);
    EXPECT_EQ(center_.jobs(), (QList<jobs::JobId>{first, second, third}));
    const jobs::JobId urgent = add("baseline", JobCenter::When::now);
    EXPECT_EQ(center_.jobs(), (QList<jobs::JobId>{first, urgent, second, third}));
    ASSERT_TRUE(begins(first));
    EXPECT_EQ(state(second), JobState::queued);
    center_.cancel(second);
    center_.cancel(third);
    center_.cancel(first);
    ASSERT_TRUE(reaches(urgent, JobState::finished));
    center_.removeFinished();
    EXPECT_TRUE(center_.jobs().isEmpty());
}

TEST_F(JobCenterTest, EndingNothingIsDoneAtOnce) {
    QSignalSpy all(&center_, &JobCenter::allEnded);
    center_.endAll(JobCenter::Ending::pause);
    EXPECT_EQ(all.count(), 1);
}

TEST_F(JobCenterTest, EndingByPauseLeavesRunsToBeResumed) {
    const jobs::JobId running = add(), waiting = add();
    ASSERT_TRUE(begins(running));
    QSignalSpy all(&center_, &JobCenter::allEnded);
    center_.endAll(JobCenter::Ending::pause);
    ASSERT_TRUE(test::waitFor([&] { return all.count() == 1; }));
    EXPECT_EQ(state(waiting), JobState::cancelled);
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(stored()[0].state, project::RunState::interrupted);

    const jobs::JobId again = center_.addRun(runs::resumeSpec(sample_.project(), stored()[0].id), QStringLiteral("again"), JobCenter::When::now);
    ASSERT_TRUE(reaches(again, JobState::finished));
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(stored()[0].state, project::RunState::finished);
}

TEST_F(JobCenterTest, EndingByPauseLeavesPausedRunsToo) {
    const jobs::JobId id = add();
    ASSERT_TRUE(begins(id));
    center_.pause(id);
    ASSERT_TRUE(reaches(id, JobState::paused));
    QSignalSpy all(&center_, &JobCenter::allEnded);
    center_.endAll(JobCenter::Ending::pause);
    ASSERT_TRUE(test::waitFor([&] { return all.count() == 1; }));
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(stored()[0].state, project::RunState::interrupted);
}

TEST_F(JobCenterTest, AnInterruptedRunThatWaitsStaysInterrupted) {
    const jobs::JobId first = add();
    ASSERT_TRUE(begins(first));
    QSignalSpy all(&center_, &JobCenter::allEnded);
    center_.endAll(JobCenter::Ending::pause);
    ASSERT_TRUE(test::waitFor([&] { return all.count() == 1; }));
    const std::string interrupted = stored().at(0).id;

    const jobs::JobId other = add();
    const jobs::JobId waiting = center_.addRun(runs::resumeSpec(sample_.project(), interrupted), QStringLiteral("again"), JobCenter::When::queued);
    ASSERT_TRUE(begins(other));
    center_.endAll(JobCenter::Ending::cancel);
    ASSERT_TRUE(test::waitFor([&] { return all.count() == 2; }));
    EXPECT_EQ(state(waiting), JobState::cancelled);
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(stored()[0].state, project::RunState::interrupted);
}

TEST_F(JobCenterTest, EndingByStopAndKeep) {
    const jobs::JobId running = add(), waiting = add();
    ASSERT_TRUE(begins(running));
    QSignalSpy all(&center_, &JobCenter::allEnded);
    center_.endAll(JobCenter::Ending::stopAndKeep);
    ASSERT_TRUE(test::waitFor([&] { return all.count() == 1; }));
    EXPECT_EQ(state(running), JobState::kept);
    EXPECT_EQ(state(waiting), JobState::cancelled);
    ASSERT_EQ(stored().size(), 1u);
    EXPECT_EQ(stored()[0].state, project::RunState::kept);
}

TEST_F(JobCenterTest, EndingByCancel) {
    const jobs::JobId running = add();
    ASSERT_TRUE(begins(running));
    QSignalSpy all(&center_, &JobCenter::allEnded);
    center_.endAll(JobCenter::Ending::cancel);
    ASSERT_TRUE(test::waitFor([&] { return all.count() == 1; }));
    EXPECT_TRUE(stored().empty());
}

TEST_F(JobCenterTest, MayGoWhileJobsWork) {
    auto center = std::make_unique<JobCenter>();
    const jobs::JobId id = center->addRun(sample_.spec(), QStringLiteral("x"), JobCenter::When::now);
    center->addRun(sample_.spec(), QStringLiteral("y"), JobCenter::When::queued);
    test::waitFor([&] { return !center->item(id)->run.isEmpty(); });
    center.reset();
    EXPECT_TRUE(stored().empty());
}

TEST(JobStages, FollowTheProgressOfARun) {
    const test::SampleRuns sample(1);
    runs::RunSpec spec = sample.spec("baseline");
    const QStringList titles = stageTitles(spec);
    ASSERT_GE(titles.size(), 4);
    EXPECT_EQ(stageIndex(spec, "load"), 0);
    EXPECT_EQ(stageIndex(spec, "load images"), 0);
    EXPECT_EQ(stageIndex(spec, "evaluate float"), titles.size() - 2);
    EXPECT_EQ(stageIndex(spec, "analyse / layer errors"), titles.size() - 1);
    EXPECT_EQ(stageIndex(spec, "something else"), -1);
    spec.synthetic.emplace();
    EXPECT_EQ(stageTitles(spec).size(), titles.size() + 1);
    EXPECT_EQ(stageIndex(spec, "make images"), 1);
    EXPECT_EQ(stageIndex(spec, "evaluate float"), titles.size() - 1);
}

}  // namespace
}  // namespace vitrine::widgets
