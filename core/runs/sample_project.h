// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "runs/run.h"

namespace vitrine::runs {

/// What writeSampleProject() wrote.
struct SampleProject {
    struct ImageSet {
        std::string name;  ///< "calibration", "evaluation"
        std::filesystem::path table;
        std::int64_t count = 0;
    };
    std::filesystem::path model;
    std::vector<ImageSet> imageSets;
};

/// Writes the shipped sample: a small network, its images and a project that names both, ready for a first run. `folder` must be
/// new or empty; `source` holds the network and what is said about it (resourcePath("sample")). Takes seconds. Throws
/// Exception(invalidArgument) for a folder that is not empty, ioFailure.
SampleProject writeSampleProject(const std::filesystem::path& folder, const std::filesystem::path& source);

/// A first run in the sample project that lies in `folder`: `baseline` at 4 bits, what later runs are compared with.
RunSpec firstSampleRun(const std::filesystem::path& folder);

}  // namespace vitrine::runs
