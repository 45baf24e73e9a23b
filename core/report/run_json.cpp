// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/run_json.h"

#include <nlohmann/json.hpp>

#include "report/json.h"
#include "report/tables.h"

namespace vitrine::report {
namespace {

using nlohmann::json;

json valueJson(const ParameterValue& value) {
    return std::visit([](const auto& held) { return json(held); }, value);
}

json parametersJson(const std::vector<project::ParameterRecord>& parameters) {
    json object = json::object();
    for (const project::ParameterRecord& parameter : parameters) object[parameter.id] = valueJson(parameter.value);
    return object;
}

void putFigures(json& object, const project::RunFigures& figures) {
    const auto put = [&](const char* key, const auto& value) {
        if (value) object[key] = *value;
    };
    put("float_top1", figures.floatTop1);
    put("top1", figures.top1);
    put("top5", figures.top5);
    put("count", figures.count);
    put("average_weight_bits", figures.averageWeightBits);
    put("average_activation_bits", figures.averageActivationBits);
    put("size_bytes", figures.sizeBytes);
    put("bops", figures.bops);
}

json inputsJson(const std::vector<project::InputRecord>& inputs) {
    json list = json::array();
    for (const project::InputRecord& input : inputs)
        list.push_back({{"role", input.role},
                        {"path", input.path.relative},
                        {"absolute_path", input.path.absolute},
                        {"images", input.images},
                        {"size", input.size},
                        {"hash", input.hash},
                        {"content_hash", input.contentHash}});
    return list;
}

json costJson(const results::Scope& scope) {
    return {{"size_bytes", scope.sizeBytes},
            {"encoding_bytes", scope.encodingBytes},
            {"float_bytes", scope.floatBytes},
            {"bops", scope.bops},
            {"float_bops", scope.floatBops},
            {"average_weight_bits", scope.averageWeightBits},
            {"average_activation_bits", scope.averageActivationBits}};
}

}  // namespace

json accuracyToJson(const results::Accuracy& accuracy) {
    json object = {{"top1", accuracy.top1},       {"top5", accuracy.top5},   {"count", accuracy.count},
                   {"seconds", accuracy.seconds}, {"low", accuracy.top1Low}, {"high", accuracy.top1High}};
    if (accuracy.fidelity) object["fidelity"] = *accuracy.fidelity;
    if (accuracy.divergence) object["divergence"] = *accuracy.divergence;
    return object;
}

json summaryToJson(const project::RunSummary& summary) {
    json object = {{"id", summary.id},           {"state", project::runStateName(summary.state)},
                   {"method", summary.method},   {"title", summary.methodTitle},
                   {"started", summary.started}, {"seconds", summary.seconds}};
    putFigures(object, summary.figures);
    return object;
}

void addNote(json& run, const project::RunNote& note) {
    if (!note.name.empty()) run["name"] = note.name;
    if (!note.note.empty()) run["note"] = note.note;
    if (note.pinned) run["pinned"] = true;
}

json runToJson(const RunContent& run) {
    const project::RunRecord& record = run.record;
    json object = summaryToJson(project::summaryOf(record));
    object["ended"] = record.ended;
    object["parameters"] = parametersJson(record.parameters);
    object["changed"] = json::array();
    for (const project::ParameterRecord& parameter : record.parameters)
        if (!parameter.isDefault) object["changed"].push_back(parameter.id);
    object["model_overrides"] = parametersJson(record.modelOverrides);
    object["seed"] = record.seed;
    object["device"] = record.device;
    object["threads"] = record.threads;
    object["batch"] = record.batch;
    object["family"] = record.family;
    object["architecture"] = record.architecture;
    object["versions"] = record.versions;
    object["inputs"] = inputsJson(record.inputs);
    object["peak_memory_bytes"] = record.peakMemoryBytes;
    object["stages"] = json::array();
    for (const project::StageRecord& stage : record.stages)
        object["stages"].push_back({{"id", stage.id}, {"title", stage.title}, {"seconds", stage.seconds}});
    object["assumptions"] = record.assumptions;
    object["warnings"] = record.warnings;
    if (record.error)
        object["error"] = {{"code", errorCodeName(record.error->code)},
                           {"what", record.error->what},
                           {"where", record.error->where},
                           {"remedy", record.error->remedy}};
    for (const char* subject : {"float", "quantized"})
        if (const auto* accuracy = run.accuracy(subject)) object[subject] = accuracyToJson(*accuracy);
    if (const auto* scope = run.scope()) {
        object["scope"] = rowsToJson(scopeTable(*scope));
        object["cost"] = costJson(*scope);
    }
    object["layers"] = rowsToJson(layerTable(run));
    return object;
}

json exportToJson(const RunContent& run) {
    json object = runToJson(run);
    object["artefacts"] = json::array();
    for (const auto& artefact : run.artefacts)
        object["artefacts"].push_back({{"id", artefact->id},
                                       {"title", artefact->title},
                                       {"kind", results::payloadKind(artefact->payload)},
                                       {"rows", rowsToJson(artefactTable(*artefact))}});
    for (const char* subject : {"float", "quantized"})
        if (const auto* accuracy = run.accuracy(subject))
            object[subject]["predictions"] = rowsToJson(predictionTable(*accuracy));
    return object;
}

}  // namespace vitrine::report
