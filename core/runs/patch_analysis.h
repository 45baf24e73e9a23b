// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "analysis/patch_maps.h"
#include "jobs/job.h"

namespace vitrine::runs {

/// Runs the network of a run over one of its synthetic images, as the run kept it: 8 bits a colour, shrunk where it was large; the steps before
/// the last are such pictures too. Throws what loading throws, Exception(notFound) for a run, sheet or image that is not there and for
/// networks without such modules, Exception(stopped) when cancelled.
analysis::PatchMaps patchMaps(const std::filesystem::path& project, const analysis::PatchRequest& request, jobs::JobContext& context);

}  // namespace vitrine::runs
