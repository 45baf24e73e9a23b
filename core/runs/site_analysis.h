// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "jobs/job.h"
#include "results/artefacts.h"

namespace vitrine::runs {

/// Histograms of sites of a stored run that the run itself did not measure: loads its network, its quantized model and its
/// calibration images, or the synthetic images that it keeps, and keeps the result in the project's cache, where the next call finds it. Throws
/// what loading throws, Exception(notFound) for an unknown run or site or a run without either, Exception(stopped) when cancelled.
results::Histograms siteHistograms(const std::filesystem::path& project, const std::string& run,
                                   const std::vector<std::string>& sites, jobs::JobContext& context);

}  // namespace vitrine::runs
