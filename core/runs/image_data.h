// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>

#include "data/dataset.h"
#include "data/preprocess.h"
#include "graph/graph.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "methods/method.h"
#include "runs/run.h"

namespace vitrine::runs {

/// How the network of `info` takes its images.
data::Preprocessing preprocessingOf(const graph::ModelInfo& info);

/// The images of `spec`: its rows, in their order. Throws what data::openImages and ImageSet::select throw.
data::ImageSet openData(const DataSpec& spec, const graph::ModelInfo& info);

/// The same for images to measure accuracy on. Throws Exception(invalidArgument) when some have no label, badFormat for a
/// label that is no class of the network.
data::ImageSet openLabelled(const DataSpec& spec, const graph::ModelInfo& info);

/// The first `count` images, at most all of them.
data::ImageSet firstImages(const data::ImageSet& images, std::int64_t count);

/// A hash of the names, labels and contents of the images in their order; a missing file has no content. Reads every file.
/// Throws Exception(stopped) when cancelled.
std::string contentHash(const data::ImageSet& images, const DataSpec& spec, const jobs::Control& control);

/// Calibration images in memory, preprocessed once.
class LoadedImages : public methods::CalibrationData {
  public:
    /// Throws Exception(invalidArgument) for an empty set, tooLarge above 16 GB, stopped when cancelled, and what decoding throws.
    LoadedImages(const data::ImageSet& images, const data::Preprocessing& preprocessing, const jobs::Control& control,
                 jobs::Progress& progress);

    std::int64_t count() const override { return images_.size(0); }
    at::Tensor images(std::int64_t first, std::int64_t count) const override { return images_.narrow(0, first, count); }

  private:
    at::Tensor images_;  ///< [count,C,H,W]
};

}  // namespace vitrine::runs
