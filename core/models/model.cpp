// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/model.h"

#include "base/error.h"
#include "base/hash.h"
#include "models/detect.h"
#include "models/families.h"
#include "models/hints.h"
#include "models/names.h"
#include "models/weights.h"

namespace vitrine::models {
namespace {

void append(std::vector<std::string>& list, const std::vector<std::string>& more) {
    list.insert(list.end(), more.begin(), more.end());
}

/// Rethrows with the file named before the tensor or key that the error is about.
[[noreturn]] void failIn(const std::string& name, Error error) {
    if (!name.empty()) error.where = error.where.empty() ? name : name + ": " + error.where;
    throw Exception(std::move(error));
}

LoadedModel build(const formats::Checkpoint& checkpoint, const ModelOverrides& hints, const std::string& name) {
    LoadedModel model;
    CanonicalTensors canonical = canonicalNames(checkpoint.tensors);
    append(model.warnings, canonical.warnings);
    Weights weights(std::move(canonical.tensors));
    const ModelPlan plan = detectPlan(weights, {.hints = hints,
                                                .name = name,
                                                .foreignLayout = !canonical.foreignLayout.empty(),
                                                .headDim = canonical.headDim});
    auto graph = std::make_shared<const graph::Graph>(plan.info.family == "swin" ? buildSwin(plan, weights)
                                                                                 : buildVit(plan, weights));
    append(model.warnings, weights.finish());
    if (plan.unknown) throw Exception(*plan.unknown);
    for (const std::string& assumption : plan.info.assumptions) model.warnings.push_back("assumed: " + assumption);
    model.graph = std::move(graph);
    return model;
}

LoadedModel buildWithHints(const formats::Checkpoint& checkpoint, const ModelOverrides& overrides,
                           const FoundHints& beside, const std::string& name) {
    const FoundHints own = hintsFromMetadata(checkpoint.metadata);
    LoadedModel model;
    try {
        model = build(checkpoint, combine(combine(overrides, own.hints), beside.hints), name);
    } catch (const Exception& exception) {
        failIn(name, exception.error());
    }
    std::vector<std::string> warnings = checkpoint.warnings;
    append(warnings, own.warnings);
    append(warnings, beside.warnings);
    append(warnings, model.warnings);
    model.warnings = std::move(warnings);
    return model;
}

}  // namespace

LoadedModel buildModel(const formats::Checkpoint& checkpoint, const ModelOverrides& overrides,
                       const std::string& name) {
    return buildWithHints(checkpoint, overrides, {}, name);
}

LoadedModel loadModel(const std::filesystem::path& path, const ModelOverrides& overrides) {
    const formats::Checkpoint checkpoint = formats::loadCheckpoint(path);
    LoadedModel model = buildWithHints(checkpoint, overrides, hintsBeside(path), path.string());
    model.source = path;
    model.hash = hashFile(path);
    return model;
}

}  // namespace vitrine::models
