// SPDX-License-Identifier: GPL-3.0-or-later
// RepQ-ViT: channel-wise calibration behind layer norms, scale reparameterization, codes of attention in powers of sqrt 2.
#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analysis/comparison.h"
#include "analysis/site_range.h"
#include "base/error.h"
#include "engine/tensors.h"
#include "methods/builtin.h"
#include "methods/parts/calibration.h"
#include "methods/parts/channel_ranges.h"
#include "methods/parts/output_error.h"
#include "methods/parts/scale_reparameterization.h"
#include "methods/parts/site_specs.h"
#include "quant/quantizers.h"
#include "quant/range_encoding.h"
#include "quant/scale_search.h"

namespace vitrine::methods {
namespace {

using graph::Role;
using graph::Site;

constexpr float kLargestZeroPoint = 1 << 16;

enum Stage : std::size_t { kCalibrate, kReparameterize };

/// What the parameters mean for one network.
struct Setup {
    explicit Setup(const MethodContext& context)
        : network(context.network), sites(network.sites()), specs(resolveSpecs(context.policy, sites)),
          foldable(foldableSites(network.graph(), sites)), compat(context.parameters.boolean("repq.compat")),
          reparameterize(context.parameters.boolean("repq.reparameterize")),
          quantizedPrefix(compat || context.parameters.text("calibration.prefix") == "quantized"),
          byOutput(!compat && context.parameters.text("search.post_gelu") == "output_error"),
          percentiles(context.parameters.reals("search.percentiles")),
          room{.headroom = context.parameters.real("repq.headroom"), .folded = context.parameters.real("repq.folded")} {}

    /// Whether channel-wise scales behind the layer norm of a site become one. A site that a rule leaves in float, or gives
    /// another kind or granularity, stays as the rule has it.
    bool folds(std::size_t site) const {
        return reparameterize && foldable.contains(site) && specs[site] && specs[site]->kind == quant::QuantizerKind::uniform &&
               specs[site]->granularity == quant::Granularity::tensor;
    }

    /// Channel-wise where the scales are folded afterwards.
    quant::QuantizerSpec calibrationSpec(std::size_t site) const {
        quant::QuantizerSpec spec = *specs[site];
        if (folds(site)) spec.granularity = quant::Granularity::channel;
        return spec;
    }

    const engine::Network& network;
    const std::vector<Site>& sites;
    SiteSpecs specs;
    std::map<std::size_t, graph::FoldableNorm> foldable;
    bool compat, reparameterize, quantizedPrefix, byOutput;
    std::vector<double> percentiles;
    ChannelRoom room;
};

/// The weight of the one linear layer that reads a site, if that is how the site is read.
std::optional<graph::ValueId> readingWeight(const graph::Graph& graph, const Site& site) {
    if (site.operands.size() != 1 || graph.node(site.operands[0].node).op != graph::Op::linear) return std::nullopt;
    return graph.node(site.operands[0].node).inputs[1];
}

/// The search of the official code, with a range that holds 0 wherever one without extent would need a zero point beyond
/// single precision (a channel that never changes).
quant::Encoding search(const at::Tensor& x, const quant::QuantizerSpec& spec, std::int64_t axis,
                       const std::vector<double>& percentiles) {
    quant::Encoding encoding = quant::searchPercentiles(x, spec, axis, percentiles);
    for (std::size_t i = 0; i < encoding.zeroPoint.size(); ++i) {
        if (std::abs(encoding.zeroPoint[i]) < kLargestZeroPoint) continue;
        const auto value = static_cast<float>(quant::interval(encoding, i).low);
        const quant::Ranges range{{std::min(value, 0.0F)}, {std::max(value, 0.0F)}};
        quant::QuantizerSpec one = spec;
        one.granularity = quant::Granularity::tensor;
        const quant::Encoding widened = quant::encodeRanges(one, 0, range);
        encoding.scale[i] = widened.scale[0];
        encoding.zeroPoint[i] = widened.zeroPoint[0];
    }
    return encoding;
}

quant::Encoding weightEncoding(const Setup& setup, std::size_t site, const at::Tensor& weight) {
    return search(weight, *setup.specs[site], scaleAxis(setup.sites[site], *setup.specs[site]), setup.percentiles);
}

/// The first stage: every activation quantizer, block by block.
class Calibration {
  public:
    Calibration(const Setup& setup, MethodState& state, MethodContext& context)
        : setup_(setup), state_(state), context_(context),
          network_(setup.network.sharedGraph(), setup.network.device()),
          walk_(network_, setup.specs, context.data->images(0, calibrationCount(context)), context.control) {}

    /// Afterwards every site has its quantizer, channel-wise behind layer norms: a whole model, whatever comes next.
    void run() {
        const std::size_t blocks = network_.graph().blocks.size();
        const std::size_t done = state_.data.value("blocks", std::size_t{0});
        while (!walk_.atEnd()) {
            const bool known = walk_.next() < done;
            fraction_ = static_cast<double>(walk_.next()) / static_cast<double>(blocks);
            if (!known) calibrateWeights();
            if (setup_.quantizedPrefix) installWeights();
            walk_.step([&](std::size_t site, at::Tensor value, bool mayOverwrite) {
                if (!known) calibrate(site, value);
                record(site, value);
                return passOn(site, std::move(value), mayOverwrite);
            });
            if (known)
                emitIntervals();
            else
                endBlock();
        }
        state_.data.erase("blocks");
    }

  private:
    void forWeightsOfBlock(const std::function<void(std::size_t site)>& action) const {
        for (std::size_t i = 0; i < setup_.sites.size(); ++i)
            if (setup_.sites[i].isWeight() && setup_.sites[i].block == walk_.next() && setup_.specs[i]) action(i);
    }

    void calibrateWeights() {
        forWeightsOfBlock([&](std::size_t site) {
            context_.control.check();
            const at::Tensor weight = setup_.network.parameter(setup_.sites[site].value);
            state_.model.encodings[setup_.sites[site].id] = weightEncoding(setup_, site, weight);
        });
    }

    /// Quantizers of the next block shall see quantized layers before them.
    void installWeights() {
        forWeightsOfBlock([&](std::size_t site) {
            const graph::ValueId value = setup_.sites[site].value;
            const quant::Encoding& encoding = state_.model.encodings.at(setup_.sites[site].id);
            network_.setParameter(value, quant::fakeQuantize(setup_.network.parameter(value), encoding));
        });
    }

    void calibrate(std::size_t site, const at::Tensor& value) {
        context_.progress.update(fraction_, setup_.sites[site].id);
        state_.model.encodings[setup_.sites[site].id] = encodingFor(site, value);
    }

    void record(std::size_t site, const at::Tensor& value) {
        analysis::SiteRange range;
        const quant::Encoding& encoding = state_.model.encodings.at(setup_.sites[site].id);
        range.add(value, &encoding);
        intervals_.rows.push_back(range.row(setup_.sites[site], &encoding));
        // One image tells enough, at a small part of what the search costs.
        const at::Tensor image = value.narrow(0, 0, 1);
        analysis::Comparison comparison;
        comparison.add(image, quant::fakeQuantize(image, encoding));
        sqnr_.x.push_back(static_cast<double>(sqnr_.x.size() + 1));
        sqnr_.y.push_back(comparison.sqnrDb());
    }

    quant::Encoding encodingFor(std::size_t index, const at::Tensor& value) const {
        const Site& site = setup_.sites[index];
        const quant::QuantizerSpec spec = setup_.calibrationSpec(index);
        const std::int64_t axis = scaleAxis(site, spec);
        if (context_.control.shouldFinish()) return search(value, spec, axis, {1.0});
        const auto weight = readingWeight(network_.graph(), site);
        const bool plain = spec.kind == quant::QuantizerKind::uniform && spec.granularity == quant::Granularity::tensor;
        if (setup_.byOutput && site.role == Role::postGelu && weight && plain)
            return searchByOutputError(value, setup_.network.parameter(*weight), spec, [this] { context_.control.check(); });
        return search(value, spec, axis, setup_.percentiles);
    }

    at::Tensor passOn(std::size_t index, at::Tensor value, bool mayOverwrite) const {
        if (!setup_.quantizedPrefix) return value;
        const quant::Encoding& encoding = state_.model.encodings.at(setup_.sites[index].id);
        if (!mayOverwrite) return quant::fakeQuantize(value, encoding);
        quant::fakeQuantizeInPlace(value, encoding);
        return value;
    }

    void endBlock() {
        state_.data["blocks"] = walk_.next();
        emitIntervals();
        context_.saveCheckpoint(state_);
        context_.control.safePoint([this] { context_.saveCheckpoint(state_); });
    }

    void emitIntervals() const {
        context_.emit({.id = "calibration.intervals", .title = "Ranges at calibration", .payload = intervals_});
        context_.emit({.id = "calibration.sqnr", .title = "Error of each quantizer at calibration, on the first image", .payload = sqnr_});
    }

    const Setup& setup_;
    MethodState& state_;
    MethodContext& context_;
    engine::Network network_;
    BlockWalk walk_;
    double fraction_ = 0;
    results::Intervals intervals_;
    results::Trace sqnr_{.name = "calibration.sqnr", .xLabel = "activation site", .yLabel = "SQNR (dB)"};
};

/// The second stage: one scale for all channels behind each layer norm.
void reparameterizeAll(const Setup& setup, MethodState& state, MethodContext& context) {
    const auto rule = setup.compat ? SharedZeroPoint::fractional : SharedZeroPoint::rounded;
    results::Table table{.columns = {{.name = "site"}, {.name = "shared scale"}, {.name = "zero point"},
                                     {.name = "largest / smallest scale", .bar = true}}};
    TensorMap replacements;
    std::size_t done = 0;
    for (const auto& [index, norm] : setup.foldable) {
        context.control.check();
        const std::string& id = setup.sites[index].id;
        const auto found = state.model.encodings.find(id);
        if (!setup.folds(index) || found == state.model.encodings.end()) continue;
        found->second = withRoom(found->second, setup.room);
        const auto [smallest, largest] = std::minmax_element(found->second.scale.begin(), found->second.scale.end());
        const double ratio = static_cast<double>(*largest) / *smallest;
        Reparameterization result = reparameterizeScales(setup.network.graph(), norm, found->second, rule);
        table.rows.push_back({id, static_cast<double>(result.encoding.scale[0]),
                              static_cast<double>(result.encoding.zeroPoint[0]), ratio});
        found->second = std::move(result.encoding);
        replacements.merge(result.parameters);
        context.progress.update(static_cast<double>(++done) / (2.0 * static_cast<double>(setup.foldable.size())), id);
        context.emit({.id = "reparameterization", .title = "Scales folded into layer norms", .payload = table});
    }
    state.model.graph = quant::withParameters(setup.network.graph(), replacements);
    for (const auto& [id, data] : replacements) state.model.rewritten.push_back(id);
    context.emit({.id = "reparameterization", .title = "Scales folded into layer norms", .payload = std::move(table)});
}

/// Rewritten weights need new quantizers.
void requantizeRewritten(const Setup& setup, MethodState& state, MethodContext& context) {
    const std::vector<std::string>& rewritten = state.model.rewritten;
    for (std::size_t i = 0; i < setup.sites.size(); ++i) {
        const Site& site = setup.sites[i];
        const bool changed = std::find(rewritten.begin(), rewritten.end(), site.id) != rewritten.end();
        if (!site.isWeight() || !setup.specs[i] || !changed) continue;
        context.control.check();
        context.progress.update(0.5 + 0.5 * static_cast<double>(i) / static_cast<double>(setup.sites.size()), site.id);
        const at::Tensor weight = engine::toTorch(state.model.graph->value(site.value).data);
        state.model.encodings[site.id] = weightEncoding(setup, i, weight);
    }
}

class Repq final : public Method {
  public:
    const MethodInfo& info() const override { return methodInfo("repq"); }

    MethodState run(std::size_t stage, MethodState state, MethodContext& context) const override {
        const at::NoGradGuard noGradient;
        const Setup setup(context);
        switch (stage) {
            case kCalibrate:
                if (context.checkpoint) state = *context.checkpoint;
                state.model.graph = context.network.sharedGraph();
                Calibration(setup, state, context).run();
                break;
            case kReparameterize:
                if (!setup.reparameterize) break;
                reparameterizeAll(setup, state, context);
                requantizeRewritten(setup, state, context);
                break;
            default: fail(ErrorCode::internal, "RepQ-ViT has no stage " + std::to_string(stage));
        }
        context.progress.finish();
        return state;
    }
};

}  // namespace

const Method& repq() {
    static const Repq method;
    return method;
}

}  // namespace vitrine::methods
