// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/record_shelf.h"

#include <algorithm>

#include "base/error.h"
#include "project/project.h"

namespace vitrine::widgets {

std::vector<project::RunRecord> RecordShelf::take(const std::filesystem::path& folder, const std::vector<std::string>& ids) {
    const std::lock_guard lock(mutex_);
    if (folder != folder_) known_.clear();
    folder_ = folder;
    const bool complete = std::all_of(ids.begin(), ids.end(), [&](const std::string& id) { return known_.contains(id); });
    if (!complete) {
        const project::Project project = project::Project::open(folder);
        for (const std::string& id : ids) {
            if (known_.contains(id)) continue;
            try {
                known_[id] = project.run(id);
            } catch (const Exception&) {
                known_[id] = {};  // an estimate does without it; the list of runs says what is wrong with it
            }
        }
    }
    std::vector<project::RunRecord> records;
    for (const std::string& id : ids)
        if (!known_[id].id.empty()) records.push_back(known_[id]);
    return records;
}

}  // namespace vitrine::widgets
