// SPDX-License-Identifier: GPL-3.0-or-later
// Images by PSAQ-ViT V2's loss, in turn with a quantized network that learns on them (docs/methods.md).
#include <ATen/ATen.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "methods/psaq2_student.h"
#include "methods/synthesizers.h"
#include "quant/quantized_network.h"

namespace vitrine::methods {
namespace {

constexpr double kLessonShare = 0.3;  // of the time between two lessons

/// The quantized network, and the images in turn with it.
class Alternation {
  public:
    Alternation(MethodContext& context, const MethodState& base)
        : context_(context), base_(base), student_(context),
          synthesis_(context.network, settingsOf(context.parameters), losses(), context.random) {
        if (!context.checkpoint || !Synthesis::isIn(*context.checkpoint)) return;
        synthesis_.restore(*context.checkpoint);
        student_.restore(*context.checkpoint);
    }

    SynthesizedImages run() {
        const std::int64_t every = context_.parameters.integer("psaq2.student_every");
        const double share = std::min(1.0, static_cast<double>(every) / static_cast<double>(synthesis_.iterations()));
        context_.progress.child(share * static_cast<double>(synthesis_.iteration() / every), "Images").finish();
        while (!synthesis_.done()) {
            jobs::Progress lesson = context_.progress.child(kLessonShare * share, "Student");
            if (student_.lessons() * every <= synthesis_.iteration()) {
                save();  // who leaves within the calibration comes back to before it
                // Noise tells where the ranges of a first student lie, but there is nothing to be learnt from it.
                const auto trained = synthesis_.iteration() > 0 ? Psaq2Student::Lesson::whole : Psaq2Student::Lesson::calibration;
                student_.learn(synthesis_.images(), trained, lesson, [this] { save(); });
            }
            jobs::Progress images = context_.progress.child((1 - kLessonShare) * share, "Images");
            makeImages((synthesis_.iteration() / every + 1) * every, images);
            if (context_.control.shouldFinish()) break;
        }
        SynthesizedImages made{synthesis_.images(), {}, {}};
        if (trainsStudent(context_.parameters)) student_.save(made.learned);
        return made;
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

    void save() {
        saveSynthesis(synthesis_, context_, base_, [this](MethodState& state) { student_.save(state); });
    }

    /// With the student as it is.
    void makeImages(std::int64_t until, jobs::Progress& progress) {
        const quant::QuantizedNetwork quantized(student_.model(), context_.network.device());
        synthesis_.setQuantized({.network = &quantized.network(), .hooks = quantized.hooks()});
        MethodContext inner{.network = context_.network,
                            .parameters = context_.parameters,
                            .policy = context_.policy,
                            .data = context_.data,
                            .random = context_.random,
                            .control = context_.control,
                            .progress = progress,
                            .emit = context_.emit,
                            .saveCheckpoint = context_.saveCheckpoint,
                            .checkpoint = std::nullopt};
        runSynthesis(synthesis_, inner, base_, [this](MethodState& state) { student_.save(state); }, until);
        synthesis_.setQuantized({});
    }

    MethodContext& context_;
    const MethodState& base_;
    Psaq2Student student_;
    Synthesis synthesis_;
};

}  // namespace

SynthesizedImages synthesizePsaq2(MethodContext& context, const MethodState& base) { return Alternation(context, base).run(); }

}  // namespace vitrine::methods
