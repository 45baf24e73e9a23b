// SPDX-License-Identifier: GPL-3.0-or-later
// Images by PSAQ-ViT's loss, and by that of CLAMP-ViT's first stage (docs/methods.md).
#include "methods/psaq.h"

#include <algorithm>

#include "methods/parts/common_parameters.h"
#include "methods/synthesizers.h"

namespace vitrine::methods {
namespace {

SynthesizedImages make(const char* id, std::vector<WeightedLoss> losses, MethodContext& context, const MethodState& base) {
    SynthesisSettings settings = synthesisSettings(context.parameters);
    settings.method = id;
    Synthesis synthesis(context.network, std::move(settings), std::move(losses), context.random);
    if (context.checkpoint && Synthesis::isIn(*context.checkpoint)) synthesis.restore(*context.checkpoint);
    runSynthesis(synthesis, context, base);
    return {synthesis.images(), synthesis.labels()};
}

void add(std::vector<WeightedLoss>& losses, double weight, const std::function<SynthesisLossPtr()>& term) {
    if (weight > 0) losses.push_back({term(), weight});
}

}  // namespace

SynthesizedImages synthesizePsaq(MethodContext& context, const MethodState& base) {
    const graph::Graph& graph = context.network.graph();
    const ParameterSet& p = context.parameters;
    std::vector<WeightedLoss> losses;
    add(losses, p.real("psaq.entropy_weight"),
        [&] { return patchEntropyTerm(graph, {.bandwidth = p.real("psaq.bandwidth"), .points = p.integer("psaq.points")}); });
    add(losses, p.real("psaq.class_weight"), [&] { return classTerm(graph); });
    return make("psaq", std::move(losses), context, base);
}

ParameterSchema clampVitSynthesis() {
    ParameterSchema schema;
    appendSynthesis(schema, 32);
    const auto roll = std::find_if(schema.begin(), schema.end(), [](const ParameterSpec& spec) { return spec.id == "synthesis.roll"; });
    roll->defaultValue = std::string("independent");
    roll->provenance = Provenance::ours;
    roll->reference.clear();
    schema.push_back(realParameter("contrast.weight", 1, 0, 1000, "Weight of the contrast between neighbouring patches."));
    schema.push_back(realParameter("contrast.temperature", 0.1, 0.001, 100, "Temperature of that contrast."));
    schema.push_back(from(Provenance::published, "CLAMP-ViT, ECCV 2024", integerParameter("contrast.radius", 1, 1, 8,
        "How far neighbours of a patch may lie; 1: the 8 around it.")));
    schema.push_back(from(Provenance::published, "CLAMP-ViT, ECCV 2024", integerParameter("contrast.positives", 4, 1, 64,
        "How many of the most similar neighbours attract a patch; the others repel it.")));
    schema.push_back(advanced(choiceParameter("contrast.reduction", {"sum", "supcon"}, "sum",
        "Whether positives are summed within the logarithm, or each has its own.")));
    schema.push_back(realParameter("class.weight", 1, 0, 1000, "Weight of the cross entropy with a random class for each image."));
    return schema;
}

SynthesizedImages synthesizeClampVit(MethodContext& context, const MethodState& base) {
    const graph::Graph& graph = context.network.graph();
    const ParameterSet& p = context.parameters;
    const PatchContrast contrast{
        .temperature = p.real("contrast.temperature"),
        .radius = p.integer("contrast.radius"),
        .positives = p.integer("contrast.positives"),
        .reduction = p.text("contrast.reduction") == "supcon" ? PositivesReduction::mean : PositivesReduction::sum};
    std::vector<WeightedLoss> losses;
    add(losses, p.real("contrast.weight"), [&] { return contrastiveTerm(graph, contrast, FeatureSource::floating); });
    add(losses, p.real("class.weight"), [&] { return classTerm(graph); });
    return make("clampvit", std::move(losses), context, base);
}

}  // namespace vitrine::methods
