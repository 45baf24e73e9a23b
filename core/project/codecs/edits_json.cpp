// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/codecs/edits_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.h"
#include "base/json_fields.h"
#include "project/codecs/record_json.h"

namespace vitrine::project {
using nlohmann::json;
namespace {

const json& objectAt(const Fields& fields, const char* key) {
    const json& object = fields.at(key);
    if (!object.is_object()) fail(ErrorCode::badFormat, "must be an object", fields.nameOf(key));
    return object;
}

std::map<std::string, std::string> textsFrom(const Fields& fields, const char* key) {
    std::map<std::string, std::string> texts;
    for (const auto& [id, value] : objectAt(fields, key).items())
        texts[id] = textFrom(value, fields.nameOf(key) + "." + id);
    return texts;
}

template <typename Enum>
Enum named(const Fields& fields, const char* key, std::optional<Enum> (*fromName)(std::string_view)) {
    const std::string name = fields.text(key);
    if (const auto value = fromName(name)) return *value;
    fail(ErrorCode::badFormat, "\"" + name.substr(0, 40) + "\" is not known", fields.nameOf(key));
}

json modelJson(const ModelEntry& model) {
    return {{"name", model.name}, {"path", toJson(model.path)}, {"overrides", model.overrides}};
}

ModelEntry modelFrom(const Fields& fields) {
    return {.name = fields.text("name"),
            .path = pathFrom(fields.object("path")),
            .overrides = textsFrom(fields, "overrides")};
}

json imageSetJson(const ImageSetEntry& set) {
    return {{"name", set.name},         {"role", imageRoleName(set.role)},
            {"path", toJson(set.path)}, {"root", toJson(set.root)},
            {"rows", set.rows},         {"images", set.images}};
}

ImageSetEntry imageSetFrom(const Fields& fields) {
    return {.name = fields.text("name"),
            .role = named(fields, "role", imageRoleFromName),
            .path = pathFrom(fields.object("path")),
            .root = pathFrom(fields.object("root")),
            .rows = fields.text("rows"),
            .images = fields.integer("images")};
}

json noteJson(const RunNote& note) {
    return {{"name", note.name}, {"note", note.note}, {"colour", note.colour}, {"pinned", note.pinned}};
}

RunNote noteFrom(const Fields& fields) {
    return {.name = fields.text("name"),
            .note = fields.text("note"),
            .colour = fields.text("colour"),
            .pinned = fields.boolean("pinned")};
}

// A draft may hold what no run accepts yet, such as a pattern that is half typed or bits that its kind lacks. So its
// rules are not read by the codec of policies, which refuses those.
std::optional<quant::QuantizerSpec> quantizerFrom(const Fields& rule) {
    if (rule.at("quantizer").is_null()) return std::nullopt;
    const Fields fields = rule.object("quantizer");
    const std::int64_t bits = fields.integer("bits");
    if (!std::in_range<int>(bits)) fail(ErrorCode::badFormat, "must be a number of bits", fields.nameOf("bits"));
    return quant::QuantizerSpec{.kind = named(fields, "kind", quant::quantizerKindFromName),
                                .bits = static_cast<int>(bits),
                                .symmetric = fields.boolean("symmetric"),
                                .rounding = named(fields, "rounding", quant::roundingFromName),
                                .granularity = named(fields, "granularity", quant::granularityFromName)};
}

std::vector<quant::PolicyRule> rulesFrom(const Fields& draft) {
    std::vector<quant::PolicyRule> rules;
    for (const Fields& item : draft.objects("rules")) rules.push_back({item.text("match"), quantizerFrom(item)});
    return rules;
}

json draftJson(const RunDraft& draft) {
    return {{"model", draft.model},
            {"calibration", draft.calibration},
            {"evaluation", draft.evaluation},
            {"method", draft.method},
            {"parameters", draft.parameters},
            {"rules", quant::toJson(quant::Policy{draft.rules}).at("rules")},
            {"seed", draft.seed},
            {"device", draft.device},
            {"batch", draft.batch}};
}

RunDraft draftFrom(const Fields& fields) {
    return {.model = fields.text("model"),
            .calibration = fields.text("calibration"),
            .evaluation = fields.text("evaluation"),
            .method = fields.text("method"),
            .parameters = textsFrom(fields, "parameters"),
            .rules = rulesFrom(fields),
            .seed = fields.natural("seed"),
            .device = fields.text("device"),
            .batch = fields.integer("batch")};
}

}  // namespace

json toJson(const Edits& edits) {
    json object = {{"name", edits.name},          {"notes", edits.notes},        {"models", json::array()},
                   {"image_sets", json::array()}, {"run_notes", json::object()}, {"draft", draftJson(edits.draft)}};
    for (const ModelEntry& model : edits.models) object["models"].push_back(modelJson(model));
    for (const ImageSetEntry& set : edits.imageSets) object["image_sets"].push_back(imageSetJson(set));
    for (const auto& [id, note] : edits.runs) object["run_notes"][id] = noteJson(note);
    return object;
}

Edits editsFrom(const Fields& fields) {
    Edits edits{.name = fields.text("name"), .notes = fields.text("notes")};
    if (fields.has("models"))
        for (const Fields& model : fields.objects("models")) edits.models.push_back(modelFrom(model));
    if (fields.has("image_sets"))
        for (const Fields& set : fields.objects("image_sets")) edits.imageSets.push_back(imageSetFrom(set));
    if (fields.has("run_notes"))
        for (const auto& [id, note] : objectAt(fields, "run_notes").items())
            edits.runs[id] = noteFrom(Fields(note, fields.nameOf("run_notes") + "." + id));
    if (fields.has("draft")) edits.draft = draftFrom(fields.object("draft"));
    return edits;
}

}  // namespace vitrine::project
