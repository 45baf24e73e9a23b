// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/codecs/record_json.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/json_fields.h"

namespace vitrine::project {
using nlohmann::json;
namespace {

constexpr std::int64_t kFormat = 1;

template <typename T, typename Write>
json listJson(const std::vector<T>& items, Write write) {
    json list = json::array();
    for (const T& item : items) list.push_back(write(item));
    return list;
}

RunState stateFrom(const Fields& fields) {
    const std::string name = fields.text("state");
    if (const auto state = runStateFromName(name)) return *state;
    fail(ErrorCode::badFormat, "\"" + name + "\" is no state of a run", fields.nameOf("state"));
}

json valueJson(const ParameterValue& value) {
    return std::visit([](const auto& held) -> json { return held; }, value);
}

ParameterValue valueFrom(const Fields& fields) {
    const json& value = fields.at("value");
    if (value.is_boolean()) return value.get<bool>();
    if (value.is_string()) return value.get<std::string>();
    if (value.is_array()) return fields.numbers("value");
    if (value.is_number_float()) return value.get<double>();
    return fields.integer("value");
}

json parameterJson(const ParameterRecord& parameter) {
    return {{"id", parameter.id},
            {"value", valueJson(parameter.value)},
            {"provenance", parameter.provenance},
            {"unit", parameter.unit},
            {"default", parameter.isDefault}};
}

std::vector<ParameterRecord> parametersFrom(const std::vector<Fields>& list) {
    std::vector<ParameterRecord> parameters;
    for (const Fields& item : list)
        parameters.push_back({.id = item.text("id"),
                              .value = valueFrom(item),
                              .provenance = item.text("provenance"),
                              .unit = item.text("unit"),
                              .isDefault = item.boolean("default")});
    return parameters;
}

json figuresJson(const RunFigures& figures) {
    json object = json::object();
    const auto add = [&object](const char* key, const std::optional<double>& value) {
        if (value) object[key] = numberJson(*value);
    };
    add("float_top1", figures.floatTop1);
    add("top1", figures.top1);
    add("top5", figures.top5);
    if (figures.count) object["count"] = *figures.count;
    add("average_weight_bits", figures.averageWeightBits);
    add("average_activation_bits", figures.averageActivationBits);
    add("size_bytes", figures.sizeBytes);
    add("bops", figures.bops);
    return object;
}

RunFigures figuresFrom(const Fields& fields) {
    return {.floatTop1 = fields.optionalNumber("float_top1"),
            .top1 = fields.optionalNumber("top1"),
            .top5 = fields.optionalNumber("top5"),
            .count = fields.optionalInteger("count"),
            .averageWeightBits = fields.optionalNumber("average_weight_bits"),
            .averageActivationBits = fields.optionalNumber("average_activation_bits"),
            .sizeBytes = fields.optionalNumber("size_bytes"),
            .bops = fields.optionalNumber("bops")};
}

json errorJson(const Error& error) {
    return {{"code", errorCodeName(error.code)}, {"what", error.what}, {"where", error.where}, {"remedy", error.remedy}};
}

ErrorCode errorCodeFrom(const std::string& name) {
    for (int code = 0; code <= static_cast<int>(ErrorCode::internal); ++code)
        if (errorCodeName(static_cast<ErrorCode>(code)) == name) return static_cast<ErrorCode>(code);
    return ErrorCode::internal;
}

Error errorFrom(const Fields& fields) {
    return {errorCodeFrom(fields.text("code")), fields.text("what"), fields.text("where"), fields.text("remedy")};
}

std::map<std::string, std::string> versionsFrom(const json& object, const std::string& where) {
    if (!object.is_object()) fail(ErrorCode::badFormat, "must be an object", where);
    std::map<std::string, std::string> versions;
    for (const auto& [name, version] : object.items()) versions[name] = textFrom(version, where + "." + name);
    return versions;
}

int threadsFrom(const Fields& fields) {
    const std::int64_t threads = fields.integer("threads");
    if (threads < 0 || threads > std::numeric_limits<int>::max())
        fail(ErrorCode::badFormat, "must be a number of threads", fields.nameOf("threads"));
    return static_cast<int>(threads);
}

void readLists(const Fields& fields, RunRecord& record) {
    record.parameters = parametersFrom(fields.objects("parameters"));
    record.modelOverrides = parametersFrom(fields.objects("model_overrides"));
    for (const Fields& input : fields.objects("inputs")) record.inputs.push_back(inputFrom(input));
    for (const Fields& stage : fields.objects("stages"))
        record.stages.push_back({stage.text("id"), stage.text("title"), stage.number("seconds")});
    for (const Fields& artefact : fields.objects("artefacts"))
        record.artefacts.push_back(
            {artefact.text("id"), artefact.text("kind"), artefact.text("title"), artefact.text("file")});
    for (const Fields& file : fields.objects("files"))
        record.files.push_back({file.text("file"), file.natural("size"), file.text("hash")});
    record.assumptions = fields.texts("assumptions");
    record.warnings = fields.texts("warnings");
}

void writeLists(const RunRecord& record, json& object) {
    object["parameters"] = listJson(record.parameters, parameterJson);
    object["model_overrides"] = listJson(record.modelOverrides, parameterJson);
    object["inputs"] = listJson(record.inputs, [](const InputRecord& input) { return toJson(input); });
    object["stages"] = listJson(record.stages, [](const StageRecord& stage) -> json {
        return {{"id", stage.id}, {"title", stage.title}, {"seconds", stage.seconds}};
    });
    object["artefacts"] = listJson(record.artefacts, [](const ArtefactRecord& artefact) -> json {
        return {{"id", artefact.id}, {"kind", artefact.kind}, {"title", artefact.title}, {"file", artefact.file}};
    });
    object["files"] = listJson(record.files, [](const FileRecord& file) -> json {
        return {{"file", file.file}, {"size", file.size}, {"hash", file.hash}};
    });
    object["assumptions"] = record.assumptions;
    object["warnings"] = record.warnings;
}

}  // namespace

json toJson(const RunRecord& record) {
    json object = {{"format", kFormat},
                   {"id", record.id},
                   {"state", runStateName(record.state)},
                   {"method", record.method},
                   {"method_title", record.methodTitle},
                   {"seed", record.seed},
                   {"device", record.device},
                   {"threads", record.threads},
                   {"batch", record.batch},
                   {"family", record.family},
                   {"architecture", record.architecture},
                   {"versions", record.versions},
                   {"started", record.started},
                   {"ended", record.ended},
                   {"seconds", record.seconds},
                   {"peak_memory_bytes", record.peakMemoryBytes},
                   {"figures", figuresJson(record.figures)}};
    writeLists(record, object);
    if (record.synthetic)
        object["synthetic"] = {{"method", record.synthetic->method}, {"parameters", listJson(record.synthetic->parameters, parameterJson)}};
    if (!record.rules.empty()) object["rules"] = quant::toJson(quant::Policy{record.rules}).at("rules");
    if (record.error) object["error"] = errorJson(*record.error);
    return object;
}

RunRecord recordFromJson(const json& document) {
    const Fields fields(document, "run");
    if (fields.integer("format") > kFormat)
        fail(ErrorCode::unsupported, "was written by a newer version of Vitrine", "run", "open it with that version");
    RunRecord record{.id = fields.text("id"),
                     .state = stateFrom(fields),
                     .method = fields.text("method"),
                     .methodTitle = fields.text("method_title"),
                     .seed = fields.natural("seed"),
                     .device = fields.text("device"),
                     .threads = threadsFrom(fields),
                     .batch = fields.integer("batch"),
                     .family = fields.text("family"),
                     .architecture = fields.text("architecture"),
                     .versions = versionsFrom(fields.at("versions"), fields.nameOf("versions")),
                     .started = fields.text("started"),
                     .ended = fields.text("ended"),
                     .seconds = fields.number("seconds"),
                     .peakMemoryBytes = fields.integer("peak_memory_bytes"),
                     .figures = figuresFrom(fields.object("figures"))};
    readLists(fields, record);
    if (fields.has("synthetic")) {
        const Fields synthetic = fields.object("synthetic");
        record.synthetic = SyntheticRecord{synthetic.text("method"), parametersFrom(synthetic.objects("parameters"))};
    }
    if (fields.has("rules")) record.rules = quant::policyFromJson({{"rules", fields.at("rules")}}).rules;
    if (fields.has("error")) record.error = errorFrom(fields.object("error"));
    return record;
}

json toJson(const RunSummary& summary) {
    return {{"id", summary.id},
            {"state", runStateName(summary.state)},
            {"method", summary.method},
            {"method_title", summary.methodTitle},
            {"started", summary.started},
            {"seconds", summary.seconds},
            {"figures", figuresJson(summary.figures)}};
}

RunSummary summaryFrom(const Fields& fields) {
    return {.id = fields.text("id"),
            .state = stateFrom(fields),
            .method = fields.text("method"),
            .methodTitle = fields.text("method_title"),
            .started = fields.text("started"),
            .seconds = fields.number("seconds"),
            .figures = figuresFrom(fields.object("figures"))};
}

json toJson(const StoredPath& path) { return {{"relative", path.relative}, {"absolute", path.absolute}}; }

StoredPath pathFrom(const Fields& fields) { return {fields.text("relative"), fields.text("absolute")}; }

json toJson(const InputRecord& input) {
    return {{"role", input.role},
            {"path", toJson(input.path)},
            {"root", toJson(input.root)},
            {"rows", input.rows},
            {"size", input.size},
            {"hash", input.hash},
            {"content_hash", input.contentHash},
            {"images", input.images}};
}

InputRecord inputFrom(const Fields& fields) {
    return {.role = fields.text("role"),
            .path = pathFrom(fields.object("path")),
            .root = pathFrom(fields.object("root")),
            .rows = fields.integers("rows"),
            .size = fields.natural("size"),
            .hash = fields.text("hash"),
            .contentHash = fields.text("content_hash"),
            .images = fields.integer("images")};
}

}  // namespace vitrine::project
