// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "graph/sites.h"
#include "methods/method.h"
#include "methods/parts/pace.h"
#include "quant/encoding.h"
#include "results/artefacts.h"

namespace vitrine::methods {

/// Sites that are searched together.
struct SearchTarget {
    std::string id;                  ///< of the layer or block
    std::vector<std::size_t> sites;  ///< indices
};

/// Writes down what a search does: results::SearchHistory, which it shows while it grows in less than 2 % of the time. Of more than
/// `limit` candidates the oldest that were not accepted are left out first, then the oldest. Not thread safe.
class SearchHistoryRecorder {
  public:
    static constexpr std::size_t kLimit = 8192;

    /// `before` are the encodings at the beginning, those of all `targets` among them.
    SearchHistoryRecorder(const std::vector<SearchTarget>& targets, const std::vector<graph::Site>& sites,
                          const std::map<std::string, quant::Encoding>& before, std::size_t limit = kLimit);

    void add(const results::SearchHistory::Candidate& candidate);
    void setAfter(std::size_t site, const quant::Encoding& encoding);
    void setRejected(std::int64_t count) { history_.rejected = count; }
    void setEvaluations(std::int64_t count) { history_.evaluations = count; }
    void setBudgets(std::vector<results::SearchHistory::Budget> budgets) { history_.budgets = std::move(budgets); }

    const results::SearchHistory& history() const { return history_; }
    results::Artefact artefact() const;
    /// The artefact, now and then.
    void show(const std::function<void(results::Artefact)>& emit);

    /// The candidates, as tensors; sites and budgets follow from the model. And back: Exception(badFormat) when they do not fit.
    void save(MethodState& state) const;
    void restore(const MethodState& state);

  private:
    void thin();

    results::SearchHistory history_;
    std::map<std::size_t, std::size_t> rowOfSite_;
    std::size_t limit_;
    Pace pace_{0.01};
};

}  // namespace vitrine::methods
