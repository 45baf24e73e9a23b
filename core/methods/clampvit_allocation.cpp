// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/clampvit_allocation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "methods/clampvit_activations.h"
#include "methods/parts/output_loss.h"
#include "methods/parts/pace.h"

namespace vitrine::methods::clamp {
namespace {

constexpr double kMegabyte = 1e6;
constexpr double kGiga = 1e9;
constexpr int kSensitivityBits = 4;  // ours: the rise of the loss from the widest to this

bool looksAtLogits(const ParameterSet& parameters) { return parameters.text("sensitivity.loss") == "logits"; }

CandidateEvaluator evaluatorWith(std::vector<graph::ValueId> probes, const quant::QuantizedModel& model, MethodContext& context,
                                 const at::Tensor& images) {
    return {context.network, model, images,
            {.probes = std::move(probes),
             .lossBatch = std::min(context.parameters.integer("fitness.batch"), images.size(0)),
             .chunk = 16,
             .cacheBytes = static_cast<double>(context.parameters.integer("memory.cache")) * kMegabyte},
            context.control};
}

/// Chooses widths by what is measured, with one evaluator at a time. Every measurement is a place to stop and to go on.
class WidthChoice {
  public:
    WidthChoice(Layers& layers, MethodState& state, MethodContext& context, const at::Tensor& images)
        : layers_(layers), state_(state), context_(context), images_(images), loss_(sensitivityLoss(context.parameters)) {
        begin();
        table_.columns = {{.name = "layer"}, {.name = "bits"}, {.name = "rise of the loss", .bar = true}};
    }

    /// Fits ranges of activations behind the widest weights, so that widths are compared where they will be used.
    void fitActivations() {
        CandidateEvaluator evaluator = makeEvaluator(state_.model, context_, images_);
        PresentValues values(context_.control);
        values.reset(images_);
        const auto afterEvaluation = [this] {
            context_.progress.update(0, "ranges behind " + layers_.idOf(layers_.all()[fitted_]));
            context_.control.safePoint([this] { save(); });
            return !context_.control.shouldFinish();
        };
        for (; fitted_ < layers_.all().size() && !context_.control.shouldFinish(); ++fitted_) {
            const ActivationFit::Result fit =
                ActivationFit({layers_, evaluator, values, afterEvaluation}, context_.parameters).run(fitted_, state_.model, false);
            for (const auto& [site, range] : fit.ranges) {
                layers_.setRange(site, range);
                quant::Encoding& present = state_.model.encodings.at(layers_.sites()[site].id);
                present = withBits(range, present.bits);
            }
        }
    }

    /// The rise of the loss when a layer alone is narrower than the widest and all else is float: next to other quantizers
    /// the error of one layer is as often hidden by theirs as added to it.
    LayerLosses sensitivities() {
        CandidateEvaluator evaluator = makeSensitivityEvaluator({.graph = state_.model.graph}, context_, images_);
        LayerLosses losses;
        for (std::size_t layer = 0; layer < layers_.all().size(); ++layer)
            if (layers_.all()[layer].searchesBits) losses.emplace(layers_.all()[layer].site, lossesOf(layer, evaluator));
        context_.emit(artefact());
        return losses;
    }

    /// Whichever has the lower loss with all its widths at once; the first when both are equal.
    SiteBits better(const SiteBits& one, const SiteBits& other) {
        if (one == other || context_.control.shouldFinish()) return one;
        CandidateEvaluator evaluator = makeSensitivityEvaluator(state_.model, context_, images_);
        const double first = measured(evaluator, encodingsAt(one), "widths");
        return measured(evaluator, encodingsAt(other), "widths") < first ? other : one;
    }

  private:
    void begin() {
        for (std::size_t i = 0; i < layers_.all().size(); ++i)
            if (layers_.all()[i].searchesBits)
                state_.model.encodings.at(layers_.idOf(layers_.all()[i])) = layers_.first(i, layers_.maxBits());
        if (!context_.checkpoint) return;
        layers_.restoreRanges(*context_.checkpoint, state_.model);
        fitted_ = context_.checkpoint->data.at("fitted");
        measured_ = context_.checkpoint->data.at("losses").get<std::vector<double>>();
    }

    std::map<int, double> lossesOf(std::size_t layer, CandidateEvaluator& evaluator) {
        const std::string& id = layers_.idOf(layers_.all()[layer]);
        const double base = measuredAlone(layer, layers_.maxBits(), evaluator);
        std::map<int, double> losses{{layers_.maxBits(), 0.0}};
        for (int bits = layers_.minBits(); bits < layers_.maxBits(); ++bits) {
            const double rise = measuredAlone(layer, bits, evaluator) - base;
            losses.emplace(bits, rise);
            table_.rows.push_back({id, std::int64_t{bits}, rise});
        }
        return losses;
    }

    /// Once the user wants to finish nothing more is measured: the error of a uniform quantizer falls by 4 with each bit.
    double measuredAlone(std::size_t layer, int bits, CandidateEvaluator& evaluator) {
        if (next_ == measured_.size() && context_.control.shouldFinish()) return std::pow(0.25, bits);
        const std::size_t site = layers_.all()[layer].site;
        const Individual individual{.scales = layers_.first(layer, bits).scale, .bits = bits};
        return measured(evaluator, {{site, layers_.encodings(layer, individual).at(site)}}, layers_.idOf(layers_.all()[layer]));
    }

    /// The loss, from the checkpoint where it is known.
    double measured(CandidateEvaluator& evaluator, const SiteEncodings& candidate, const std::string& what) {
        if (next_ < measured_.size()) return measured_[next_++];
        measured_.push_back(evaluator.measure(candidate, loss_));
        ++next_;
        const double total = static_cast<double>(layers_.all().size()) * (layers_.maxBits() - layers_.minBits() + 1);
        context_.progress.update(std::min(1.0, static_cast<double>(next_) / total), what);
        pace_.maybe([this] { context_.emit(artefact()); });
        saving_.maybe([this] { save(); });
        context_.control.safePoint([this] { save(); });
        return measured_.back();
    }

    SiteEncodings encodingsAt(const SiteBits& bits) {
        SiteEncodings all;
        for (std::size_t i = 0; i < layers_.all().size(); ++i) {
            const int width = bits[layers_.all()[i].site];
            all.merge(layers_.encodings(i, {.scales = layers_.first(i, width).scale, .bits = width}));
        }
        return all;
    }

    void save() const {
        MethodState saved;
        saved.model.graph = context_.network.sharedGraph();
        saved.data["fitted"] = fitted_;
        saved.data["losses"] = measured_;
        layers_.saveRanges(saved);
        context_.saveCheckpoint(saved);
    }

    results::Artefact artefact() const {
        return {.id = "sensitivity", .title = "Rise of the loss when one layer is narrower", .payload = table_};
    }

    Layers& layers_;
    MethodState& state_;
    MethodContext& context_;
    const at::Tensor& images_;
    std::size_t fitted_ = 0;         ///< layers whose activations have their ranges
    std::vector<double> measured_;   ///< in the order in which they are asked for
    std::size_t next_ = 0;
    CandidateEvaluator::Loss loss_;
    results::Table table_;
    Pace pace_{0.01};
    Pace saving_{0.05};
};

/// The widest width that all layers can have at once; none when the limits forbid even the narrowest.
std::optional<SiteBits> uniformBits(const Layers& layers, const BitBudget& budget, SiteBits bits) {
    for (int width = layers.maxBits(); width >= layers.minBits(); --width) {
        for (const Layer& layer : layers.all())
            if (layer.searchesBits) bits[layer.site] = width;
        layers.complete(bits);
        if (budget.allows(bits)) return bits;
    }
    return std::nullopt;
}

std::vector<std::size_t> mostSensitiveThird(const Layers& layers, const LayerLosses& losses) {
    std::vector<std::pair<double, std::size_t>> order;
    for (std::size_t i = 0; i < layers.all().size(); ++i) {
        const auto found = losses.find(layers.all()[i].site);
        if (found == losses.end()) continue;
        const auto near = found->second.lower_bound(kSensitivityBits);
        if (near != found->second.end()) order.emplace_back(-near->second, i);
    }
    std::sort(order.begin(), order.end());
    order.resize(order.size() / 3);
    std::vector<std::size_t> sensitive;
    for (const auto& [loss, layer] : order) sensitive.push_back(layer);
    std::sort(sensitive.begin(), sensitive.end());
    return sensitive;
}

}  // namespace

BitLimits limitsFrom(const ParameterSet& parameters) {
    if (parameters.text("precision") != "mixed" || parameters.text("budget.form") != "bound") return {};
    return {.weightBits = parameters.real("budget.weight_bits"),
            .sizeBytes = parameters.real("budget.size") * kMegabyte,
            .bops = parameters.real("budget.bops") * kGiga};
}

void allocate(MethodState& state, MethodContext& context, const at::Tensor& images) {
    Layers layers(context, state.model);
    SiteBits bits = layers.bitsOf(state.model);
    if (layers.mixed()) {
        WidthChoice choice(layers, state, context, images);
        choice.fitActivations();
        const LayerLosses losses = choice.sensitivities();
        const std::vector<std::size_t> sensitive = mostSensitiveThird(layers, losses);
        state.data["sensitive"] = sensitive;
        layers.setSensitive(sensitive);
        BitLimits limits = limitsFrom(context.parameters);
        const bool presses = context.parameters.text("budget.form") == "pressure";
        // Under pressure the search begins at widths that a bound of the same size would give.
        if (presses) limits.weightBits = context.parameters.real("budget.weight_bits");
        const BitBudget budget(*state.model.graph, layers.sites(), limits);
        const std::optional<SiteBits> uniform = uniformBits(layers, budget, bits);
        bits = allocateBits(budget, bits, losses, [&](SiteBits& all) { layers.complete(all); });
        if (uniform) bits = choice.better(bits, *uniform);
    }
    for (std::size_t i = 0; i < layers.all().size(); ++i) {
        context.control.check();
        const int width = bits[layers.all()[i].site];
        for (auto& [site, encoding] : layers.encodings(i, {.scales = layers.first(i, width).scale, .bits = width}))
            state.model.encodings.at(layers.sites()[site].id) = std::move(encoding);
    }
}

std::vector<std::size_t> sensitiveLayers(const MethodState& state) {
    return state.data.value("sensitive", std::vector<std::size_t>{});
}

CandidateEvaluator makeEvaluator(const quant::QuantizedModel& model, MethodContext& context, const at::Tensor& images) {
    return evaluatorWith(fitnessProbes(context.network.graph(), context.parameters), model, context, images);
}

CandidateEvaluator makeSensitivityEvaluator(const quant::QuantizedModel& model, MethodContext& context, const at::Tensor& images) {
    if (!looksAtLogits(context.parameters)) return makeEvaluator(model, context, images);
    return evaluatorWith({context.network.graph().output}, model, context, images);
}

CandidateEvaluator::Loss sensitivityLoss(const ParameterSet& parameters) {
    if (!looksAtLogits(parameters)) return fitnessLoss(parameters);
    return [](const std::vector<at::Tensor>& quantized, const std::vector<at::Tensor>& floating) {
        return outputLoss(OutputLoss::mse, quantized.back().to(at::kDouble), floating.back().to(at::kDouble), 1).item<double>();
    };
}

}  // namespace vitrine::methods::clamp
