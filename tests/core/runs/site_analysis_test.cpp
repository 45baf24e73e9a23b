// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/site_analysis.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <numeric>

#include "base/error.h"
#include "core/runs/tiny_study.h"
#include "methods/method_info.h"
#include "methods/synthesizer_info.h"
#include "project/project.h"
#include "project/synthetic_export.h"

namespace vitrine::runs {
namespace {

class SiteAnalysisTest : public ::testing::Test {
  protected:
    results::Histograms histograms(const std::vector<std::string>& sites) const {
        test::Calling calling;
        return siteHistograms(spec_.project, id_, sites, calling.context);
    }

    const test::TinyStudy study_;
    const RunSpec spec_ = study_.spec("study");
    const std::string id_ = test::execute(spec_).id;
};

TEST_F(SiteAnalysisTest, AgreesWithWhatTheRunMeasured) {
    const results::ArtefactPtr stored = project::Project::open(spec_.project).artefact(id_, "histograms");
    const auto& expected = std::get<results::Histograms>(stored->payload).sites;
    ASSERT_GT(expected.size(), 3u);
    const results::Histograms measured = histograms({expected[3].site, expected[0].site});
    ASSERT_EQ(measured.sites.size(), 2u);
    EXPECT_EQ(measured.sites[0].site, expected[3].site);
    EXPECT_EQ(measured.sites[0].floatCounts, expected[3].floatCounts);
    EXPECT_EQ(measured.sites[1].quantizedCounts, expected[0].quantizedCounts);
    EXPECT_EQ(measured.sites[1].levels, expected[0].levels);
}

TEST_F(SiteAnalysisTest, IsKeptAndNeedsNoImagesThen) {
    const results::Histograms first = histograms({"blocks.0.attn.softmax"});
    std::filesystem::remove(study_ / "0.png");
    const results::Histograms again = histograms({"blocks.0.attn.softmax", "blocks.0.attn.softmax"});
    ASSERT_EQ(again.sites.size(), 2u);
    EXPECT_EQ(again.sites[1].floatCounts, first.sites[0].floatCounts);
    EXPECT_THROW(histograms({"blocks.0.attn.q"}), Exception) << "the images have changed";
}

TEST_F(SiteAnalysisTest, TakesTheSyntheticImagesThatTheRunKeeps) {
    RunSpec spec = study_.spec("synthetic");
    spec.method = "baseline";
    spec.parameters = ParameterSet(methods::methodInfo("baseline").parameters);
    spec.calibration = {};
    spec.synthetic = SyntheticCalibration{"noise", ParameterSet(methods::synthesizerInfo("noise").parameters)};
    spec.synthetic->parameters.setText("synthesis.count", "4");
    const std::string id = test::executePlain(spec).id;
    const project::Project project = project::Project::open(spec.project);
    const auto measure = [&](const char* site) {
        test::Calling calling;
        return siteHistograms(spec.project, id, {site}, calling.context).sites.at(0);
    };
    const auto total = [](const std::vector<std::int64_t>& counts) { return std::accumulate(counts.begin(), counts.end(), std::int64_t{0}); };
    const results::ArtefactPtr stored = project.artefact(id, "histograms");
    const results::Histogram& expected = std::get<results::Histograms>(stored->payload).sites.at(0);
    const results::Histogram measured = measure(expected.site.c_str());
    EXPECT_EQ(total(measured.floatCounts), total(expected.floatCounts)) << "as many values, of the same images";
    EXPECT_EQ(measured.levels, expected.levels);
    std::filesystem::remove(project::wholeImagesPath(project.runFolder(id)));
    EXPECT_THROW(measure("blocks.0.attn.q"), Exception);
}

TEST_F(SiteAnalysisTest, RefusesWhatIsNotThere) {
    EXPECT_THROW(histograms({"nowhere"}), Exception);
    test::Calling calling;
    EXPECT_THROW(siteHistograms(spec_.project, "r0099-repq", {"input"}, calling.context), Exception);
    test::Calling cancelled;
    cancelled.control.cancel();
    EXPECT_THROW(siteHistograms(spec_.project, id_, {"input"}, cancelled.context), Exception);
    EXPECT_TRUE(histograms({}).sites.empty());
}

}  // namespace
}  // namespace vitrine::runs
