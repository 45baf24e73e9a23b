// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "project/edits.h"
#include "project/record.h"
#include "runs/preview.h"
#include "widgets/forms/policy_model.h"
#include "widgets/session/run_data.h"

/// From what a form for new runs holds to what a run needs. No widgets; everything but the small lookups reads the disk and belongs
/// on a thread of its own.
namespace vitrine::widgets {

/// As Project::locate() and store(), without opening the project.
std::filesystem::path locate(const std::filesystem::path& project, const project::StoredPath& path);
project::StoredPath storedPath(const std::filesystem::path& project, const std::filesystem::path& path);

const project::ModelEntry* findModel(const project::Edits& edits, const std::string& name);
const project::ImageSetEntry* findImages(const project::Edits& edits, const std::string& name);
/// `wanted`, or "wanted 2", ... where it is taken.
std::string freeName(const std::string& wanted, const std::vector<std::string>& taken);

/// The draft of a project, where nothing was ever chosen with what is most likely meant: the first network, images by their role and
/// the first method.
project::RunDraft proposedDraft(const project::Edits& edits);

/// The draft that does a finished run again. Networks and images that the project no longer names are added to `edits`.
project::RunDraft draftOfRun(const project::RunRecord& record, project::Edits& edits);

/// Everything that the form needs to know of a draft. Plain values.
struct AssessmentRequest {
    std::filesystem::path folder;  ///< of the project
    project::Edits edits;
    project::RunDraft draft;
    NetworkPtr network;                    ///< null while it is not read
    std::vector<project::RunRecord> runs;  ///< complete ones, for the estimate
};

struct Assessment {
    runs::RunSpec spec;                      ///< what can be read of the draft
    std::vector<runs::Problem> problems;     ///< fatal ones first
    PolicyEffectsPtr effects;                ///< never null
    std::optional<quant::ScopeCard> scope;   ///< with a network
    std::optional<project::RunFigures> figures;  ///< with a network: what the rules make of bits, size and operations
    std::optional<runs::Estimate> estimate;  ///< with a network
    std::string command;                     ///< of `spec`
    bool runnable() const;                   ///< no fatal problem
};

/// Thread safe; reads the disk.
Assessment assess(const AssessmentRequest& request);

}  // namespace vitrine::widgets
