// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "analysis/images.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "quant/quantized_model.h"
#include "results/artefacts.h"

namespace vitrine::analysis {

/// Told after each batch what is known so far. Making intervals takes up to 20 ms, histograms about a millisecond.
using WatchIntervals = std::function<void(const std::function<results::Intervals()>& soFar)>;
using WatchHistograms = std::function<void(const std::function<results::Histograms()>& soFar)>;

/// The range of the data at every site of `model` (float values of its graph) beside the range that its quantizer
/// covers. Sites that stay in float have 0 bits and the range of their data. One pass; quantiles are right to 0.8 %.
/// Throws Exception(stopped) when `control` is cancelled; a pause waits between batches, and work that shall finish
/// ends after the batch at hand.
results::Intervals intervals(const quant::QuantizedModel& model, const std::string& device, const Images& images,
                             jobs::Control& control, jobs::Progress& progress, const WatchIntervals& watch = {});

struct HistogramOptions {
    std::vector<std::string> sites;  ///< ids; empty means every site that has a quantizer
    std::int64_t bins = 256;         ///< 2..65536
    /// What intervals() said of the same model and images; it saves the first pass.
    const results::Intervals* known = nullptr;
};

/// Histograms of the values at sites before and after their quantizer, over the bins from the smallest to the largest
/// float value. Two passes over the images, or one where the intervals of all sites are known. Throws Exception(notFound) for an unknown site, Exception(invalidArgument)
/// for a number of bins out of range, Exception(stopped) when cancelled; pauses and ends early like intervals().
results::Histograms histograms(const quant::QuantizedModel& model, const std::string& device, const Images& images,
                               const HistogramOptions& options, jobs::Control& control, jobs::Progress& progress,
                               const WatchHistograms& watch = {});

}  // namespace vitrine::analysis
