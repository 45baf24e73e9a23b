// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/host_tensor.h"
#include "results/artefacts.h"

namespace vitrine::project {

/// Where a run keeps its finished synthetic images in full size: a safetensors file with one tensor "images", u8 [count,3,height,width],
/// beside the quantized model. `run` is the folder of the run.
std::filesystem::path wholeImagesPath(const std::filesystem::path& run);

inline constexpr std::int64_t kMostWholeImageBytes = std::int64_t{256} << 20;  ///< more are not kept: 1024 images of 3 x 224 x 224 take 154 MB

/// Writes that file; nothing when `images` is larger than the bound. Throws Exception(invalidArgument) for another shape or type, ioFailure.
void saveWholeImages(const std::filesystem::path& run, const HostTensor& images);

/// What was written.
struct ExportedImages {
    std::filesystem::path table;  ///< CSV file,label,...: an image set to calibrate on
    std::int64_t count = 0;
    std::int64_t width = 0, height = 0;  ///< of the pictures; smaller than the images were where the sheets hold them shrunk
    bool shrunk = false;
};

/// Writes every image of sheet `sheet` (an index) as a PNG into `folder`, which is made, and "images.csv" beside them, written last:
/// file, label, asked, prediction, prepared (1 in full size: see formats/csv.h). The label is the class that the image was asked to show, else the float network's prediction.
/// The last sheet is written in full size, all of its images, where the file `whole` (wholeImagesPath) is there and fits; else as the
/// sheet holds them. Throws Exception(invalidArgument) when there is no such sheet, an image has neither class, or the folder has
/// something in it, badFormat for a damaged `whole`, and ioFailure. May be called from any thread; slow.
ExportedImages exportSyntheticImages(const results::SyntheticImages& images, std::int64_t sheet, const std::filesystem::path& folder,
                                     const std::filesystem::path& whole = {});

}  // namespace vitrine::project
