// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/evaluation.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "core/runs/tiny_study.h"
#include "project/project.h"

namespace vitrine::runs {
namespace {

class EvaluationTest : public ::testing::Test {
  protected:
    EvaluationSpec evaluationOf(const RunSpec& run) const {
        return {.model = run.model, .modelOverrides = run.modelOverrides, .data = run.evaluation, .batch = 5};
    }

    Evaluation evaluateHere(const EvaluationSpec& spec) const {
        test::Calling calling;
        return evaluate(spec, calling.context);
    }

    const test::TinyStudy study_;
    const RunSpec run_ = study_.spec("study");
};

TEST_F(EvaluationTest, AgreesWithTheRunThatMadeTheModel) {
    const std::string id = test::execute(run_).id;
    const project::Project project = project::Project::open(run_.project);
    EvaluationSpec spec = evaluationOf(run_);
    for (const auto& folder : {project.runFolder(id), project.modelFolder(id)}) {
        spec.quantized = folder;
        const Evaluation evaluation = evaluateHere(spec);
        const auto floating = std::get<results::Accuracy>(project.artefact(id, "accuracy.float")->payload);
        const auto quantized = std::get<results::Accuracy>(project.artefact(id, "accuracy.quantized")->payload);
        EXPECT_EQ(evaluation.floating.predictions, floating.predictions);
        ASSERT_TRUE(evaluation.quantized);
        EXPECT_EQ(evaluation.quantized->predictions, quantized.predictions);
        EXPECT_EQ(evaluation.quantized->fidelity, quantized.fidelity);
        // Logits of other batches differ in their last bits on processors without AVX-512.
        EXPECT_NEAR(evaluation.quantized->divergence.value(), quantized.divergence.value(), 1e-5);
    }
}

TEST_F(EvaluationTest, WithoutAQuantizedModelMeasuresTheFloatOne) {
    const Evaluation evaluation = evaluateHere(evaluationOf(run_));
    EXPECT_EQ(evaluation.floating.count, 18);
    EXPECT_FALSE(evaluation.quantized);
}

TEST_F(EvaluationTest, RefusesWhatCannotBeMeasured) {
    EvaluationSpec noModel = evaluationOf(run_);
    noModel.quantized = study_ / "nowhere";
    EXPECT_THROW(evaluateHere(noModel), Exception);
    writeFileAtomically(study_ / "labels.csv", "file,label\n0.png,77\n");
    EvaluationSpec badLabel = evaluationOf(run_);
    badLabel.data = {.path = study_ / "labels.csv"};
    EXPECT_THROW(evaluateHere(badLabel), Exception);
}

TEST_F(EvaluationTest, ThrowsWhenNoImageCanBeRead) {
    writeFileAtomically(study_ / "gone.csv", "file,label\nnone.png,1\n");
    EvaluationSpec spec = evaluationOf(run_);
    spec.data = {.path = study_ / "gone.csv"};
    EXPECT_THROW(evaluateHere(spec), Exception);
}

}  // namespace
}  // namespace vitrine::runs
