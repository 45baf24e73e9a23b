// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/manifest.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.h"
#include "project/codecs/json_fields.h"
#include "project/codecs/record_json.h"

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
    fields.text("name");
    fields.text("notes");
    for (const Fields& run : fields.objects("runs")) runs_.push_back(summaryFrom(run));
    for (const Fields& input : fields.objects("inputs")) inputs_.push_back(inputFrom(input));
}

Manifest Manifest::parse(std::string_view text, const std::string& where) {
    json document = parseJson(text, where);
    requireReadable(Fields(document, where), where);
    migrate(document, kMigrations);
    return inFile(where, [&] { return Manifest(std::move(document)); });
}

std::string Manifest::text() const { return dumpJson(document_, 2) + "\n"; }
std::string Manifest::name() const { return document_.at("name").get<std::string>(); }
std::string Manifest::notes() const { return document_.at("notes").get<std::string>(); }
bool Manifest::newerFormat() const { return document_.at("format").get<std::int64_t>() > kFormat; }

void Manifest::setNotes(const std::string& notes) {
    document_["notes"] = notes;
    document_["writer"] = VITRINE_VERSION;
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
