// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/clampvit_allocation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "methods/parts/pace.h"

namespace vitrine::methods::clamp {
namespace {

constexpr double kMegabyte = 1e6;
constexpr double kGiga = 1e9;
constexpr int kSensitivityBits = 4;  // ours: the rise of the loss from the widest to this

/// Measures every layer alone at every width below the widest, with all others at their widest.
class Sensitivity {
  public:
    Sensitivity(Layers& layers, MethodState& state, MethodContext& context, const at::Tensor& images)
        : layers_(layers), context_(context), evaluator_(makeEvaluator(widest(state), context, images)),
          loss_(fitnessLoss(context.parameters)) {
        if (context.checkpoint) measured_ = context.checkpoint->data.at("losses").get<std::vector<double>>();
        table_.columns = {{.name = "layer"}, {.name = "bits"}, {.name = "rise of the loss", .bar = true}};
    }

    LayerLosses run() {
        LayerLosses losses;
        for (std::size_t layer = 0; layer < layers_.all().size(); ++layer)
            if (layers_.all()[layer].searchesBits) losses.emplace(layers_.all()[layer].site, lossesOf(layer));
        context_.emit(artefact());
        return losses;
    }

  private:
    quant::QuantizedModel widest(MethodState& state) {
        for (std::size_t i = 0; i < layers_.all().size(); ++i)
            if (layers_.all()[i].searchesBits) put(state.model, i, layers_.maxBits());
        return state.model;
    }

    void put(quant::QuantizedModel& model, std::size_t layer, int bits) {
        model.encodings.at(layers_.idOf(layers_.all()[layer])) = layers_.first(layer, bits);
    }

    std::map<int, double> lossesOf(std::size_t layer) {
        const Individual widest{.scales = layers_.first(layer, layers_.maxBits()).scale, .bits = layers_.maxBits()};
        const double base = measured(layer, widest);
        std::map<int, double> losses{{layers_.maxBits(), 0.0}};
        for (int bits = layers_.minBits(); bits < layers_.maxBits(); ++bits) {
            const double rise = measured(layer, {.scales = layers_.first(layer, bits).scale, .bits = bits}) - base;
            losses.emplace(bits, rise);
            table_.rows.push_back({layers_.idOf(layers_.all()[layer]), std::int64_t{bits}, rise});
        }
        return losses;
    }

    /// The loss, from the checkpoint where it is known. Once the user wants to finish nothing more is measured: the error of a
    /// uniform quantizer falls by 4 with each bit.
    double measured(std::size_t layer, const Individual& individual) {
        if (next_ < measured_.size()) return measured_[next_++];
        if (context_.control.shouldFinish()) return std::pow(0.25, individual.bits);
        measured_.push_back(evaluator_.measure({{layers_.all()[layer].site, layers_.encodings(layer, individual).at(layers_.all()[layer].site)}},
                                               loss_));
        ++next_;
        const double total = static_cast<double>(layers_.all().size()) * (layers_.maxBits() - layers_.minBits() + 1);
        context_.progress.update(static_cast<double>(next_) / total, layers_.idOf(layers_.all()[layer]));
        pace_.maybe([this] { context_.emit(artefact()); });
        saving_.maybe([this] { save(); });
        context_.control.safePoint([this] { save(); });
        return measured_.back();
    }

    void save() const {
        MethodState saved;
        saved.model.graph = context_.network.sharedGraph();
        saved.data["losses"] = measured_;
        context_.saveCheckpoint(saved);
    }

    results::Artefact artefact() const {
        return {.id = "sensitivity", .title = "Rise of the loss when one layer is narrower", .payload = table_};
    }

    Layers& layers_;
    MethodContext& context_;
    CandidateEvaluator evaluator_;
    CandidateEvaluator::Loss loss_;
    std::vector<double> measured_;
    std::size_t next_ = 0;
    results::Table table_;
    Pace pace_{0.01};
    Pace saving_{0.05};
};

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
        const LayerLosses losses = Sensitivity(layers, state, context, images).run();
        const std::vector<std::size_t> sensitive = mostSensitiveThird(layers, losses);
        state.data["sensitive"] = sensitive;
        layers.setSensitive(sensitive);
        BitLimits limits = limitsFrom(context.parameters);
        const bool presses = context.parameters.text("budget.form") == "pressure";
        // Under pressure the search begins at widths that a bound of the same size would give.
        if (presses) limits.weightBits = context.parameters.real("budget.weight_bits");
        const BitBudget budget(*state.model.graph, layers.sites(), limits);
        bits = allocateBits(budget, bits, losses, [&](SiteBits& all) { layers.complete(all); });
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
    return {context.network, model, images,
            {.probes = fitnessProbes(context.network.graph(), context.parameters),
             .lossBatch = std::min(context.parameters.integer("fitness.batch"), images.size(0)),
             .chunk = 16,
             .cacheBytes = static_cast<double>(context.parameters.integer("memory.cache")) * kMegabyte},
            context.control};
}

}  // namespace vitrine::methods::clamp
