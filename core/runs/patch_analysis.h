// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "analysis/patch_maps.h"
#include "jobs/job.h"
#include "results/artefacts.h"

namespace vitrine::runs {

/// Runs the network of a run over one of its synthetic images, 8 bits a colour: of the last step in full size where the run kept it so
/// (project::wholeImagesPath), else as the sheet of the step holds it, shrunk where it was large. Throws what loading throws,
/// Exception(notFound) for a run, step or image that is not there and for networks without such modules, invalidArgument for the quantized
/// network of a run that works, Exception(stopped) when cancelled.
///
/// `images`: those of a run that works, which are not in its folder yet; null: as stored.
analysis::PatchMaps patchMaps(const std::filesystem::path& project, const analysis::PatchRequest& request, jobs::JobContext& context,
                              const results::ArtefactPtr& images = nullptr);

}  // namespace vitrine::runs
