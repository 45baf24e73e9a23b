// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/search_history.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "core/analysis/random_networks.h"

namespace vitrine::methods {
namespace {

using Candidate = results::SearchHistory::Candidate;

class History : public ::testing::Test {
  protected:
    std::shared_ptr<const graph::Graph> graph_ = test::randomVit(1);
    std::vector<graph::Site> sites_ = graph::findSites(*graph_);
    std::map<std::string, quant::Encoding> encodings_ = [this] {
        std::map<std::string, quant::Encoding> all;
        for (const graph::Site& site : sites_) all[site.id] = {.bits = 4, .scale = {0.5F}, .zeroPoint = {0}};
        return all;
    }();

    SearchHistoryRecorder recorder(std::size_t limit) const {
        return SearchHistoryRecorder({{"first", {1, 3}}, {"second", {2}}}, sites_, encodings_, limit);
    }
    static Candidate candidate(std::int64_t number, bool accepted) {
        return {.evaluation = number, .target = number % 2, .fitness = 1.0 / static_cast<double>(number), .accepted = accepted};
    }
};

TEST_F(History, KeepsAcceptedOnesAndTheNewest) {
    SearchHistoryRecorder recorder = this->recorder(40);
    for (std::int64_t i = 1; i <= 200; ++i) recorder.add(candidate(i, i % 10 == 0));
    const results::SearchHistory& history = recorder.history();
    EXPECT_LE(history.candidates.size(), 40u);
    EXPECT_EQ(history.evaluations, 200);
    EXPECT_EQ(history.leftOut + static_cast<std::int64_t>(history.candidates.size()), 200);
    std::int64_t accepted = 0, last = 0;
    for (const Candidate& each : history.candidates) {
        accepted += each.accepted;
        EXPECT_GT(each.evaluation, last);
        last = each.evaluation;
    }
    EXPECT_EQ(accepted, 20);
    EXPECT_EQ(last, 200);
}

TEST_F(History, IsBoundedEvenWhenAllAreAccepted) {
    SearchHistoryRecorder recorder = this->recorder(40);
    for (std::int64_t i = 1; i <= 1000; ++i) recorder.add(candidate(i, true));
    EXPECT_LE(recorder.history().candidates.size(), 40u);
    EXPECT_EQ(recorder.history().candidates.back().evaluation, 1000);
}

TEST_F(History, SurvivesACheckpoint) {
    SearchHistoryRecorder recorder = this->recorder(100);
    for (std::int64_t i = 1; i <= 30; ++i) recorder.add(candidate(i, i % 3 == 0));
    recorder.setRejected(7);
    MethodState state;
    recorder.save(state);
    SearchHistoryRecorder other = this->recorder(100);
    other.restore(state);
    EXPECT_EQ(other.history(), recorder.history());
    state.tensors["history.reals"] = HostTensor::of(std::vector<double>(4), {1, 4});
    EXPECT_THROW(other.restore(state), Exception);
}

TEST_F(History, TellsSitesBeforeAndAfter) {
    SearchHistoryRecorder recorder = this->recorder(10);
    quant::Encoding changed = encodings_.at(sites_[2].id);
    changed.bits = 6;
    changed.scale = {0.25F};
    recorder.setAfter(2, changed);
    const auto& sites = recorder.history().sites;
    ASSERT_EQ(sites.size(), 3u);
    EXPECT_EQ(sites[1].site, sites_[2].id);
    EXPECT_EQ(sites[1].target, 1);
    EXPECT_EQ(sites[1].bitsBefore, 4);
    EXPECT_EQ(sites[1].bitsAfter, 6);
    EXPECT_EQ(sites[1].scalesBefore, std::vector<float>{0.5F});
    EXPECT_EQ(sites[1].scalesAfter, std::vector<float>{0.25F});
    EXPECT_EQ(sites[0].scalesAfter, std::vector<float>{0.5F});
}

}  // namespace
}  // namespace vitrine::methods
