// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/sample_project.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/resources.h"
#include "core/runs/tiny_study.h"
#include "project/project.h"
#include "support/temporary_folder.h"

namespace vitrine::runs {
namespace {

class SampleProjectTest : public ::testing::Test {
  protected:
    SampleProjectTest() : folder_(place_ / "study"), sample_(writeSampleProject(folder_, resourcePath("sample"))) {}

    const test::TemporaryFolder place_;
    const std::filesystem::path folder_;
    const SampleProject sample_;
};

TEST_F(SampleProjectTest, NamesANetworkAndSetsOfImagesThatAreThere) {
    const project::Edits edits = project::Project::open(folder_).edits();
    ASSERT_EQ(edits.models.size(), 1u);
    EXPECT_TRUE(std::filesystem::exists(sample_.model));
    ASSERT_EQ(edits.imageSets.size(), 2u);
    for (const SampleProject::ImageSet& set : sample_.imageSets) EXPECT_TRUE(std::filesystem::exists(set.table)) << set.name;
    EXPECT_EQ(edits.draft.method, "repq");
}

TEST_F(SampleProjectTest, FirstRunLosesALittle) {
    const RunSpec spec = firstSampleRun(folder_);
    EXPECT_EQ(spec.project, folder_);
    const RunOutcome outcome = test::executePlain(spec);
    const project::RunRecord record = project::Project::open(folder_).run(outcome.id);
    EXPECT_EQ(record.state, project::RunState::finished);
    EXPECT_EQ(record.figures.count, 1000);
    EXPECT_GT(*record.figures.top1, 50);
    EXPECT_LT(*record.figures.top1, *record.figures.floatTop1);
}

TEST_F(SampleProjectTest, RefusesAFolderThatIsInUse) {
    EXPECT_THROW(writeSampleProject(folder_, resourcePath("sample")), Exception);
}

}  // namespace
}  // namespace vitrine::runs
