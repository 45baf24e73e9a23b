// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"
#include "base/files.h"
#include "core/runs/tiny_study.h"
#include "jobs/job.h"
#include "project/project.h"
#include "runs/execution.h"

namespace vitrine::runs {
namespace {

using Files = std::map<std::string, std::string>;

class InterruptionTest : public ::testing::Test {
  protected:
    Files uninterrupted() const {
        const RunSpec spec = study_.spec("whole");
        return test::resultFiles(spec.project, test::execute(spec).id);
    }

    project::RunState stateOf(const std::string& id) const {
        return project::Project::open(spec_.project).run(id).state;
    }

    const test::TinyStudy study_;
    const RunSpec spec_ = study_.spec("study");
};

/// Fails as a full disk does, which leaves the run as a kill would.
test::StepMethod breakingAt(int broken) {
    return test::StepMethod([broken](int step, jobs::Control&) {
        if (step == broken) fail(ErrorCode::ioFailure, "no space left", "disk");
    });
}

TEST_F(InterruptionTest, AResumedRunEndsWithTheBytesOfAnUninterruptedOne) {
    const Files expected = uninterrupted();
    for (int broken = 0; broken < test::StepMethod::kAllSteps; ++broken) {
        const RunSpec spec = study_.spec("study" + std::to_string(broken));
        EXPECT_THROW(test::execute(spec, breakingAt(broken)), Exception);
        ASSERT_EQ(project::Project::open(spec.project).run("r0001-baseline").state, project::RunState::interrupted);

        std::vector<int> steps;
        const test::StepMethod whole([&steps](int step, jobs::Control&) { steps.push_back(step); });
        const RunOutcome outcome = test::execute(resumeSpec(spec.project, "r0001-baseline"), whole);
        EXPECT_EQ(outcome.state, project::RunState::finished);
        EXPECT_EQ(steps.front(), broken) << "what was done must not be done again";
        EXPECT_EQ(test::resultFiles(spec.project, outcome.id), expected) << "broken at step " << broken;
        EXPECT_EQ(project::Project::open(spec.project).run(outcome.id).stages.size(), 2u);
    }
}

TEST_F(InterruptionTest, ARunThatBrokeWhileMeasuringIsResumedToTheSameBytes) {
    const Files expected = uninterrupted();
    const std::vector<std::string> moments = {"load images", "evaluate float", "evaluate quantized", "analyse / layer errors",
                                              "analyse / histograms"};
    for (std::size_t k = 0; k < moments.size(); ++k) {
        const RunSpec spec = study_.spec("study" + std::to_string(k));
        bool broken = false;
        test::Calling calling([&](const jobs::ProgressReport& report, jobs::Control&) {
            if (report.stage != moments[k]) return;
            broken = true;
            fail(ErrorCode::ioFailure, "no space left", "disk");
        });
        EXPECT_THROW(executeWith(test::StepMethod(), spec, calling.context), Exception);
        ASSERT_TRUE(broken) << moments[k];
        const RunOutcome outcome = test::execute(resumeSpec(spec.project, "r0001-baseline"));
        EXPECT_EQ(test::resultFiles(spec.project, outcome.id), expected) << moments[k];
    }
}

TEST_F(InterruptionTest, ResumeSpecIsTheSpecification) {
    EXPECT_THROW(test::execute(spec_, breakingAt(1)), Exception);
    const RunSpec resumed = resumeSpec(spec_.project, "r0001-baseline");
    EXPECT_EQ(std::filesystem::canonical(resumed.model), std::filesystem::canonical(spec_.model));
    EXPECT_EQ(resumed.calibration.rows, spec_.calibration.rows);
    EXPECT_EQ(resumed.evaluation.rows, spec_.evaluation.rows);
    EXPECT_TRUE(resumed.evaluation.root.empty());
    EXPECT_EQ(resumed.seed, spec_.seed);
    EXPECT_EQ(resumed.batch, spec_.batch);
    EXPECT_EQ(resumed.parameters.integer("weight.bits"), 4);
    EXPECT_EQ(resumed.modelOverrides.integer("model.heads"), 3);
    EXPECT_EQ(resumed.resume, "r0001-baseline");
}

TEST_F(InterruptionTest, ARunIsNotResumedOnChangedInputs) {
    EXPECT_THROW(test::execute(spec_, breakingAt(1)), Exception);
    std::filesystem::copy_file(study_ / "1.png", study_ / "0.png", std::filesystem::copy_options::overwrite_existing);
    try {
        test::execute(resumeSpec(spec_.project, "r0001-baseline"));
        FAIL() << "other images were accepted";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::invalidArgument);
        EXPECT_NE(exception.error().text().find("calibration"), std::string::npos);
    }
    EXPECT_EQ(stateOf("r0001-baseline"), project::RunState::interrupted) << "it can still be resumed with the old ones";
}

TEST_F(InterruptionTest, ARunThatWasLeftIsResumedToTheSameBytes) {
    const Files expected = uninterrupted();
    const test::StepMethod method([](int step, jobs::Control& control) {
        if (step == 1) control.leave();
    });
    try {
        test::execute(spec_, method);
        FAIL() << "the run was left";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::stopped);
    }
    ASSERT_EQ(stateOf("r0001-baseline"), project::RunState::interrupted);
    const RunOutcome outcome = test::execute(resumeSpec(spec_.project, "r0001-baseline"));
    EXPECT_EQ(test::resultFiles(spec_.project, outcome.id), expected);
}

TEST_F(InterruptionTest, CancelTakesEffectBeforeTheNextStepAndLeavesNothing) {
    int steps = 0;
    const test::StepMethod method([&steps](int step, jobs::Control& control) {
        ++steps;
        if (step == 1) control.cancel();
    });
    try {
        test::execute(spec_, method);
        FAIL() << "the run was cancelled";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::stopped);
    }
    EXPECT_EQ(steps, 2);
    EXPECT_TRUE(project::Project::open(spec_.project).runs().empty());
}

TEST_F(InterruptionTest, CancelWhileEvaluatingTakesEffectBeforeTheNextBatch) {
    int batches = 0;
    test::Calling calling([&batches](const jobs::ProgressReport& report, jobs::Control& control) {
        if (report.stage != "evaluate quantized" || report.detail.empty()) return;
        ++batches;
        control.cancel();
    });
    EXPECT_THROW(executeWith(test::StepMethod(), spec_, calling.context), Exception);
    EXPECT_EQ(batches, 1);
}

TEST_F(InterruptionTest, StopAndKeepInTheMethodKeepsTheModelSoFar) {
    const test::StepMethod method([](int step, jobs::Control& control) {
        if (step == 2) control.stopAndKeep();
    });
    const RunOutcome outcome = test::execute(spec_, method);
    EXPECT_EQ(outcome.state, project::RunState::kept);
    const project::Project project = project::Project::open(spec_.project);
    EXPECT_EQ(project.run(outcome.id).state, project::RunState::kept);
    EXPECT_TRUE(std::filesystem::exists(project.modelFolder(outcome.id) / "quantized.json"));
    const auto means = std::get<results::Trace>(project.artefact(outcome.id, "means")->payload);
    EXPECT_EQ(means.y.size(), 3u) << "the step that was begun is finished";
    EXPECT_FALSE(project.run(outcome.id).figures.top1);
}

TEST_F(InterruptionTest, StopAndKeepWhileEvaluatingKeepsTheImagesSoFar) {
    test::Calling calling([](const jobs::ProgressReport& report, jobs::Control& control) {
        if (report.stage == "evaluate quantized" && report.detail == "8 of 18 images") control.stopAndKeep();
    });
    const RunOutcome outcome = executeWith(test::StepMethod(), spec_, calling.context);
    EXPECT_EQ(outcome.state, project::RunState::kept);
    EXPECT_EQ(project::Project::open(spec_.project).run(outcome.id).figures.count, 8);
}

TEST_F(InterruptionTest, APausedRunIsOnDiskAndGoesOn) {
    RunOutcome outcome;
    jobs::Job* shared = nullptr;
    const test::StepMethod method([&shared](int step, jobs::Control&) {
        if (step == 1) shared->pause();
    });
    jobs::Job job("run", [&](jobs::JobContext& context) { outcome = executeWith(method, spec_, context); });
    shared = &job;
    job.start();
    while (job.state() != jobs::JobState::paused && !jobs::isOver(job.state())) std::this_thread::yield();
    ASSERT_EQ(job.state(), jobs::JobState::paused);
    EXPECT_EQ(stateOf("r0001-baseline"), project::RunState::running);
    EXPECT_TRUE(std::filesystem::exists(project::Project::open(spec_.project).runFolder("r0001-baseline") / "state"));
    job.resume();
    job.wait();
    EXPECT_EQ(job.state(), jobs::JobState::finished);
    EXPECT_EQ(test::resultFiles(spec_.project, outcome.id), uninterrupted());
}

}  // namespace
}  // namespace vitrine::runs
