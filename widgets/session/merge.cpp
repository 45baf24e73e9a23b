// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/merge.h"

#include <algorithm>
#include <set>

namespace vitrine::widgets {
namespace {

template <typename T>
const T& pick(const T& base, const T& ours, const T& theirs) {
    return ours == base ? theirs : ours;
}

template <typename Entry>
const Entry* named(const std::vector<Entry>& entries, const std::string& name) {
    const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.name == name; });
    return found == entries.end() ? nullptr : &*found;
}

template <typename Entry>
bool same(const Entry* a, const Entry* b) {
    return a == nullptr || b == nullptr ? a == b : *a == *b;
}

template <typename Entry>
std::vector<Entry> mergedEntries(const std::vector<Entry>& base, const std::vector<Entry>& ours, const std::vector<Entry>& theirs) {
    if (ours == base) return theirs;
    if (theirs == base) return ours;
    std::vector<Entry> entries;
    for (const Entry& entry : ours) {
        const Entry* kept = same(&entry, named(base, entry.name)) ? named(theirs, entry.name) : &entry;
        if (kept != nullptr) entries.push_back(*kept);
    }
    for (const Entry& entry : theirs)
        if (named(ours, entry.name) == nullptr && named(base, entry.name) == nullptr) entries.push_back(entry);
    return entries;
}

std::map<std::string, project::RunNote> mergedRuns(const project::Edits& base, const project::Edits& ours, const project::Edits& theirs) {
    std::set<std::string> ids;
    for (const project::Edits* edits : {&ours, &theirs})
        for (const auto& [id, note] : edits->runs) ids.insert(id);
    std::map<std::string, project::RunNote> runs;
    for (const std::string& id : ids) {
        const project::RunNote before = project::noteOf(base, id), mine = project::noteOf(ours, id), other = project::noteOf(theirs, id);
        const project::RunNote note{.name = pick(before.name, mine.name, other.name),
                                    .note = pick(before.note, mine.note, other.note),
                                    .colour = pick(before.colour, mine.colour, other.colour),
                                    .pinned = pick(before.pinned, mine.pinned, other.pinned)};
        if (note != project::RunNote{}) runs.emplace(id, note);
    }
    return runs;
}

}  // namespace

project::Edits merged(const project::Edits& base, const project::Edits& ours, const project::Edits& theirs) {
    if (theirs == base) return ours;
    if (ours == base) return theirs;
    return {.name = pick(base.name, ours.name, theirs.name),
            .notes = pick(base.notes, ours.notes, theirs.notes),
            .models = mergedEntries(base.models, ours.models, theirs.models),
            .imageSets = mergedEntries(base.imageSets, ours.imageSets, theirs.imageSets),
            .runs = mergedRuns(base, ours, theirs),
            .draft = pick(base.draft, ours.draft, theirs.draft)};
}

}  // namespace vitrine::widgets
