// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/site_analysis.h"

#include <gtest/gtest.h>

#include "base/error.h"
#include "core/runs/tiny_study.h"
#include "project/project.h"

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
