// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/model.h"
#include "project/project.h"
#include "runs/run.h"

namespace vitrine::runs {

/// An image set as a run's record names it: `contentHash` and `images` of what was opened.
project::InputRecord imageInput(const project::Project& project, const std::string& role, const DataSpec& spec,
                                const std::string& contentHash, std::int64_t images);

/// What is known of a run before it begins, but for its image inputs.
project::RunRecord beginRecord(const project::Project& project, const RunSpec& spec, const models::LoadedModel& model);

/// The assumptions about the network as models::LoadedModel::warnings words them.
std::vector<std::string> assumptionLines(const project::RunRecord& record);

/// Throws Exception(invalidArgument) naming the first input that is not the one the interrupted run began with.
void requireSameInputs(const project::RunRecord& begun, const project::RunRecord& now);

/// The most memory that the process has held so far, in bytes.
std::int64_t peakMemory();

}  // namespace vitrine::runs
