// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/project_copy.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "base/files.h"
#include "core/runs/tiny_study.h"
#include "project/project.h"
#include "project/recovery.h"

namespace vitrine::runs {
namespace {

namespace fs = std::filesystem;

/// A project with a complete and an interrupted run, whose network and images lie beside it.
class ProjectCopyTest : public ::testing::Test {
  protected:
    ProjectCopyTest() {
        test::execute(spec_);
        try {
            test::execute(spec_, test::StepMethod([](int step, jobs::Control&) {
                              if (step == 1) fail(ErrorCode::ioFailure, "no space left", "disk");
                          }));
        } catch (const Exception&) {
        }
        const project::Project project = project::Project::open(spec_.project);
        edits_ = project.edits();
        edits_.notes = "not saved yet";
        edits_.models = {{.name = "tiny", .path = project.store(spec_.model)}};
        edits_.imageSets = {{.name = "all", .path = project.store(spec_.evaluation.path), .root = project.store(spec_.evaluation.root)}};
    }

    ProjectCopy copy(const fs::path& to, CopyContent content) {
        test::Calling calling;
        return copyProject(spec_.project, to, edits_, content, calling.context);
    }

    const test::TinyStudy study_;
    const RunSpec spec_ = study_.spec("study");
    test::TemporaryFolder elsewhere_;
    project::Edits edits_;
};

TEST_F(ProjectCopyTest, ACopyFindsItsInputsWhereTheyAre) {
    const ProjectCopy copied = copy(elsewhere_ / "copy", CopyContent::project);
    EXPECT_TRUE(copied.left.empty());
    const project::Project project = project::Project::open(elsewhere_ / "copy");
    EXPECT_EQ(project.edits().notes, "not saved yet");
    EXPECT_EQ(project.runs().size(), 2u);
    EXPECT_TRUE(project::validate(project).empty());
    EXPECT_EQ(project.locate(project.edits().models[0].path), spec_.model);
    EXPECT_EQ(project::Project::open(spec_.project).edits().notes, "") << "the original stays as it was";
}

TEST_F(ProjectCopyTest, APackedProjectNeedsNothingElse) {
    const ProjectCopy copied = copy(elsewhere_ / "packed", CopyContent::andInputs);
    EXPECT_TRUE(copied.left.empty()) << copied.left.front();
    EXPECT_GT(copied.bytes, fs::file_size(spec_.model));
    fs::rename(elsewhere_ / "packed", elsewhere_ / "moved");
    for (const fs::path& gone : {spec_.project, spec_.model, spec_.evaluation.path}) fs::remove_all(gone);

    const project::Project project = project::Project::open(elsewhere_ / "moved");
    const std::vector<Error> wrong = project::validate(project);
    EXPECT_TRUE(wrong.empty()) << wrong.front().text();
    const std::string manifest = readTextFile(elsewhere_ / "moved" / "study.vitrine");
    EXPECT_EQ(manifest.find(spec_.model.parent_path().string()), std::string::npos) << "no trace of where it came from";
    test::execute(resumeSpec(elsewhere_ / "moved", "r0002-baseline"));
    EXPECT_EQ(project.run("r0002-baseline").state, project::RunState::finished);
}

TEST_F(ProjectCopyTest, SaysWhatIsLeftBehind) {
    edits_.models.push_back({.name = "lost", .path = {"../lost.safetensors", "/no/such/lost.safetensors"}});
    const ProjectCopy copied = copy(elsewhere_ / "packed", CopyContent::andInputs);
    ASSERT_EQ(copied.left.size(), 1u);
    EXPECT_NE(copied.left[0].find("/no/such/lost.safetensors"), std::string::npos);
}

TEST_F(ProjectCopyTest, LeavesNothingWhereItCannotBe) {
    EXPECT_THROW(copy(study_ / "study", CopyContent::project), Exception) << "is there already";
    EXPECT_THROW(copy(spec_.project / "inside", CopyContent::project), Exception);
    EXPECT_THROW(
        {
            test::Calling calling;
            calling.control.cancel();
            copyProject(spec_.project, elsewhere_ / "cancelled", edits_, CopyContent::andInputs, calling.context);
        },
        Exception);
    EXPECT_TRUE(fs::is_empty(elsewhere_.path()));
}

}  // namespace
}  // namespace vitrine::runs
