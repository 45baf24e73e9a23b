// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <set>
#include <type_traits>

#include "project/edits.h"

namespace vitrine::project {
namespace {

// How a value reads in a dialog.

const std::string& textOf(const std::string& text) { return text; }
std::string textOf(bool value) { return value ? "yes" : "no"; }
std::string textOf(ImageRole role) { return std::string(imageRoleName(role)); }
std::string textOf(std::int64_t number) { return std::to_string(number); }
std::string textOf(std::uint64_t number) { return std::to_string(number); }

/// The form that other programs know; the relative one where a project moved without its inputs.
std::string textOf(const StoredPath& path) { return path.absolute.empty() ? path.relative : path.absolute; }

std::string textOf(const quant::PolicyRule& rule) {
    if (!rule.spec) return rule.pattern + ": float";
    const quant::QuantizerSpec& spec = *rule.spec;
    return rule.pattern + ": " + std::string(quant::quantizerKindName(spec.kind)) + " " + std::to_string(spec.bits) +
           " bit per " + std::string(quant::granularityName(spec.granularity)) + (spec.symmetric ? ", symmetric" : "") +
           (spec.rounding == quant::QuantizerSpec{}.rounding ? ""
                                                             : ", " + std::string(quant::roundingName(spec.rounding)));
}

std::string textOf(const std::vector<quant::PolicyRule>& rules) {
    std::string text;
    for (const quant::PolicyRule& rule : rules) text += (text.empty() ? "" : "; ") + textOf(rule);
    return text;
}

template <typename Entry>
std::string namesOf(const std::vector<Entry>& entries) {
    std::string text;
    for (const Entry& entry : entries) text += (text.empty() ? "" : ", ") + entry.name;
    return text;
}

class Comparison {
  public:
    std::vector<EditDifference> of(const Edits& before, const Edits& after) {
        add("name of the project", before.name, after.name);
        add("notes of the project", before.notes, after.notes);
        addEntries("model", before.models, after.models);
        addEntries("image set", before.imageSets, after.imageSets);
        addRuns(before.runs, after.runs);
        addDraft(before.draft, after.draft);
        return std::move(found_);
    }

  private:
    template <typename Value>
    void add(const std::string& what, const Value& before, const Value& after) {
        if (before == after) return;
        found_.push_back({what, textOf(before), textOf(after)});
        // Values that differ may read alike: a path of which one form alone has changed.
        if constexpr (std::is_same_v<Value, StoredPath>)
            if (found_.back().before == found_.back().after) found_.back() = {what, before.relative, after.relative};
    }

    void addValues(const std::string& of, const std::map<std::string, std::string>& before,
                   const std::map<std::string, std::string>& after) {
        std::set<std::string> ids;
        for (const auto* values : {&before, &after})
            for (const auto& [id, value] : *values) ids.insert(id);
        for (const std::string& id : ids) {
            const auto old = before.find(id), now = after.find(id);
            const std::string was = old == before.end() ? "" : old->second, is = now == after.end() ? "" : now->second;
            if ((old == before.end()) != (now == after.end()) || was != is)
                found_.push_back({id + " of " + of, was, is});
        }
    }

    void addParts(const std::string& name, const ModelEntry& before, const ModelEntry& after) {
        add("path of " + name, before.path, after.path);
        addValues(name, before.overrides, after.overrides);
    }

    void addParts(const std::string& name, const ImageSetEntry& before, const ImageSetEntry& after) {
        add("use of " + name, before.role, after.role);
        add("path of " + name, before.path, after.path);
        add("folder of the files of " + name, before.root, after.root);
        add("rows of " + name, before.rows, after.rows);
        add("number of images of " + name, before.images, after.images);
    }

    template <typename Entry>
    static const Entry* find(const std::vector<Entry>& entries, const std::string& name) {
        const auto found =
            std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
        return found == entries.end() ? nullptr : &*found;
    }

    template <typename Entry>
    void addEntries(const std::string& kind, const std::vector<Entry>& before, const std::vector<Entry>& after) {
        const std::size_t first = found_.size();
        for (const Entry& entry : before)
            if (const Entry* now = find(after, entry.name))
                addParts(kind + " " + entry.name, entry, *now);
            else
                found_.push_back({kind + " " + entry.name, textOf(entry.path), ""});
        for (const Entry& entry : after)
            if (find(before, entry.name) == nullptr)
                found_.push_back({kind + " " + entry.name, "", textOf(entry.path)});
        if (found_.size() == first && before != after)
            found_.push_back({"order of the " + kind + "s", namesOf(before), namesOf(after)});
    }

    void addRuns(const std::map<std::string, RunNote>& before, const std::map<std::string, RunNote>& after) {
        std::set<std::string> ids;
        for (const auto* runs : {&before, &after})
            for (const auto& [id, note] : *runs) ids.insert(id);
        for (const std::string& id : ids) {
            const auto old = before.find(id), now = after.find(id);
            const std::size_t first = found_.size();
            addNote(id, old == before.end() ? RunNote{} : old->second, now == after.end() ? RunNote{} : now->second);
            const bool onlyThere = (old == before.end()) != (now == after.end());
            if (onlyThere && found_.size() == first)  // an entry in which nothing is set
                found_.push_back(
                    {"entry of " + id, old == before.end() ? "" : "empty", now == after.end() ? "" : "empty"});
        }
    }

    void addNote(const std::string& id, const RunNote& before, const RunNote& after) {
        add("name of " + id, before.name, after.name);
        add("note of " + id, before.note, after.note);
        add("colour of " + id, before.colour, after.colour);
        add("pin of " + id, before.pinned, after.pinned);
    }

    void addDraft(const RunDraft& before, const RunDraft& after) {
        add("model of the new run", before.model, after.model);
        add("calibration images of the new run", before.calibration, after.calibration);
        add("evaluation images of the new run", before.evaluation, after.evaluation);
        add("method of the new run", before.method, after.method);
        addValues("the new run", before.parameters, after.parameters);
        add("rules of the new run", before.rules, after.rules);
        add("seed of the new run", before.seed, after.seed);
        add("device of the new run", before.device, after.device);
        add("batch of the new run", before.batch, after.batch);
    }

    std::vector<EditDifference> found_;
};

}  // namespace

std::vector<EditDifference> differences(const Edits& before, const Edits& after) {
    return Comparison().of(before, after);
}

}  // namespace vitrine::project
