// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/patch_analysis.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "base/error.h"
#include "core/runs/tiny_study.h"
#include "methods/synthesizer_info.h"
#include "project/project.h"

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

    PatchMaps maps(const PatchRequest& request) const {
        test::Calling calling;
        return patchMaps(spec_.project, request, calling.context);
    }

    const test::TinyStudy study_;
    const RunSpec spec_ = specOf(study_);
    const std::string id_ = test::executePlain(spec_).id;
};

TEST_F(PatchAnalysisTest, HasAMapForEachBlock) {
    const PatchMaps found = maps({.run = id_, .sheet = 0, .image = 2});
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
    const PatchMaps first = maps({.run = id_, .sheet = 0, .image = 0});
    EXPECT_EQ(maps({.run = id_, .sheet = 0, .image = 0}).blocks.front().output.values, first.blocks.front().output.values);
    EXPECT_NE(maps({.run = id_, .sheet = 0, .image = 1}).blocks.front().output.values, first.blocks.front().output.values);
    EXPECT_NE(maps({.run = id_, .sheet = 0, .image = 0, .quantized = true}).blocks.front().output.values, first.blocks.front().output.values);
}

TEST_F(PatchAnalysisTest, RefusesWhatIsNotThere) {
    EXPECT_THROW(maps({.run = id_, .sheet = 0, .image = 99}), Exception);
    EXPECT_THROW(maps({.run = id_, .sheet = 99, .image = 0}), Exception);
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
