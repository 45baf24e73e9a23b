// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

#include "results/artefacts.h"

namespace vitrine::project {

/// What was written.
struct ExportedImages {
    std::filesystem::path table;  ///< CSV file,label,...: an image set to calibrate on
    std::int64_t count = 0;
    std::int64_t width = 0, height = 0;  ///< of the pictures; smaller than the images were where the sheets hold them shrunk
    bool shrunk = false;
};

/// Writes every image of sheet `sheet` (an index) as a PNG into `folder`, which is made, and "images.csv" beside them, written last:
/// file, label, asked, prediction. The label is the class that the image was asked to show, else the float network's prediction.
/// Throws Exception(invalidArgument) when there is no such sheet, an image has neither class, or the folder has something in it, and
/// Exception(ioFailure). May be called from any thread; slow.
ExportedImages exportSyntheticImages(const results::SyntheticImages& images, std::int64_t sheet, const std::filesystem::path& folder);

}  // namespace vitrine::project
