// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "app/process.h"
#include "app/tiny_study.h"
#include "base/files.h"
#include "formats/csv.h"
#include "project/project.h"

namespace vitrine::test {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

/// Resources with the tiny network in the place of the shipped one.
class Sample : public ::testing::Test {
  protected:
    void SetUp() override {
        fs::create_directories(study_.path("resources/sample"));
        fs::copy_file(study_.model(), study_.path("resources/sample/vit_sample.safetensors"));
        setenv("VITRINE_RESOURCES", study_.path("resources").c_str(), 1);
    }
    void TearDown() override { unsetenv("VITRINE_RESOURCES"); }

    TinyStudy study_;
};

TEST_F(Sample, WritesModelImagesAndProject) {
    const std::string folder = study_.path("new/sample-study");
    const ProcessResult result = run({"sample", folder, "--json"});
    ASSERT_EQ(result.exitCode, 0) << result.error;
    EXPECT_TRUE(fs::exists(folder + "/study.vitrine"));
    EXPECT_TRUE(fs::exists(folder + "/sample/vit_sample.safetensors"));
    EXPECT_EQ(result.json()["evaluation"]["csv"], folder + "/sample/evaluation.csv");
    const auto table = formats::readLabelledTable(folder + "/sample/evaluation.csv");
    EXPECT_GE(table.rows.size(), 500u);
    for (const auto& row : table.rows) {
        EXPECT_TRUE(fs::exists(folder + "/sample/" + row.path));
        EXPECT_EQ(std::stoi(fs::path(row.path).parent_path().filename().string()), row.label)
            << "class folders sort by label";
    }
    EXPECT_EQ(run({"runs", folder, "--json"}).json()["runs"].size(), 0u);
    EXPECT_EQ(run({"validate", folder}).exitCode, 0);
}

TEST_F(Sample, RegistersItsNetworkAndImagesAndLeavesAFirstRunReady) {
    const std::string folder = study_.path("study");
    ASSERT_EQ(run({"sample", folder}).exitCode, 0);
    fs::rename(folder, study_.path("moved"));  // what it names lies inside of it
    const project::Project project = project::Project::open(study_.path("moved"));
    const project::Edits& edits = project.edits();
    EXPECT_EQ(edits.name, "Sample study");
    ASSERT_EQ(edits.models.size(), 1u);
    EXPECT_EQ(project.locate(edits.models[0].path), study_.path("moved/sample/vit_sample.safetensors"));
    ASSERT_EQ(edits.imageSets.size(), 2u);
    for (const project::ImageSetEntry& set : edits.imageSets) {
        EXPECT_EQ(imageRoleName(set.role), set.name);
        EXPECT_EQ(formats::readLabelledTable(project.locate(set.path)).rows.size(), static_cast<std::size_t>(set.images));
    }
    EXPECT_EQ(edits.draft.model, edits.models[0].name);
    EXPECT_EQ(edits.draft.calibration, "calibration");
    EXPECT_EQ(edits.draft.evaluation, "evaluation");
    EXPECT_EQ(edits.draft.method, "repq");
    EXPECT_NO_THROW(requireStorable(edits));
}

TEST_F(Sample, IsTheSameEveryTime) {
    ASSERT_EQ(run({"sample", study_.path("a")}).exitCode, 0);
    ASSERT_EQ(run({"sample", study_.path("b")}).exitCode, 0);
    for (const auto& entry : fs::recursive_directory_iterator(study_.path("a/sample/calibration"))) {
        if (!entry.is_regular_file()) continue;
        const fs::path other = study_.path("b") / fs::relative(entry.path(), study_.path("a"));
        EXPECT_EQ(readTextFile(entry.path()), readTextFile(other)) << other;
    }
}

TEST_F(Sample, LeavesAFullFolderAlone) {
    const ProcessResult result = run({"sample", study_.path("resources")});
    EXPECT_EQ(result.exitCode, 2);
    EXPECT_THAT(result.error, HasSubstr("not empty"));
}

TEST_F(Sample, SaysWhereItLookedForTheResources) {
    setenv("VITRINE_RESOURCES", "/no/such/folder", 1);
    const ProcessResult result = run({"sample", study_.path("a")});
    EXPECT_EQ(result.exitCode, 3);
    EXPECT_THAT(result.error, HasSubstr("/no/such/folder"));
    EXPECT_FALSE(fs::exists(study_.path("a")));
}

}  // namespace
}  // namespace vitrine::test
