// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/clampvit_images.h"

#include <vector>

#include "methods/parts/calibration.h"
#include "methods/parts/synthesis_losses.h"
#include "quant/quantized_network.h"

namespace vitrine::methods::clamp {
namespace {

PatchContrast contrastFrom(const ParameterSet& parameters) {
    return {.temperature = parameters.real("contrast.temperature"),
            .radius = parameters.integer("contrast.radius"),
            .positives = parameters.integer("contrast.positives"),
            .reduction = parameters.text("contrast.reduction") == "supcon" ? PositivesReduction::mean : PositivesReduction::sum};
}

std::vector<WeightedLoss> losses(const graph::Graph& graph, const ParameterSet& parameters, FeatureSource source) {
    std::vector<WeightedLoss> losses;
    if (const double weight = parameters.real("contrast.weight"); weight > 0)
        losses.push_back({contrastiveTerm(graph, contrastFrom(parameters), source), weight});
    if (const double weight = parameters.real("class.weight"); weight > 0) losses.push_back({classTerm(graph), weight});
    return losses;
}

}  // namespace

Images::Images(MethodContext& context, const MethodState& state) : context_(context) {
    if (context.parameters.text("images") == "given") {
        given_ = context.data == nullptr ? at::Tensor() : context.data->images(0, calibrationCount(context));
        if (!given_.defined()) calibrationCount(context);  // says what is missing
        return;
    }
    synthesis_ = std::make_unique<Synthesis>(context.network, synthesisSettings(context.parameters),
                                             losses(context.network.graph(), context.parameters, FeatureSource::floating), context.random);
    if (Synthesis::isIn(state)) synthesis_->restore(state);
}

const at::Tensor& Images::present() const { return synthesis_ ? synthesis_->images() : given_; }

void Images::show() const {
    context_.emit({.id = "synthesis.images", .title = "Synthetic images", .payload = synthesis_->artefact(&context_.control)});
}

void Images::make(jobs::Progress& progress, const std::function<void()>& save) {
    if (synthesis_) synthesis_->run(context_.control, progress, save, [this] { show(); });
}

void Images::beginRefresh() { synthesis_->restart(context_.parameters.integer("refresh.iterations"), 1); }

void Images::refresh(const quant::QuantizedModel& model, const std::function<void()>& save) {
    const quant::QuantizedNetwork quantized(model, context_.network.device());
    const FeatureSource source = featureSourceFromName(context_.parameters.text("refresh.features"));
    synthesis_->setQuantized({.network = &quantized.network(), .hooks = quantized.hooks()});
    synthesis_->setLosses(losses(context_.network.graph(), context_.parameters, source));
    jobs::Progress unseen;  // the search tells where it is
    synthesis_->run(context_.control, unseen, save, [this] { show(); });
    // Nothing of the quantized network may be looked at once it has gone.
    synthesis_->setLosses(losses(context_.network.graph(), context_.parameters, FeatureSource::floating));
    synthesis_->setQuantized({});
}

void Images::save(MethodState& state) const {
    if (synthesis_) synthesis_->save(state);
}

}  // namespace vitrine::methods::clamp
