// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/clampvit_activations.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "methods/parts/output_loss.h"
#include "quant/quantized_network.h"

namespace vitrine::methods::clamp {
namespace {

constexpr std::int64_t kChunk = 16;
constexpr double kStep = 1.5;       // ours
constexpr int kMostSteps = 8;       // 1.5^8 = 26: behind RepQ-ViT's start that reaches every massive activation we know

}  // namespace

void PresentValues::reset(at::Tensor images) {
    images_ = std::move(images);
    input_ = images_;
    block_ = 0;
}

engine::ValueTensors PresentValues::of(const quant::QuantizedModel& model, std::size_t block, const std::vector<graph::ValueId>& ids) {
    if (block < block_) reset(images_);
    if (block > block_) {
        const graph::ValueId next = model.graph->blocks[block].input;
        input_ = evaluate(model, input_, {next}).at(next);
        block_ = block;
    }
    return evaluate(model, input_, ids);
}

engine::ValueTensors PresentValues::evaluate(const quant::QuantizedModel& model, const at::Tensor& input,
                                             const std::vector<graph::ValueId>& ids) const {
    const quant::QuantizedNetwork quantized(model);
    engine::Hooks hooks = quantized.hooks();
    hooks.checkpoint = [this] { control_.check(); };
    const graph::ValueId given = model.graph->blocks[block_].input;
    std::map<graph::ValueId, std::vector<at::Tensor>> parts;
    for (std::int64_t first = 0; first < input.size(0); first += kChunk) {
        const at::Tensor part = input.slice(0, first, std::min(first + kChunk, input.size(0)));
        for (auto& [id, value] : engine::evaluate(quantized.network(), {{given, part}}, ids, hooks)) parts[id].push_back(value);
    }
    engine::ValueTensors values;
    for (const auto& [id, list] : parts) values[id] = at::cat(list);
    return values;
}

ActivationFit::ActivationFit(Tools tools, const ParameterSet& parameters)
    : tools_(std::move(tools)), recomputes_(parameters.boolean("activation.recompute")),
      all_(parameters.text("activation.search") == "all"), none_(parameters.text("activation.search") == "none") {}

bool ActivationFit::searches(const graph::Site& site) const { return !none_ && (all_ || site.role == graph::Role::postGelu); }

ActivationFit::Result ActivationFit::run(std::size_t layer, const quant::QuantizedModel& model, bool changed) {
    if (recomputes_ && changed) recompute(layer, model);
    for (const std::size_t site : tools_.layers.fedBy(layer))
        if (goesOn_ && searches(tools_.layers.sites()[site])) climb(site, model);
    return std::move(result_);
}

double ActivationFit::measure(const SiteEncodings& ranges, const quant::QuantizedModel& model) {
    SiteEncodings encodings;
    for (const auto& [site, range] : ranges)
        encodings.emplace(site, withBits(range, model.encodings.at(tools_.layers.sites()[site].id).bits));
    const double loss = tools_.evaluator.measure(encodings, [](const auto& quantized, const auto& floating) {
        return outputLoss(OutputLoss::kl, quantized.back().to(at::kDouble), floating.back().to(at::kDouble), 1).template item<double>();
    });
    ++result_.evaluations;
    goesOn_ = tools_.afterEvaluation();
    measured_ = std::move(encodings);
    return loss;
}

/// What was measured last becomes the present.
void ActivationFit::take(const SiteEncodings& ranges, double loss) {
    tools_.evaluator.install(measured_);
    for (const auto& [site, range] : ranges) result_.ranges.insert_or_assign(site, range);
    present_ = loss;
}

double ActivationFit::present(const SiteEncodings& ranges, const quant::QuantizedModel& model) {
    if (!present_) present_ = measure(ranges, model);
    return *present_;
}

/// All of them together: that is one measurement, and they were calibrated together at the start.
void ActivationFit::recompute(std::size_t layer, const quant::QuantizedModel& model) {
    const Layers& layers = tools_.layers;
    std::vector<graph::ValueId> ids;
    for (const std::size_t site : layers.fedBy(layer)) ids.push_back(layers.sites()[site].value);
    if (ids.empty()) return;
    const engine::ValueTensors values = tools_.values.of(model, layers.all()[layer].block, ids);
    SiteEncodings old, anew;
    for (const std::size_t site : layers.fedBy(layer)) {
        const std::optional<quant::Encoding> range = layers.recomputed(site, values.at(layers.sites()[site].value));
        if (!range || *range == layers.range(site)) continue;
        old.emplace(site, layers.range(site));
        anew.emplace(site, *range);
    }
    if (anew.empty()) return;
    const double before = present(old, model);
    if (!goesOn_) return;
    if (const double loss = measure(anew, model); loss <= before) take(anew, loss);
}

/// Wider as long as that helps. Never narrower: what synthetic images show is the least that real ones reach.
void ActivationFit::climb(std::size_t site, const quant::QuantizedModel& model) {
    const auto taken = result_.ranges.find(site);
    quant::Encoding best = taken == result_.ranges.end() ? tools_.layers.range(site) : taken->second;
    present({{site, best}}, model);
    for (int step = 0; step < kMostSteps && goesOn_; ++step) {
        quant::Encoding candidate = tools_.layers.stretched(site, best, kStep);
        const double loss = measure({{site, candidate}}, model);
        if (!(loss < *present_)) break;
        take({{site, candidate}}, loss);
        best = std::move(candidate);
    }
}

}  // namespace vitrine::methods::clamp
