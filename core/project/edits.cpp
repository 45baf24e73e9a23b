// SPDX-License-Identifier: GPL-3.0-or-later
#include "project/edits.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/error.h"
#include "project/layout.h"

namespace vitrine::project {
namespace {

void requireShort(const std::string& text, const std::string& what, std::size_t most = kMaximumText) {
    if (text.size() <= most) return;
    fail(ErrorCode::tooLarge, "is longer than " + std::to_string(most >> 10) + " KiB", what,
         "shorten it, or keep it in a file of its own");
}

template <typename Container>
void requireFew(const Container& entries, const std::string& what) {
    if (entries.size() > kMaximumEntries)
        fail(ErrorCode::tooLarge, "are more than " + std::to_string(kMaximumEntries), what, "remove some");
}

void requireShort(const StoredPath& path, const std::string& what) {
    requireShort(path.relative, what);
    requireShort(path.absolute, what);
}

void requireShort(const std::map<std::string, std::string>& values, const std::string& of) {
    requireFew(values, "the settings of " + of);
    for (const auto& [id, value] : values) {
        requireShort(id, "the name of a setting of " + of);
        requireShort(value, id + " of " + of);
    }
}

/// `kind` is "model" or "image set".
template <typename Entry>
void requireNames(const std::vector<Entry>& entries, const std::string& kind) {
    requireFew(entries, "the " + kind + "s");
    std::set<std::string> names;
    for (const Entry& entry : entries) {
        if (entry.name.empty())
            fail(ErrorCode::invalidArgument, "a " + kind + " has no name", entry.path.absolute, "name it");
        requireShort(entry.name, "the name of a " + kind);
        if (!names.insert(entry.name).second)
            fail(ErrorCode::invalidArgument, "is the name of two " + kind + "s", entry.name, "rename one of them");
        requireShort(entry.path, "path of " + kind + " " + entry.name);
    }
}

bool isColour(const std::string& text) {
    return text.size() == 7 && text.front() == '#' &&
           std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

void requireStorable(const std::string& id, const RunNote& note) {
    if (runNumber(id) == 0) fail(ErrorCode::invalidArgument, "is no id of a run", id.substr(0, 80));
    requireShort(note.name, "name of " + id);
    requireShort(note.note, "note of " + id, kMaximumRunNote);
    if (!note.colour.empty() && !isColour(note.colour))
        fail(ErrorCode::invalidArgument, "is no colour: \"" + note.colour.substr(0, 40) + "\"", "colour of " + id,
             "give it as #rrggbb");
}

void requireStorable(const RunDraft& draft) {
    const std::string what = "the new run";
    for (const std::string* text : {&draft.model, &draft.calibration, &draft.evaluation, &draft.method, &draft.device})
        requireShort(*text, what);
    requireShort(draft.parameters, what);
    requireFew(draft.rules, "the rules of " + what);
    for (const quant::PolicyRule& rule : draft.rules) requireShort(rule.pattern, "a rule of " + what);
}

}  // namespace

std::string_view imageRoleName(ImageRole role) {
    switch (role) {
        case ImageRole::any:
            return "any";
        case ImageRole::calibration:
            return "calibration";
        case ImageRole::evaluation:
            return "evaluation";
    }
    return "any";
}

std::optional<ImageRole> imageRoleFromName(std::string_view name) {
    for (const ImageRole role : {ImageRole::any, ImageRole::calibration, ImageRole::evaluation})
        if (imageRoleName(role) == name) return role;
    return std::nullopt;
}

RunNote noteOf(const Edits& edits, const std::string& runId) {
    const auto found = edits.runs.find(runId);
    return found == edits.runs.end() ? RunNote{} : found->second;
}

void requireStorable(const Edits& edits) {
    requireShort(edits.name, "name of the project");
    requireShort(edits.notes, "notes of the project", kMaximumNotes);
    requireNames(edits.models, "model");
    for (const ModelEntry& model : edits.models) requireShort(model.overrides, "model " + model.name);
    requireNames(edits.imageSets, "image set");
    for (const ImageSetEntry& set : edits.imageSets) {
        requireShort(set.root, "folder of the files of image set " + set.name);
        requireShort(set.rows, "rows of image set " + set.name);
    }
    for (const auto& [id, note] : edits.runs) requireStorable(id, note);
    requireStorable(edits.draft);
}

}  // namespace vitrine::project
