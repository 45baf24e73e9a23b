// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "project/project.h"
#include "widgets/views/view.h"

/// What views need beside artefacts, read at once instead of in the background: for drawing without a window.
namespace vitrine::widgets {

/// The network that a run quantized. Throws what models::loadModel throws, and Exception(notFound) for a run that names none.
NetworkPtr readNetwork(const project::Project& project, const project::RunRecord& record);

/// What the network makes of a synthetic image of a run. Throws what runs::patchMaps throws.
analysis::PatchMapsPtr readPatchMaps(const project::Project& project, const analysis::PatchRequest& request);

/// Pictures of the evaluation images of a run; without any where the images are gone.
ImageSource readImages(const project::Project& project, const project::RunRecord& record);

}  // namespace vitrine::widgets
