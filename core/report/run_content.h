// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "project/project.h"
#include "report/document.h"
#include "results/artefacts.h"

namespace vitrine::report {

/// Everything that a project holds about one run, in memory.
struct RunContent {
    project::RunRecord record;
    std::vector<results::ArtefactPtr> artefacts;  ///< in the order of the record

    /// The layer errors with this reference ("local", "accumulated"); null when there are none.
    const results::LayerErrors* errors(std::string_view reference) const;
    /// The accuracy of this subject ("float", "quantized"); null when it was not measured.
    const results::Accuracy* accuracy(std::string_view subject) const;
    const results::Intervals* intervals() const;  ///< null when there are none
    const results::Scope* scope() const;          ///< null when there is none
};

/// Reads a run. Throws as Project::run() and Project::artefacts() do.
RunContent readRun(const project::Project& project, const std::string& id);

/// Those of `ids`, or all complete runs of the project when there are none, in the order asked for.
std::vector<RunContent> readRuns(const project::Project& project, const std::vector<std::string>& ids);

/// One row per site: its quantizer, its errors alone and with everything before it quantized, its range and the range
/// covered. What was not measured is unknown.
Table layerTable(const RunContent& run);

/// "W4.02 A4.06", or "" when it is not known.
std::string averageBitsText(const project::RunFigures& figures);

}  // namespace vitrine::report
