// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <algorithm>

#include "base/files.h"
#include "base/hash.h"
#include "core/project/sample_records.h"
#include "formats/safetensors.h"
#include "project/layout.h"
#include "project/project.h"
#include "support/temporary_folder.h"

namespace vitrine::project {
namespace {

namespace fs = std::filesystem;

class ValidateTest : public ::testing::Test {
  protected:
    void SetUp() override {
        writeFileAtomically(input_, "weights");
        InputRecord input{.role = "model", .path = project_.store(input_), .size = 7, .hash = hashFile(input_)};
        RunWriter writer = project_.begin({.method = "repq", .inputs = {input}});
        for (const results::Artefact& artefact : test::sampleArtefacts()) writer.put(artefact);
        makeFolder(writer.modelFolder());
        writeFileAtomically(writer.modelFolder() / "quantized.json", "{}");
        formats::writeSafetensors(writer.modelFolder() / "quantized.safetensors", {{"a", HostTensor::of<float>({1, 2}, {2})}});
        writer.complete(writer.record(), RunState::finished);
        run_ = project_.runFolder(writer.record().id);
    }

    /// The one problem, which names `file`.
    void expectProblem(const std::string& file, ErrorCode code) {
        const std::vector<Error> problems = validate(Project::open(temporary_ / "study"));
        const bool found = std::any_of(problems.begin(), problems.end(), [&](const Error& problem) {
            return problem.code == code && problem.where.find(file) != std::string::npos;
        });
        EXPECT_TRUE(found) << file << " among " << problems.size() << " problems";
    }

    const test::TemporaryFolder temporary_;
    const fs::path input_ = temporary_ / "model.bin";
    Project project_ = Project::create(temporary_ / "study", "study");
    fs::path run_;
};

TEST_F(ValidateTest, ASoundProjectHasNoProblems) { EXPECT_TRUE(validate(project_).empty()); }

TEST_F(ValidateTest, FindsMissingAndChangedFiles) {
    fs::remove(run_ / "artefacts" / "scope.json");
    expectProblem("scope.json", ErrorCode::notFound);
    writeFileAtomically(run_ / "artefacts" / "intervals.json", "{}");
    expectProblem("intervals.json", ErrorCode::badFormat);
}

TEST_F(ValidateTest, FindsNetworksAndImageSetsThatAreGone) {
    const fs::path images = temporary_ / "images.csv";
    writeFileAtomically(images, "file,label\n");
    project_.setEdits({.models = {{"vit", project_.store(input_), {}}}, .imageSets = {{.name = "small", .path = project_.store(images)}}});
    EXPECT_TRUE(validate(project_).empty());
    fs::remove(images);
    expectProblem("images.csv", ErrorCode::notFound);
    EXPECT_EQ(validate(project_).size(), 1u);
}

TEST_F(ValidateTest, FindsModelsThatCannotBeRead) {
    writeFileAtomically(run_ / "model" / "quantized.safetensors", "torn");
    expectProblem("quantized.safetensors", ErrorCode::badFormat);
    writeFileAtomically(run_ / "model" / "quantized.json", "torn");
    expectProblem("quantized.json", ErrorCode::badFormat);
}

TEST_F(ValidateTest, FindsChangedAndMissingInputs) {
    writeFileAtomically(input_, "Weights");
    expectProblem("model.bin", ErrorCode::badFormat);
    fs::remove(input_);
    expectProblem("model.bin", ErrorCode::notFound);
}

TEST_F(ValidateTest, FindsDamagedRecordsAndVanishedRuns) {
    writeFileAtomically(run_ / "run.json", "{");
    expectProblem("run.json", ErrorCode::badFormat);
    fs::remove_all(run_);
    expectProblem("r0001-repq", ErrorCode::notFound);
    EXPECT_EQ(project_.runs().front().state, RunState::damaged);
}

TEST_F(ValidateTest, PathsInARecordCannotLeaveTheRun) {
    std::string text = readTextFile(run_ / "run.json");
    const std::string file = "artefacts/scope.json";
    for (std::size_t at = text.find(file); at != std::string::npos; at = text.find(file)) text.replace(at, file.size(), "../../study.vitrine");
    writeFileAtomically(run_ / "run.json", text);
    expectProblem("../../study.vitrine", ErrorCode::badFormat);
    EXPECT_THROW(project_.artefact("r0001-repq", "scope"), Exception);
}

}  // namespace
}  // namespace vitrine::project
