// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/patch_analysis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.h"
#include "base/files.h"
#include "core/runs/tiny_study.h"
#include "methods/synthesizer_info.h"
#include "project/codecs/artefact_json.h"
#include "project/project.h"
#include "project/synthetic_export.h"

namespace vitrine::runs {
namespace {

using analysis::PatchBlock;
using analysis::PatchMaps;
using analysis::PatchRequest;

class PatchAnalysisTest : public ::testing::Test {
  protected:
    static RunSpec specOf(const test::TinyStudy& study) {
        RunSpec spec = study.spec("study");
        spec.method = "baseline";
        spec.parameters = ParameterSet(methods::methodInfo("baseline").parameters);
        spec.calibration = {};
        spec.synthetic = SyntheticCalibration{"noise", ParameterSet(methods::synthesizerInfo("noise").parameters)};
        spec.synthetic->parameters.setText("synthesis.count", "4");
        return spec;
    }

    void store(const project::Project& project, const results::SyntheticImages& images) const {
        const std::string text = project::toJson(results::Artefact{"synthesis.images", "Synthetic images", images}).dump();
        writeFileAtomically(project.runFolder(id_) / "artefacts" / "synthesis.images.json", text);
    }

    PatchMaps maps(const PatchRequest& request) const {
        test::Calling calling;
        return patchMaps(spec_.project, request, calling.context);
    }

    const test::TinyStudy study_;
    const RunSpec spec_ = specOf(study_);
    const std::string id_ = test::executePlain(spec_).id;
};

TEST_F(PatchAnalysisTest, HasAMapForEachBlock) {
    const PatchMaps found = maps({.run = id_, .step = 0, .image = 2});
    ASSERT_FALSE(found.blocks.empty());
    for (const PatchBlock& block : found.blocks) {
        const std::int64_t patches = block.output.rows * block.output.columns;
        EXPECT_EQ(block.output.values.size(), static_cast<std::size_t>(patches * block.output.channels)) << block.block;
        ASSERT_EQ(block.attention.size(), static_cast<std::size_t>(patches * patches)) << block.block;
        // With the class token each row sums to 1; without it to less.
        for (std::int64_t patch = 0; patch < patches; ++patch) {
            const auto row = block.attention.begin() + patch * patches;
            EXPECT_LE(std::accumulate(row, row + patches, 0.0), 1.0 + 1e-4) << block.block;
            EXPECT_GT(std::accumulate(row, row + patches, 0.0), 0.0) << block.block;
        }
        EXPECT_EQ(block.classAttention.size(), static_cast<std::size_t>(patches));
        EXPECT_NO_THROW(analysis::anchorSimilarity(block.output, patches / 2));
    }
}

TEST_F(PatchAnalysisTest, IsTheSameAgainAndDiffersByImageAndNetwork) {
    const PatchMaps first = maps({.run = id_, .step = 0, .image = 0});
    EXPECT_EQ(maps({.run = id_, .step = 0, .image = 0}).blocks.front().output.values, first.blocks.front().output.values);
    EXPECT_NE(maps({.run = id_, .step = 0, .image = 1}).blocks.front().output.values, first.blocks.front().output.values);
    EXPECT_NE(maps({.run = id_, .step = 0, .image = 0, .quantized = true}).blocks.front().output.values, first.blocks.front().output.values);
}

TEST_F(PatchAnalysisTest, TakesTheWholeImageWhereTheRunKeepsIt) {
    const project::Project project = project::Project::open(spec_.project);
    const results::ArtefactPtr stored = project.artefact(id_, "synthesis.images");
    const auto& kept = std::get<results::SyntheticImages>(stored->payload);
    // As a large image is kept: its sheet is shrunk, and other pixels lie beside it.
    results::SyntheticImages shrunk = kept;
    results::SyntheticImages::Sheet& sheet = shrunk.sheets.back();
    sheet.tileWidth = kept.width / 2;
    sheet.tileHeight = kept.height / 2;
    sheet.rgb.assign(static_cast<std::size_t>(3 * shrunk.columns * sheet.tileWidth * shrunk.rows * sheet.tileHeight), 99);
    store(project, shrunk);
    const PatchRequest request{.run = id_, .step = 0, .image = 1};
    std::filesystem::remove(project::wholeImagesPath(project.runFolder(id_)));
    const PatchMaps small = maps(request);
    EXPECT_TRUE(small.enlarged);
    EXPECT_EQ(small.width, kept.width / 2);
    const Shape shape{static_cast<std::int64_t>(kept.images.size()), 3, kept.height, kept.width};
    project::saveWholeImages(project.runFolder(id_), HostTensor::of(std::vector<std::uint8_t>(static_cast<std::size_t>(elementCount(shape)), 40), shape));
    const PatchMaps whole = maps(request);
    EXPECT_FALSE(whole.enlarged);
    EXPECT_EQ(whole.width, kept.width);
    EXPECT_EQ(whole.height, kept.height);
    EXPECT_EQ(whole.rgb, std::vector<std::uint8_t>(static_cast<std::size_t>(3 * kept.width * kept.height), 40));
    EXPECT_NE(whole.blocks.front().output.values, small.blocks.front().output.values);
}

TEST_F(PatchAnalysisTest, LooksAtImagesThatAreNotStoredYet) {
    const project::Project project = project::Project::open(spec_.project);
    results::SyntheticImages live = std::get<results::SyntheticImages>(project.artefact(id_, "synthesis.images")->payload);
    live.sheets.back().step = 7;
    for (std::uint8_t& value : live.sheets.back().rgb) value = static_cast<std::uint8_t>(255 - value);
    const auto artefact = std::make_shared<const results::Artefact>(results::Artefact{"synthesis.images", "", live});
    test::Calling calling;
    const PatchMaps found = patchMaps(spec_.project, {.run = id_, .step = 7, .image = 0}, calling.context, artefact);
    EXPECT_NE(found.blocks.front().output.values, maps({.run = id_, .step = 0, .image = 0}).blocks.front().output.values);
    EXPECT_THROW(maps({.run = id_, .step = 7, .image = 0}), Exception) << "no such step is stored";
}

TEST_F(PatchAnalysisTest, RefusesWhatIsNotThere) {
    EXPECT_THROW(maps({.run = id_, .step = 0, .image = 99}), Exception);
    EXPECT_THROW(maps({.run = id_, .step = 99, .image = 0}), Exception);
    EXPECT_THROW(maps({.run = "r0099-repq"}), Exception);
    const RunSpec plain = study_.spec("plain");
    const std::string without = test::execute(plain).id;
    test::Calling calling;
    EXPECT_THROW(patchMaps(plain.project, {.run = without}, calling.context), Exception) << "it made no images";
    test::Calling cancelled;
    cancelled.control.cancel();
    EXPECT_THROW(patchMaps(spec_.project, {.run = id_}, cancelled.context), Exception);
}

}  // namespace
}  // namespace vitrine::runs
