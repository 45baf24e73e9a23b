// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/clampvit_layers.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "engine/tensors.h"
#include "methods/parts/output_loss.h"
#include "methods/parts/patch_features.h"
#include "quant/range_encoding.h"
#include "quant/scale_search.h"

namespace vitrine::methods::clamp {
namespace {

using graph::Role;
using graph::Site;

constexpr int kLeastActivationBits = 4, kMostActivationBits = 8;  // ours
const std::string kRangePrefix = "range/";
constexpr quant::ShrinkOptions kShrink{.candidates = 50};
const std::vector<double> kPercentiles{0.999, 0.9999, 0.99999};   // as RepQ-ViT

/// The distances of one probe by image, in double: near the end of a search losses differ in their seventh digit.
at::Tensor probeLosses(const std::string& kind, double temperature, const at::Tensor& quantized, const at::Tensor& floating) {
    const at::Tensor q = quantized.to(at::kDouble), f = floating.to(at::kDouble);
    if (kind == "contrastive") return infoNceTerms(q, f, temperature);
    return outputLosses(outputLossFromName(kind), q, f, temperature);
}

}  // namespace

Layers::Layers(const MethodContext& context, const quant::QuantizedModel& start)
    : graph_(*start.graph), sites_(context.network.sites()), specs_(resolveSpecs(context.policy, sites_)),
      mixed_(context.parameters.text("precision") == "mixed"),
      activationBits_(mixed_ && context.parameters.text("activation.width") == "sensitivity" ? ActivationBits::sensitivity
                                                                                             : ActivationBits::given),
      minBits_(static_cast<int>(context.parameters.integer("bits.minimum"))),
      maxBits_(static_cast<int>(std::max(context.parameters.integer("bits.minimum"), context.parameters.integer("bits.maximum")))),
      range_(context.parameters.text("weight.range")), calibration_(context.parameters.text("activation.calibration")), keepsStart_(context.start != nullptr), start_(start.encodings) {
    const auto deciding = decidingRules(context.policy, sites_);
    const std::size_t own = methodInfo("clampvit").policy(context.parameters).rules.size();
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        const auto found = start_.find(sites_[i].id);
        if (!sites_[i].isWeight() || found == start_.end() || found->second.kind != quant::QuantizerKind::uniform) continue;
        // The rule for all weights leaves the width to the search; one for a place, or of the user, decides it.
        const bool general = deciding[i] && *deciding[i] < own && context.policy.rules[*deciding[i]].pattern == "role:weight";
        layers_.push_back({.site = i, .block = sites_[i].block, .searchesBits = mixed_ && general});
    }
    findActivations();
    findFed();
}

/// An activation belongs to the layer that reads it; queries, keys, values and probabilities to the layer before them.
void Layers::findActivations() {
    if (activationBits_ == ActivationBits::given) return;
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        const Site& site = sites_[i];
        if (site.isWeight() || site.role == Role::patchInput || !start_.contains(site.id)) continue;
        const graph::NodeId reader = site.operands.front().node;
        Layer* owner = nullptr;
        for (Layer& layer : layers_) {
            const graph::NodeId node = sites_[layer.site].operands.front().node;
            if (node <= reader && sites_[layer.site].block == site.block) owner = &layer;
        }
        if (owner != nullptr && owner->searchesBits) owner->activations.push_back(i);
    }
}

void Layers::findFed() {
    const auto nodeOf = [&](const Layer& layer) { return sites_[layer.site].operands.front().node; };
    fed_.resize(layers_.size());
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        const auto found = start_.find(sites_[i].id);
        if (sites_[i].isWeight() || found == start_.end()) continue;
        if (found->second.kind != quant::QuantizerKind::uniform || found->second.scale.size() != 1) continue;
        const graph::NodeId producer = graph_.value(sites_[i].value).producer;
        std::optional<std::size_t> nearest;
        for (std::size_t layer = 0; layer < layers_.size(); ++layer)
            if (producer != graph::kNone && nodeOf(layers_[layer]) <= producer && (!nearest || nodeOf(layers_[layer]) > nodeOf(layers_[*nearest])))
                nearest = layer;
        if (nearest) fed_[*nearest].push_back(i);
    }
}

int Layers::activationBits(std::size_t layer, int weightBits) const {
    const bool sensitive = std::find(sensitive_.begin(), sensitive_.end(), layer) != sensitive_.end();
    return std::clamp(weightBits + (sensitive ? 2 : 1), kLeastActivationBits, kMostActivationBits);
}

const quant::Encoding& Layers::first(std::size_t layer, int bits) {
    const auto known = first_.find({layer, bits});
    if (known != first_.end()) return known->second;
    const Site& site = sites_[layers_[layer].site];
    const quant::Encoding& start = start_.at(site.id);
    if (keepsStart_ && start.bits == bits) return first_.emplace(std::pair{layer, bits}, start).first->second;
    quant::QuantizerSpec spec = specs_[layers_[layer].site].value_or(quant::QuantizerSpec{.granularity = quant::Granularity::channel});
    spec.bits = bits;
    const std::int64_t axis = scaleAxis(site, spec);
    const at::Tensor weight = engine::toTorch(graph_.value(site.value).data);
    quant::Encoding encoding;
    if (range_ == "percentile")
        encoding = quant::searchPercentiles(weight, spec, axis, kPercentiles);
    else if (range_ == "omse")
        encoding = quant::searchShrunkRanges(weight, spec, axis, kShrink);
    else
        encoding = quant::searchPercentiles(weight, spec, axis, std::vector{1.0});
    return first_.emplace(std::pair{layer, bits}, std::move(encoding)).first->second;
}

SiteEncodings Layers::encodings(std::size_t layer, const Individual& individual) {
    quant::Encoding weight = first(layer, individual.bits);
    weight.scale = individual.scales;
    SiteEncodings encodings;
    encodings.emplace(layers_[layer].site, std::move(weight));
    for (const std::size_t site : layers_[layer].activations)
        encodings.emplace(site, withBits(start_.at(sites_[site].id), activationBits(layer, individual.bits)));
    return encodings;
}

void Layers::setRange(std::size_t site, quant::Encoding range) {
    start_.at(sites_[site].id) = std::move(range);
    changed_.insert(site);
}

std::optional<quant::Encoding> Layers::recomputed(std::size_t site, const at::Tensor& values) const {
    const bool folds = calibration_ == "reparameterized";
    if (folds && sites_[site].role == Role::postGelu) return std::nullopt;
    const quant::Encoding& present = range(site);
    quant::QuantizerSpec spec = specs_[site].value_or(quant::QuantizerSpec{});
    spec.bits = present.bits;
    if (folds && sites_[site].role == Role::postLayerNorm) {
        const quant::Interval held = quant::interval(present, 0);
        const double low = values.min().item<double>(), high = values.max().item<double>();
        if (low >= held.low && high <= held.high) return std::nullopt;
        return quant::encodeRanges(spec, 0, {{static_cast<float>(std::min(low, held.low))}, {static_cast<float>(std::max(high, held.high))}});
    }
    if (calibration_ == "omse") return quant::searchShrunkRanges(values, spec, 0, kShrink);
    if (calibration_ == "minmax") return quant::searchPercentiles(values, spec, 0, std::vector{1.0});
    return quant::searchPercentiles(values, spec, 0, folds ? kPercentiles : std::vector{kPercentiles.back()});
}

quant::Encoding Layers::stretched(std::size_t site, const quant::Encoding& range, double ratio) const {
    quant::QuantizerSpec spec = specs_[site].value_or(quant::QuantizerSpec{});
    spec.bits = range.bits;
    const quant::Interval held = quant::interval(range, 0);
    const double low = held.low < 0 ? held.low * ratio : held.low / ratio;
    const double high = held.high > 0 ? held.high * ratio : held.high / ratio;
    const bool keepsLow = sites_[site].role == Role::postGelu;
    return quant::encodeRanges(spec, 0, {{static_cast<float>(keepsLow ? held.low : low)}, {static_cast<float>(high)}});
}

void Layers::saveRanges(MethodState& state) const {
    for (const std::size_t site : changed_) {
        const quant::Encoding& changed = range(site);
        state.tensors[kRangePrefix + sites_[site].id] = HostTensor::of(std::vector{changed.scale[0], changed.zeroPoint[0]}, {2});
    }
}

void Layers::restoreRanges(const MethodState& state, quant::QuantizedModel& model) {
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        const auto found = state.tensors.find(kRangePrefix + sites_[i].id);
        if (found == state.tensors.end()) continue;
        const std::vector<float> values = found->second.toFloats();
        quant::Encoding changed = range(i);
        changed.scale = {values.at(0)};
        changed.zeroPoint = {values.at(1)};
        setRange(i, changed);
        quant::Encoding& present = model.encodings.at(sites_[i].id);
        present = withBits(changed, present.bits);
    }
}

Individual Layers::present(std::size_t layer, const quant::QuantizedModel& model) const {
    const quant::Encoding& encoding = model.encodings.at(idOf(layers_[layer]));
    return {.scales = encoding.scale, .bits = encoding.bits};
}

SiteBits Layers::bitsOf(const quant::QuantizedModel& model) const {
    SiteBits bits(sites_.size(), 0);
    for (std::size_t i = 0; i < sites_.size(); ++i) {
        const auto found = model.encodings.find(sites_[i].id);
        if (found != model.encodings.end()) bits[i] = found->second.bits;
    }
    return bits;
}

void Layers::complete(SiteBits& bits) const {
    for (std::size_t i = 0; i < layers_.size(); ++i)
        for (const std::size_t site : layers_[i].activations) bits[site] = activationBits(i, bits[layers_[i].site]);
}

quant::Encoding withBits(const quant::Encoding& encoding, int bits) {
    if (encoding.bits == bits) return encoding;
    quant::Encoding changed = encoding;
    changed.bits = bits;
    changed.qmin = encoding.qmin < 0 ? -(std::int64_t{1} << (bits - 1)) : 0;
    changed.qmax = changed.qmin + (std::int64_t{1} << bits) - 1;
    if (encoding.kind != quant::QuantizerKind::uniform) return changed;
    for (std::size_t i = 0; i < encoding.scale.size(); ++i) {
        const double ratio = static_cast<double>(encoding.qmax - encoding.qmin) / static_cast<double>(changed.qmax - changed.qmin);
        const double low = encoding.scale[i] * (static_cast<double>(encoding.qmin) - encoding.zeroPoint[i]);
        changed.scale[i] = static_cast<float>(encoding.scale[i] * ratio);
        if (encoding.qmin >= 0) changed.zeroPoint[i] = static_cast<float>(std::nearbyint(-low / changed.scale[i]));
    }
    return changed;
}

CandidateEvaluator::Loss fitnessLoss(const ParameterSet& parameters, std::vector<double>* byImage) {
    return [kind = parameters.text("fitness"), temperature = parameters.real("fitness.temperature"), byImage](
               const std::vector<at::Tensor>& quantized, const std::vector<at::Tensor>& floating) {
        at::Tensor losses;
        for (std::size_t i = 0; i < quantized.size(); ++i) {
            const at::Tensor ofProbe = probeLosses(kind, temperature, quantized[i], floating[i]);
            losses = losses.defined() ? losses + ofProbe : ofProbe;
        }
        losses = (losses / static_cast<double>(quantized.size())).contiguous();
        if (byImage != nullptr) byImage->insert(byImage->end(), losses.data_ptr<double>(), losses.data_ptr<double>() + losses.numel());
        return losses.mean().item<double>();
    };
}

std::vector<graph::ValueId> fitnessProbes(const graph::Graph& graph, const ParameterSet& parameters) {
    const std::string& kind = parameters.text("fitness.probes");
    std::vector<graph::ValueId> probes;
    if (kind == "attention")
        for (const PatchFeature& feature : patchFeatures(graph)) probes.push_back(feature.output);
    if (kind == "blocks")
        for (const graph::Block& block : graph.blocks) probes.push_back(block.output);
    if (probes.empty() || probes.back() != graph.output) probes.push_back(graph.output);
    return probes;
}

}  // namespace vitrine::methods::clamp
