// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/execution.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "base/files.h"
#include "core/runs/tiny_study.h"
#include "project/project.h"

namespace vitrine::runs {
namespace {

template <typename T>
T payload(const project::Project& project, const std::string& run, const std::string& artefact) {
    return std::get<T>(project.artefact(run, artefact)->payload);
}

ErrorCode failureOf(const RunSpec& spec, const test::StepMethod& method = test::StepMethod()) {
    try {
        test::execute(spec, method);
    } catch (const Exception& exception) {
        return exception.error().code;
    }
    ADD_FAILURE() << "the run should have failed";
    return ErrorCode::internal;
}

class ExecutionTest : public ::testing::Test {
  protected:
    const test::TinyStudy study_;
    const RunSpec spec_ = study_.spec("study");
};

TEST_F(ExecutionTest, StoresEverythingThatWasDoneAndMeasured) {
    const RunOutcome outcome = test::execute(spec_);
    EXPECT_EQ(outcome.state, project::RunState::finished);

    const project::Project project = project::Project::open(spec_.project);
    const project::RunRecord record = project.run(outcome.id);
    std::vector<std::string> ids;
    for (const project::ArtefactRecord& artefact : record.artefacts) ids.push_back(artefact.id);
    EXPECT_EQ(ids, (std::vector<std::string>{"means", "scope", "accuracy.float", "accuracy.quantized", "errors.local",
                                             "errors.accumulated", "intervals", "histograms"}));
    EXPECT_EQ(record.method, "baseline");
    EXPECT_EQ(record.parameters.size(), spec_.parameters.schema().size());
    EXPECT_EQ(record.modelOverrides.size(), 1u);
    EXPECT_EQ(record.stages.size(), 2u);
    EXPECT_EQ(record.family, "vit");
    EXPECT_GT(record.peakMemoryBytes, 0);
    EXPECT_GE(record.threads, 1);
    EXPECT_FALSE(record.versions.at("torch").empty());
    ASSERT_EQ(record.inputs.size(), 3u);
    EXPECT_EQ(record.inputs[0].hash.size(), 32u);
    EXPECT_EQ(record.inputs[1].images, 6);
    EXPECT_EQ(record.inputs[2].images, 18);
    EXPECT_EQ(record.figures.count, 18);
    EXPECT_EQ(record.figures.averageWeightBits, 4.0);
    EXPECT_FALSE(record.assumptions.empty());
    for (const std::string& warning : record.warnings) EXPECT_FALSE(warning.starts_with("assumed")) << "said twice: " << warning;
    EXPECT_EQ(outcome.warnings.size(), record.assumptions.size() + record.warnings.size());
    EXPECT_TRUE(project::validate(project).empty());
}

TEST_F(ExecutionTest, AccuracyCountsTheChosenRowsAndItsIntervalHoldsIt) {
    const std::string id = test::execute(spec_).id;
    const project::Project project = project::Project::open(spec_.project);
    for (const char* subject : {"accuracy.float", "accuracy.quantized"}) {
        const auto accuracy = payload<results::Accuracy>(project, id, subject);
        EXPECT_EQ(accuracy.count, 18);
        EXPECT_EQ(accuracy.rows, spec_.evaluation.rows);
        EXPECT_EQ(accuracy.predictions.size(), 18u);
        EXPECT_LE(accuracy.top1Low, accuracy.top1);
        EXPECT_GE(accuracy.top1High, accuracy.top1);
        std::int64_t hits = 0;
        for (std::size_t k = 0; k < 18; ++k) hits += accuracy.predictions[k] == accuracy.rows[k] % 5;
        EXPECT_NEAR(accuracy.top1, 100.0 * static_cast<double>(hits) / 18, 1e-9);
    }
    const auto quantized = payload<results::Accuracy>(project, id, "accuracy.quantized");
    const auto floating = payload<results::Accuracy>(project, id, "accuracy.float");
    std::int64_t same = 0;
    for (std::size_t k = 0; k < 18; ++k) same += quantized.predictions[k] == floating.predictions[k];
    EXPECT_NEAR(quantized.fidelity.value(), 100.0 * static_cast<double>(same) / 18, 1e-9);
    EXPECT_GT(quantized.divergence.value(), 0);
    EXPECT_FALSE(floating.divergence) << "it is what others diverge from";
}

TEST_F(ExecutionTest, RepeatsToTheSameBytesAndFollowsTheSeed) {
    const std::string id = test::execute(spec_).id;
    const auto first = test::resultFiles(spec_.project, id);
    const RunSpec again = study_.spec("again");
    EXPECT_EQ(test::resultFiles(again.project, test::execute(again).id), first);
    RunSpec other = study_.spec("other");
    other.seed = 4;
    EXPECT_NE(test::resultFiles(other.project, test::execute(other).id), first);
}

TEST_F(ExecutionTest, FloatAccuracyIsMeasuredOncePerProject) {
    const std::string first = test::execute(spec_).id;
    const std::string second = test::execute(spec_).id;
    const project::Project project = project::Project::open(spec_.project);
    EXPECT_EQ(payload<results::Accuracy>(project, first, "accuracy.float").seconds,
              payload<results::Accuracy>(project, second, "accuracy.float").seconds);
    RunSpec fewer = spec_;
    fewer.evaluation.rows.resize(5);
    const std::string third = test::execute(fewer).id;
    EXPECT_EQ(payload<results::Accuracy>(project, third, "accuracy.float").count, 5);
}

TEST_F(ExecutionTest, WithoutEvaluationThereIsNoAccuracy) {
    RunSpec spec = spec_;
    spec.evaluation = {};
    const std::string id = test::execute(spec).id;
    const project::Project project = project::Project::open(spec.project);
    EXPECT_FALSE(project.run(id).figures.top1);
    EXPECT_THROW(project.artefact(id, "accuracy.quantized"), Exception);
    EXPECT_NO_THROW(project.artefact(id, "errors.local"));
}

TEST_F(ExecutionTest, BadInputsFailBeforeARunBegins) {
    RunSpec noModel = spec_;
    noModel.model = study_ / "none.safetensors";
    EXPECT_EQ(failureOf(noModel), ErrorCode::notFound);
    RunSpec noImages = spec_;
    noImages.calibration = {};
    EXPECT_EQ(failureOf(noImages), ErrorCode::invalidArgument);
    RunSpec badRow = spec_;
    badRow.evaluation.rows = {1000};
    EXPECT_EQ(failureOf(badRow), ErrorCode::invalidArgument);
    RunSpec badBatch = spec_;
    badBatch.batch = 0;
    EXPECT_EQ(failureOf(badBatch), ErrorCode::invalidArgument);
    EXPECT_FALSE(project::Project::exists(spec_.project));
    RunSpec badDevice = spec_;
    badDevice.device = "abacus";
    EXPECT_EQ(failureOf(badDevice), ErrorCode::invalidArgument);
    EXPECT_TRUE(project::Project::open(spec_.project).runs().empty());
}

TEST_F(ExecutionTest, AnUnreadableEvaluationImageIsLeftOutWithAWarning) {
    writeFileAtomically(study_ / "10.png", "torn");
    const RunOutcome outcome = test::execute(spec_);
    const project::Project project = project::Project::open(spec_.project);
    EXPECT_EQ(project.run(outcome.id).figures.count, 17);
    EXPECT_EQ(std::count_if(outcome.warnings.begin(), outcome.warnings.end(),
                            [](const std::string& warning) { return warning.find("10.png") != std::string::npos; }),
              1);
}

TEST_F(ExecutionTest, AFailureIsStoredWithItsError) {
    const test::StepMethod method([](int step, jobs::Control&) {
        if (step == 2) fail(ErrorCode::tooLarge, "too much", "blocks.1", "use less");
    });
    EXPECT_EQ(failureOf(spec_, method), ErrorCode::tooLarge);
    const project::Project project = project::Project::open(spec_.project);
    ASSERT_EQ(project.runs().size(), 1u);
    const project::RunRecord record = project.run(project.runs().front().id);
    EXPECT_EQ(record.state, project::RunState::failed);
    EXPECT_EQ(record.error->where, "blocks.1");
    EXPECT_TRUE(project::validate(project).empty());
}

}  // namespace
}  // namespace vitrine::runs
