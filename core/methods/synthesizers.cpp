// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/synthesizers.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/start_model.h"
#include "methods/psaq.h"

namespace vitrine::methods {
namespace {

const char* const kImages = "synthesis.images";

SynthesizerInfo noiseSynthesizer() {
    return {.id = "noise", .title = "Gaussian noise", .summary = "Independent normal numbers as pixels: what every better way starts from.",
            .parameters = noiseSynthesis(), .policy = {}};
}

SynthesizerInfo psaqSynthesizer() {
    return {.id = "psaq", .title = "PSAQ-ViT",
            .summary = "Images whose patches are diverse in the network's attention, under a class and a smoothness prior.",
            .parameters = psaqSynthesis(),
            .policy = {}};
}

SynthesizerInfo psaq2Synthesizer() {
    return {.id = "psaq2", .title = "PSAQ-ViT V2",
            .summary = "Images with diverse patches on which the network and its quantized form disagree; the quantized form is trained in turn.",
            .parameters = syntheticMethodSchema(psaq2Synthesis()),
            .policy = startPolicy};
}

SynthesizerInfo clampVitSynthesizer() {
    return {.id = "clampvit", .title = "CLAMP-ViT, stage 1",
            .summary = "Images in which each patch is near to its most similar neighbours and far from the others, in the float network.",
            .parameters = clampVitSynthesis(),
            .policy = {}};
}

struct Entry {
    SynthesizerInfo (*info)();
    SynthesizedImages (*make)(MethodContext&, const MethodState&);
};
constexpr Entry kEntries[] = {{noiseSynthesizer, synthesizeNoise},
                              {psaqSynthesizer, synthesizePsaq},
                              {psaq2Synthesizer, synthesizePsaq2},
                              {clampVitSynthesizer, synthesizeClampVit}};

std::size_t indexOf(std::string_view id) {
    const std::vector<SynthesizerInfo>& all = allSynthesizers();
    const auto found = std::find_if(all.begin(), all.end(), [&](const SynthesizerInfo& info) { return info.id == id; });
    if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
    std::vector<std::string> ids;
    for (const SynthesizerInfo& info : all) ids.push_back(info.id);
    const std::string nearest = nearestName(id, ids);
    fail(ErrorCode::notFound, "no method '" + std::string(id) + "' makes images", "synthetic",
         nearest.empty() ? "take noise, psaq, psaq2 or clampvit" : "did you mean '" + nearest + "'?");
}

}  // namespace

const std::vector<SynthesizerInfo>& allSynthesizers() {
    static const std::vector<SynthesizerInfo> all = [] {
        std::vector<SynthesizerInfo> infos;
        for (const Entry& entry : kEntries) infos.push_back(entry.info());
        return infos;
    }();
    return all;
}

const SynthesizerInfo& synthesizerInfo(std::string_view id) { return allSynthesizers()[indexOf(id)]; }

SynthesizedImages synthesize(std::string_view id, MethodContext& context, const MethodState& base) {
    return kEntries[indexOf(id)].make(context, base);
}

void saveSynthesis(const Synthesis& synthesis, MethodContext& context, const MethodState& base, const std::function<void(MethodState&)>& extra) {
    MethodState state = base;
    if (state.model.graph == nullptr) state.model.graph = context.network.sharedGraph();
    synthesis.save(state);
    if (extra) extra(state);
    context.saveCheckpoint(state);
}

void runSynthesis(Synthesis& synthesis, MethodContext& context, const MethodState& base, const std::function<void(MethodState&)>& extra,
                  std::int64_t until) {
    const auto save = [&] { saveSynthesis(synthesis, context, base, extra); };
    const auto show = [&] {
        context.emit({.id = kImages, .title = "Synthetic images", .payload = synthesis.artefact(&context.control)});
    };
    synthesis.run(context.control, context.progress, save, show, until);
}

}  // namespace vitrine::methods
