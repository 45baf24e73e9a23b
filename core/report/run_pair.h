// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/document.h"
#include "report/run_content.h"

/// Two runs side by side: A, and B, which is judged against A. Thread safe.
namespace vitrine::report {

/// The headline figures, one row each: figure, unit, A, B, B - A, the same in percent of A, and "better", "worse",
/// "same" or nothing where more is neither. Rows that neither run has are left out. Ids of the rows (first column):
/// "top1", "top5", "fidelity", "weight_bits", "activation_bits", "size", "bops", "seconds", "memory", "mean_sqnr",
/// "worst_sqnr", "worst_site".
Table figureComparison(const RunContent& a, const RunContent& b);

enum class Settings { all, different };

/// Method, inputs, seed, what was said about the network, parameters and extra rules of both runs; `state_a` and
/// `state_b` mark values that differ from their defaults as "changed"; `comparison` says "different", "only A", "only
/// B" or nothing.
Table parameterComparison(const RunContent& a, const RunContent& b, Settings settings);

enum class SiteMetric { sqnr, cosine, mse };
std::string_view siteMetricName(SiteMetric metric);  ///< "sqnr", "cosine", "mse"

/// One site in two runs.
struct SitePair {
    std::string site, role, block;
    std::optional<double> a, b;    ///< the metric; absent where a run lacks the site
    std::optional<double> change;  ///< B - A; of MSE B / A. Absent unless both have an error at all
    std::optional<bool> better;    ///< whether B is better; absent without a change or when it is nothing
    double size = 0;               ///< how much changed, to order by: |B - A|; of MSE |log10(B / A)|
};

/// All sites that one of the runs has, in network order. `reference` as in results::LayerErrors.
std::vector<SitePair> sitePairs(const RunContent& a, const RunContent& b, SiteMetric metric,
                                std::string_view reference);
/// The same as a table, in the order given.
Table sitePairTable(const std::vector<SitePair>& pairs, SiteMetric metric, std::string_view reference);

/// Histograms of one site in two runs, one row per bin and run; with counts B - A where the bins are the same. Either
/// may be null.
Table histogramComparison(const results::Histogram* a, const results::Histogram* b);
/// Whether counts of both may be subtracted bin by bin: as many bins, whose edges agree to a hundredth of a bin.
bool sameBins(const results::Histogram& a, const results::Histogram& b);

}  // namespace vitrine::report
