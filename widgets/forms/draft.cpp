// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/draft.h"

#include <algorithm>
#include <system_error>

#include "base/error.h"
#include "methods/method_info.h"

namespace vitrine::widgets {
namespace fs = std::filesystem;
namespace {

template <typename Entry>
const Entry* named(const std::vector<Entry>& entries, const std::string& name) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

template <typename Entry>
std::vector<std::string> namesOf(const std::vector<Entry>& entries) {
    std::vector<std::string> names;
    for (const Entry& entry : entries) names.push_back(entry.name);
    return names;
}

std::string likely(const project::Edits& edits, project::ImageRole role) {
    for (const auto& entry : edits.imageSets)
        if (entry.role == role) return entry.name;
    for (const auto& entry : edits.imageSets)
        if (entry.role == project::ImageRole::any) return entry.name;
    return {};
}

const project::InputRecord* inputOf(const project::RunRecord& record, std::string_view role) {
    const auto found = std::find_if(record.inputs.begin(), record.inputs.end(), [&](const auto& input) { return input.role == role; });
    return found == record.inputs.end() ? nullptr : &*found;
}

std::string stem(const project::StoredPath& path) {
    const std::string name = fs::path(path.absolute).stem().string();
    return name.empty() ? "input" : name;
}

bool samePlace(const project::StoredPath& a, const project::StoredPath& b) {
    return a.absolute == b.absolute || (!a.relative.empty() && a.relative == b.relative);
}

/// "0-31" for neighbours. Others cannot be written in one field: the set then stands for all its rows.
std::string rowsText(const std::vector<std::int64_t>& rows) {
    for (std::size_t i = 1; i < rows.size(); ++i)
        if (rows[i] != rows[i - 1] + 1) return {};
    if (rows.empty()) return {};
    return std::to_string(rows.front()) + "-" + std::to_string(rows.back());
}

std::string modelOf(const project::RunRecord& record, project::Edits& edits) {
    const project::InputRecord* input = inputOf(record, "model");
    if (input == nullptr) return {};
    std::map<std::string, std::string> overrides;
    for (const auto& override : record.modelOverrides) overrides[override.id] = parameterText(override.value);
    for (const auto& entry : edits.models)
        if (samePlace(entry.path, input->path) && entry.overrides == overrides) return entry.name;
    const std::string name = freeName(stem(input->path), namesOf(edits.models));
    edits.models.push_back({.name = name, .path = input->path, .overrides = overrides});
    return name;
}

std::string imagesOf(const project::RunRecord& record, std::string_view role, project::Edits& edits) {
    const project::InputRecord* input = inputOf(record, role);
    if (input == nullptr) return {};
    const std::string rows = rowsText(input->rows);
    for (const auto& entry : edits.imageSets)
        if (samePlace(entry.path, input->path) && (rows.empty() || entry.rows.empty() || entry.rows == rows)) return entry.name;
    const std::string name = freeName(stem(input->path), namesOf(edits.imageSets));
    edits.imageSets.push_back({.name = name,
                               .role = role == "calibration" ? project::ImageRole::calibration : project::ImageRole::evaluation,
                               .path = input->path,
                               .root = input->root,
                               .rows = rows});
    return name;
}

}  // namespace

fs::path locate(const fs::path& project, const project::StoredPath& path) {
    std::error_code ignored;
    const fs::path near = (project / path.relative).lexically_normal();
    if (!path.relative.empty() && fs::exists(near, ignored)) return near;
    return path.absolute;
}

project::StoredPath storedPath(const fs::path& project, const fs::path& path) {
    if (path.empty()) return {};
    const fs::path absolute = fs::weakly_canonical(fs::absolute(path));
    return {absolute.lexically_relative(fs::weakly_canonical(fs::absolute(project))).generic_string(), absolute.string()};
}

const project::ModelEntry* findModel(const project::Edits& edits, const std::string& name) { return named(edits.models, name); }
const project::ImageSetEntry* findImages(const project::Edits& edits, const std::string& name) { return named(edits.imageSets, name); }

std::string freeName(const std::string& wanted, const std::vector<std::string>& taken) {
    const auto isTaken = [&](const std::string& name) { return std::find(taken.begin(), taken.end(), name) != taken.end(); };
    std::string name = wanted;
    for (int number = 2; isTaken(name); ++number) name = wanted + " " + std::to_string(number);
    return name;
}

project::RunDraft proposedDraft(const project::Edits& edits) {
    project::RunDraft draft = edits.draft;
    if (!draft.method.empty()) return draft;  // the form was used: what is empty was left empty
    if (draft.model.empty() && !edits.models.empty()) draft.model = edits.models.front().name;
    if (draft.calibration.empty()) draft.calibration = likely(edits, project::ImageRole::calibration);
    if (draft.evaluation.empty()) draft.evaluation = likely(edits, project::ImageRole::evaluation);
    if (!methods::allMethods().empty()) draft.method = methods::allMethods().front().id;
    return draft;
}

project::RunDraft draftOfRun(const project::RunRecord& record, project::Edits& edits) {
    project::RunDraft draft;
    draft.model = modelOf(record, edits);
    draft.calibration = imagesOf(record, "calibration", edits);
    draft.evaluation = imagesOf(record, "evaluation", edits);
    draft.method = record.method;
    for (const project::ParameterRecord& parameter : record.parameters)
        if (!parameter.isDefault) draft.parameters[parameter.id] = parameterText(parameter.value);
    draft.rules = record.rules;
    draft.seed = record.seed;
    draft.device = record.device;
    draft.batch = record.batch;
    return draft;
}

}  // namespace vitrine::widgets
