// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "report/document.h"
#include "report/run_content.h"

namespace vitrine::report {

/// Everything about one run as sections of level 1: summary, scope, parameters, errors, intervals, the method's own
/// artefacts, inputs, warnings and assumptions, environment. Parts without content are left out.
std::vector<Section> runSections(const RunContent& run);

/// The headline numbers and the weakest sites alone.
Section summarySection(const RunContent& run);

/// Why the run failed or ended early, its warnings and assumptions; without blocks when there are none.
Section remarkSection(const RunContent& run);

/// What was done in one line: "RepQ-ViT on vit_tiny_patch16_224, average bits W4.02 A4.06, seed 7".
std::string runSubtitle(const project::RunRecord& record);

}  // namespace vitrine::report
