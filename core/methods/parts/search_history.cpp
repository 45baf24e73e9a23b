// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/search_history.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"

namespace vitrine::methods {
namespace {

using results::SearchHistory;

constexpr const char* kRealsKey = "history.reals";
constexpr const char* kIntegersKey = "history.integers";
constexpr std::size_t kReals = 4;
constexpr std::size_t kIntegers = 6;

/// Takes out what `mayGo` accepts, the oldest first, until `count` are left.
template <typename MayGo>
void dropOldest(std::vector<SearchHistory::Candidate>& candidates, std::size_t count, const MayGo& mayGo) {
    std::size_t excess = candidates.size() > count ? candidates.size() - count : 0;
    std::erase_if(candidates, [&](const SearchHistory::Candidate& each) {
        const bool goes = excess > 0 && mayGo(each);
        excess -= goes ? 1 : 0;
        return goes;
    });
}

}  // namespace

SearchHistoryRecorder::SearchHistoryRecorder(const std::vector<SearchTarget>& targets, const std::vector<graph::Site>& sites,
                                             const std::map<std::string, quant::Encoding>& before, std::size_t limit)
    : limit_(limit) {
    std::map<std::size_t, std::int64_t> targetOf;
    for (const SearchTarget& target : targets) {
        for (const std::size_t site : target.sites) targetOf.emplace(site, static_cast<std::int64_t>(history_.targets.size()));
        history_.targets.push_back(target.id);
    }
    for (const auto& [site, target] : targetOf) {
        const quant::Encoding& encoding = before.at(sites[site].id);
        rowOfSite_.emplace(site, history_.sites.size());
        history_.sites.push_back({.site = sites[site].id,
                                  .role = std::string(graph::roleName(sites[site].role)),
                                  .target = target,
                                  .bitsBefore = encoding.bits,
                                  .bitsAfter = encoding.bits,
                                  .scalesBefore = encoding.scale,
                                  .scalesAfter = encoding.scale});
    }
}

void SearchHistoryRecorder::add(const SearchHistory::Candidate& candidate) {
    history_.candidates.push_back(candidate);
    history_.evaluations = std::max(history_.evaluations, candidate.evaluation);
    if (history_.candidates.size() > limit_) thin();
}

/// A quarter at once, so that it costs little for each candidate.
void SearchHistoryRecorder::thin() {
    const std::size_t before = history_.candidates.size(), left = limit_ - limit_ / 4;
    dropOldest(history_.candidates, left, [](const auto& each) { return !each.accepted; });
    dropOldest(history_.candidates, left, [](const auto&) { return true; });
    history_.leftOut += static_cast<std::int64_t>(before - history_.candidates.size());
}

void SearchHistoryRecorder::setAfter(std::size_t site, const quant::Encoding& encoding) {
    SearchHistory::Site& row = history_.sites[rowOfSite_.at(site)];
    row.bitsAfter = encoding.bits;
    row.scalesAfter = encoding.scale;
}

results::Artefact SearchHistoryRecorder::artefact() const {
    return {.id = "search.history", .title = "Candidates of the search", .payload = history_};
}

void SearchHistoryRecorder::show(const std::function<void(results::Artefact)>& emit) {
    pace_.maybe([&] { emit(artefact()); });
}

void SearchHistoryRecorder::save(MethodState& state) const {
    std::vector<double> reals;
    std::vector<std::int64_t> integers;
    for (const SearchHistory::Candidate& each : history_.candidates) {
        reals.insert(reals.end(), {each.fitness, each.best, each.worst, each.change});
        integers.insert(integers.end(), {each.evaluation, each.target, each.pass, each.cycle, each.accepted, each.bits});
    }
    const auto rows = static_cast<std::int64_t>(history_.candidates.size());
    state.tensors[kRealsKey] = HostTensor::of(std::move(reals), {rows, static_cast<std::int64_t>(kReals)});
    state.tensors[kIntegersKey] = HostTensor::of(std::move(integers), {rows, static_cast<std::int64_t>(kIntegers)});
    state.data["history"] = {{"evaluations", history_.evaluations}, {"rejected", history_.rejected}, {"left_out", history_.leftOut}};
}

void SearchHistoryRecorder::restore(const MethodState& state) {
    const nlohmann::json& data = state.data.at("history");
    history_.evaluations = data.at("evaluations");
    history_.rejected = data.at("rejected");
    history_.leftOut = data.at("left_out");
    const auto reals = state.tensors.at(kRealsKey).as<double>();
    const auto integers = state.tensors.at(kIntegersKey).as<std::int64_t>();
    if (reals.size() / kReals != integers.size() / kIntegers)
        fail(ErrorCode::badFormat, "the columns of the search's history differ in length", "checkpoint");
    history_.candidates.clear();
    for (std::size_t row = 0; row < reals.size() / kReals; ++row) {
        const auto r = reals.subspan(row * kReals, kReals);
        const auto n = integers.subspan(row * kIntegers, kIntegers);
        history_.candidates.push_back({.evaluation = n[0],
                                       .target = n[1],
                                       .pass = n[2],
                                       .cycle = n[3],
                                       .fitness = r[0],
                                       .best = r[1],
                                       .worst = r[2],
                                       .accepted = n[4] != 0,
                                       .bits = static_cast<int>(n[5]),
                                       .change = r[3]});
    }
}

}  // namespace vitrine::methods
