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
                  const std::function<void(results::Artefact)>& emit, jobs::Control& control,
                  jobs::Progress& progress) {
    const analysis::Images images{
        .count = std::min(kImages, data.count()),
        .batch = kBatch,
        .load = [&data](std::int64_t first, std::int64_t size) { return data.images(first, size); }};

    jobs::Progress errorProgress = progress.child(0.4, "layer errors");
    analysis::LayerErrorPair errors = analysis::layerErrors(model, device, images, control, errorProgress);
    emit({"errors.local", "Error of each quantizer alone", std::move(errors.local)});
    emit({"errors.accumulated", "Error with everything before quantized", std::move(errors.accumulated)});
    errorProgress.finish();

    jobs::Progress intervalProgress = progress.child(0.3, "intervals");
    emit(
        {"intervals", "Quantization intervals", analysis::intervals(model, device, images, control, intervalProgress)});
    intervalProgress.finish();

    const std::vector<std::string> sites = shownSites(model);
    if (sites.empty()) return;  // no site has a quantizer, and an empty list would mean all of them
    jobs::Progress histogramProgress = progress.child(0.3, "histograms");
    const analysis::HistogramOptions options{.sites = sites};
    emit({"histograms", "Values before and after quantization",
          analysis::histograms(model, device, images, options, control, histogramProgress)});
    histogramProgress.finish();
}

}  // namespace vitrine::runs
