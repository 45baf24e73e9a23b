// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "report/document.h"
#include "report/run_content.h"

namespace vitrine::report {

/// A report on runs of a project: each run with everything that is known about it, and for several runs first their
/// comparison. Figures are named and left without drawings.
Document studyReport(const project::Project& project, const std::vector<RunContent>& runs);

/// The sections that compare runs with each other.
std::vector<Section> comparisonSections(const std::vector<RunContent>& runs);

}  // namespace vitrine::report
