// SPDX-License-Identifier: GPL-3.0-or-later
// Images by PSAQ-ViT V2's loss, in turn with a quantized network that is calibrated on them (docs/methods.md).
#include <ATen/ATen.h>

#include <memory>
#include <utility>

#include "methods/parts/start_model.h"
#include "methods/synthesizers.h"
#include "methods/synthetic_method.h"
#include "quant/quantized_network.h"

namespace vitrine::methods {
namespace {

/// The quantized network, and the images in turn with it.
class Alternation {
  public:
    Alternation(MethodContext& context, const MethodState& base)
        : context_(context), base_(base), synthesis_(context.network, settingsOf(context.parameters), losses(), context.random) {
        if (!context.checkpoint || !Synthesis::isIn(*context.checkpoint)) return;
        synthesis_.restore(*context.checkpoint);
        student_ = context.checkpoint->model;
    }

    SynthesizedImages run() {
        const std::int64_t every = context_.parameters.integer("psaq2.student_every");
        while (!synthesis_.done()) {
            const bool due = synthesis_.iteration() % every == 0;
            if (due || student_.encodings.empty()) student_ = calibrated();
            const quant::QuantizedNetwork quantized(student_, context_.network.device());
            synthesis_.setQuantized({.network = &quantized.network(), .hooks = quantized.hooks()});
            const std::int64_t until = (synthesis_.iteration() / every + 1) * every;
            runSynthesis(synthesis_, context_, base_, withStudent(), until);
            synthesis_.setQuantized({});
            if (context_.control.shouldFinish()) break;
        }
        return {synthesis_.images(), {}};
    }

  private:
    static SynthesisSettings settingsOf(const ParameterSet& parameters) {
        SynthesisSettings settings = synthesisSettings(parameters);
        settings.method = "psaq2";
        return settings;
    }

    std::vector<WeightedLoss> losses() const {
        const graph::Graph& graph = context_.network.graph();
        const ParameterSet& p = context_.parameters;
        std::vector<WeightedLoss> terms;
        if (const double weight = p.real("psaq2.entropy_weight"); weight > 0)
            terms.push_back({patchEntropyTerm(graph, {.bandwidth = p.real("psaq2.bandwidth"), .points = p.integer("psaq2.points")}), weight});
        if (const double weight = p.real("psaq2.disagreement_weight"); weight > 0) terms.push_back({disagreementTerm(graph), weight});
        return terms;
    }

    std::function<void(MethodState&)> withStudent() const {
        return [this](MethodState& state) { if (student_.graph != nullptr) state.model = student_; };
    }

    /// Quietly: what it finds is about images on the way.
    quant::QuantizedModel calibrated() {
        // Who leaves within the calibration comes back to before it.
        saveSynthesis(synthesis_, context_, base_, withStudent());
        const ParameterSet parameters = withCalibrationCount(context_.parameters, synthesis_.images().size(0));
        const SyntheticData data(synthesis_.images().clone());
        jobs::Progress progress;
        MethodContext inner{.network = context_.network,
                            .parameters = parameters,
                            .policy = context_.policy,
                            .data = &data,
                            .random = context_.random,
                            .control = context_.control,
                            .progress = progress,
                            .emit = [](results::Artefact) {},
                            .saveCheckpoint = [](const MethodState&) {},
                            .checkpoint = std::nullopt};
        return makeStart({.model = {.graph = context_.network.sharedGraph()}}, inner).model;
    }

    MethodContext& context_;
    const MethodState& base_;
    Synthesis synthesis_;
    quant::QuantizedModel student_;
};

}  // namespace

SynthesizedImages synthesizePsaq2(MethodContext& context, const MethodState& base) { return Alternation(context, base).run(); }

}  // namespace vitrine::methods
