// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/manifest.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "base/json_fields.h"
#include "project/codecs/edits_json.h"
#include "project/codecs/record_json.h"
#include "project/layout.h"

namespace vitrine::project {
using nlohmann::json;
namespace {

// Format 1 is the first, so there is no step yet. A new format adds a step here and a fixture under tests/fixtures/projects.
constexpr std::array<Migration, Manifest::kFormat - 1> kMigrations{};

void requireReadable(const Fields& fields, const std::string& where) {
    if (fields.integer("format") < 1) fail(ErrorCode::badFormat, "has an impossible format number", where);
    if (fields.integer("minimum_reader") <= Manifest::kFormat) return;
    fail(ErrorCode::unsupported, "was written by a newer version of Vitrine, " + fields.text("writer"), where,
         "open it with Vitrine " + fields.text("minimum_version") + " or newer");
}

/// Adds to `written` the keys of `before` that it lacks.
void keepUnknown(const json& before, json& written) {
    for (const auto& [key, value] : before.items())
        if (!written.contains(key)) written[key] = value;
}

/// The same for entries of two lists that have one name.
void keepUnknownOfEntries(const json& before, json& written) {
    for (json& entry : written)
        for (const json& known : before)
            if (known.at("name") == entry.at("name")) keepUnknown(known, entry);
}

}  // namespace

void migrate(json& document, std::span<const Migration> steps) {
    const auto newest = static_cast<std::int64_t>(steps.size()) + 1;
    for (auto format = document.at("format").get<std::int64_t>(); format < newest; ++format) {
        steps[static_cast<std::size_t>(format) - 1](document);
        document["format"] = format + 1;
    }
}

Manifest Manifest::create(const std::string& name) {
    return Manifest(json{{"format", kFormat},
                         {"minimum_reader", kMinimumReader},
                         {"minimum_version", "0.1.0"},
                         {"writer", VITRINE_VERSION},
                         {"name", name},
                         {"notes", ""},
                         {"inputs", json::array()},
                         {"runs", json::array()}});
}

Manifest::Manifest(json document) : document_(std::move(document)) {
    const Fields fields(document_, "manifest");
    writer_ = fields.text("writer");
    edits_ = editsFrom(fields);
    for (const Fields& run : fields.objects("runs")) runs_.push_back(summaryFrom(run));
    for (const Fields& input : fields.objects("inputs")) inputs_.push_back(inputFrom(input));
}

Manifest Manifest::parse(std::string_view text, const std::string& where) {
    json document = parseJson(text, where);
    requireReadable(Fields(document, where), where);
    migrate(document, kMigrations);
    return inFile(where, [&] { return Manifest(std::move(document)); });
}

std::string Manifest::text() const {
    std::string text = dumpJson(document_, 2) + "\n";
    if (text.size() > kMaximumRecord)
        fail(ErrorCode::tooLarge, "the manifest would hold more than " + std::to_string(kMaximumRecord >> 20) + " MiB", "study.vitrine",
             "shorten the notes");
    return text;
}

bool Manifest::newerFormat() const { return document_.at("format").get<std::int64_t>() > kFormat; }

void Manifest::setEdits(const Edits& edits) {
    requireStorable(edits);
    json written = toJson(edits);
    for (const char* list : {"models", "image_sets"}) keepUnknownOfEntries(document_.value(list, json::array()), written[list]);
    const json notes = document_.value("run_notes", json::object());
    for (auto& [id, note] : written["run_notes"].items())
        if (const auto known = notes.find(id); known != notes.end()) keepUnknown(*known, note);
    keepUnknown(document_.value("draft", json::object()), written["draft"]);
    document_.update(written);
    document_["writer"] = VITRINE_VERSION;
    edits_ = edits;
}

void Manifest::list(const RunRecord& record) {
    document_["writer"] = VITRINE_VERSION;
    const RunSummary summary = summaryOf(record);
    const auto known = std::find_if(runs_.begin(), runs_.end(), [&](const RunSummary& run) { return run.id == summary.id; });
    if (known == runs_.end()) {
        document_["runs"].push_back(toJson(summary));
        runs_.push_back(summary);
    } else {
        document_["runs"][static_cast<std::size_t>(known - runs_.begin())].update(toJson(summary));
        *known = summary;
    }
    for (const InputRecord& input : record.inputs) {
        if (std::find(inputs_.begin(), inputs_.end(), input) != inputs_.end()) continue;
        document_["inputs"].push_back(toJson(input));
        inputs_.push_back(input);
    }
}

}  // namespace vitrine::project
