// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "project/project.h"
#include "project/recovery.h"

namespace vitrine::widgets {

/// The open project on the thread that reads and writes it. Not thread safe: one thread at a time.
struct Store {
    std::filesystem::path folder;
    std::optional<project::Project> project;
    std::optional<project::RecoveryFile> recovery;  ///< none for a read-only project

    const project::Project& open() const;  ///< throws Exception(internal) when it is closed
};

/// What the window learns when a project is opened.
struct Opened {
    project::Edits edits;
    std::vector<project::RunSummary> runs;
    std::vector<project::RecoveredEdits> recovered;
    std::vector<std::string> warnings;
    std::string viewState;
    bool readOnly = false;
};

/// All throw what core/project throws.
Opened openStore(Store& store, const std::function<void()>& prepare);
Opened reopenStore(Store& store);  ///< the same without what crashed processes left
/// Writes the changes from `base` to `ours` over what the manifest holds by now. Returns what it holds then.
project::Edits saveEdits(Store& store, const project::Edits& base, const project::Edits& ours);
void closeStore(Store& store);

}  // namespace vitrine::widgets
