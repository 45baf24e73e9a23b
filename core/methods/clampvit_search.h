// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "methods/clampvit_activations.h"
#include "methods/clampvit_allocation.h"
#include "methods/clampvit_images.h"
#include "methods/parts/layer_search.h"
#include "methods/parts/search_history.h"

/// Stage 2 of CLAMP-ViT and the cycle with stage 1. Internal to the method.
namespace vitrine::methods::clamp {

/// Visits the layers one after the other, several times, and improves scales and widths of each while the others stay; renews
/// the images on the way and measures everything that depends on them anew. Every evaluation is a place to stop and to go on.
class Search {
  public:
    Search(MethodState& state, MethodContext& context);

    /// Leaves the best model in the state.
    void run();

    const Images& images() const { return images_; }  ///< as they are now

  private:
    enum class Renewal { none, due, running };  ///< of the images

    /// Where the search stands, between two evaluations.
    struct Position {
        std::int64_t pass = 0;
        std::size_t layer = 0;
        std::int64_t cycle = 0;        ///< of this visit
        bool changed = false;          ///< whether this visit has changed its layer
        std::int64_t evaluations = 0;
        std::int64_t renewedFor = 0;   ///< the pass that the images were made for
        Renewal renewal = Renewal::none;
    };
    void visit();
    void begin();
    void breed();
    void measureNext();
    bool finishes();
    Individual measured(Individual individual);
    const Individual& chosen() const;
    double pressure(std::size_t layer, const Individual& individual) const;
    bool allowsBits(std::size_t layer, int bits) const;
    LayerSearch layerSearch();
    void install(const Individual& best);
    void fitActivations();

    bool renews(const char* scope) const;
    void renew();

    void record(const Individual& individual, bool accepted);
    void afterEvaluation();
    std::string detail() const;
    double fraction() const;
    std::vector<results::SearchHistory::Budget> budgets() const;
    MethodState checkpoint() const;
    void save();
    void restore();
    void tellResult();

    MethodState& state_;
    MethodContext& context_;
    const ParameterSet& p_;
    Layers layers_;
    Images images_;
    BitBudget budget_;
    LayerSearchRules rules_;
    bool presses_;
    double widestSize_ = 0;  ///< bytes with all searched layers at 8 bits
    Random random_;
    Population population_;
    Population present_{1};  ///< what a visit began with
    std::vector<Individual> waiting_;  ///< to be measured, the next one last
    Position at_;
    std::int64_t rejected_ = 0;
    SearchHistoryRecorder history_;
    results::Trace best_{.name = "search.best", .xLabel = "evaluation", .yLabel = "loss"};
    bool renewed_ = false;  ///< the images are no longer those that the stage began with
    bool done_ = false;
    Pace saving_{0.05};
    std::optional<CandidateEvaluator> evaluator_;
    std::vector<double> byImage_;  ///< what loss_ found of the present candidate
    CandidateEvaluator::Loss loss_;
    PresentValues values_;
};

}  // namespace vitrine::methods::clamp
