// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/measurements.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analysis/distributions.h"
#include "analysis/layer_errors.h"
#include "graph/sites.h"

namespace vitrine::runs {
namespace {

constexpr std::int64_t kImages = 32;  // more change the figures by less than they differ between images
constexpr std::int64_t kBatch = 8;

/// What a measurement is called.
struct Name {
    const char* id;
    const char* title;

    results::Artefact with(results::Payload payload) const { return {id, title, std::move(payload)}; }
};
constexpr Name kLocalErrors{"errors.local", "Error of each quantizer alone"};
constexpr Name kAccumulatedErrors{"errors.accumulated", "Error with everything before quantized"};
constexpr Name kIntervals{"intervals", "Quantization intervals"};
constexpr Name kHistograms{"histograms", "Values before and after quantization"};

/// Blocks whose sites get histograms: embedding, head, and the first, middle and last transformer block.
std::set<std::size_t> shownBlocks(const graph::Graph& graph) {
    std::set<std::size_t> shown;
    std::vector<std::size_t> transformers;
    for (std::size_t b = 0; b < graph.blocks.size(); ++b) {
        const graph::BlockKind kind = graph.blocks[b].kind;
        if (kind == graph::BlockKind::transformer) transformers.push_back(b);
        if (kind == graph::BlockKind::embedding || kind == graph::BlockKind::head) shown.insert(b);
    }
    if (!transformers.empty())
        shown.insert({transformers.front(), transformers[transformers.size() / 2], transformers.back()});
    return shown;
}

std::vector<std::string> shownSites(const quant::QuantizedModel& model) {
    const std::set<std::size_t> blocks = shownBlocks(*model.graph);
    std::vector<std::string> ids;
    for (const graph::Site& site : graph::findSites(*model.graph))
        if (blocks.contains(site.block) && model.encodings.contains(site.id)) ids.push_back(site.id);
    return ids;
}

}  // namespace

analysis::Images measuredImages(const methods::CalibrationData& data) {
    return {.count = std::min(kImages, data.count()),
            .batch = kBatch,
            .load = [&data](std::int64_t first, std::int64_t size) { return data.images(first, size); }};
}

results::Scope scopeOf(const quant::QuantizedModel& model) {
    const quant::Cost cost = quant::cost(*model.graph, model.encodings);
    results::Scope scope{.bops = cost.bops,
                         .floatBops = cost.floatBops,
                         .sizeBytes = cost.sizeBytes,
                         .encodingBytes = cost.encodingBytes,
                         .floatBytes = cost.floatBytes,
                         .averageWeightBits = cost.averageWeightBits,
                         .averageActivationBits = cost.averageActivationBits};
    std::map<std::pair<graph::Role, std::string>, std::int64_t> counts;
    for (const graph::Site& site : graph::findSites(*model.graph)) {
        const auto found = model.encodings.find(site.id);
        ++counts[{site.role, found == model.encodings.end() ? "float" : quant::describe(found->second)}];
    }
    for (const auto& [key, sites] : counts)
        scope.rows.push_back({std::string(graph::roleName(key.first)), key.second, sites});
    return scope;
}

void measureModel(const quant::QuantizedModel& model, const std::string& device, const methods::CalibrationData& data,
                  const Findings& findings, jobs::Control& control, jobs::Progress& progress) {
    const analysis::Images images = measuredImages(data);

    jobs::Progress errorProgress = progress.child(0.4, "layer errors");
    const auto watchErrors = [&](const std::function<analysis::LayerErrorPair()>& soFar) {
        findings.soFar(kLocalErrors.id, [&] { return kLocalErrors.with(soFar().local); });
        findings.soFar(kAccumulatedErrors.id, [&] { return kAccumulatedErrors.with(soFar().accumulated); });
    };
    analysis::LayerErrorPair errors = analysis::layerErrors(model, device, images, control, errorProgress, watchErrors);
    findings.whole(kLocalErrors.with(std::move(errors.local)));
    findings.whole(kAccumulatedErrors.with(std::move(errors.accumulated)));
    errorProgress.finish();

    jobs::Progress intervalProgress = progress.child(0.3, "intervals");
    const auto watchIntervals = [&](const std::function<results::Intervals()>& soFar) {
        findings.soFar(kIntervals.id, [&] { return kIntervals.with(soFar()); });
    };
    results::Intervals intervals = analysis::intervals(model, device, images, control, intervalProgress, watchIntervals);
    findings.whole(kIntervals.with(intervals));
    intervalProgress.finish();

    const std::vector<std::string> sites = shownSites(model);
    if (sites.empty()) return;  // no site has a quantizer, and an empty list would mean all of them
    jobs::Progress histogramProgress = progress.child(0.3, "histograms");
    const analysis::HistogramOptions options{.sites = sites, .known = &intervals};
    const auto watchHistograms = [&](const std::function<results::Histograms()>& soFar) {
        findings.soFar(kHistograms.id, [&] { return kHistograms.with(soFar()); });
    };
    findings.whole(kHistograms.with(
        analysis::histograms(model, device, images, options, control, histogramProgress, watchHistograms)));
    histogramProgress.finish();
}

}  // namespace vitrine::runs
