// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/store.h"

#include "base/error.h"
#include "widgets/session/merge.h"

namespace vitrine::widgets {

const project::Project& Store::open() const {
    if (!project) fail(ErrorCode::internal, "the project is closed", folder.string());
    return *project;
}

Opened reopenStore(Store& store) {
    store.project.emplace(project::Project::open(store.folder));
    const project::Project& project = *store.project;
    return {.edits = project.edits(),
            .runs = project.runs(),
            .recovered = {},
            .warnings = project.warnings(),
            .viewState = project.viewState(),
            .readOnly = project.readOnly()};
}

Opened openStore(Store& store, const std::function<void()>& prepare) {
    if (prepare) prepare();
    Opened opened = reopenStore(store);
    if (opened.readOnly) return opened;
    opened.recovered = project::findRecovered(store.folder);
    store.recovery.emplace(store.folder);
    return opened;
}

project::Edits saveEdits(Store& store, const project::Edits& base, const project::Edits& ours) {
    store.project.emplace(project::Project::open(store.folder));  // other processes may have written since
    store.project->setEdits(merged(base, ours, store.project->edits()));
    if (store.recovery) store.recovery->saved();
    return store.project->edits();
}

void closeStore(Store& store) {
    store.recovery.reset();
    store.project.reset();
}

}  // namespace vitrine::widgets
