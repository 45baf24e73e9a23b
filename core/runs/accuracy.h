// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "engine/engine.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "results/artefacts.h"

namespace vitrine::runs {

/// What an accuracy is measured on.
struct LabelledImages {
    const data::ImageSet& images;
    std::string name;  ///< of the set, for people
    std::int64_t batch = 32;
};

/// Whose accuracy is measured.
struct MeasuredNetwork {
    std::string name;  ///< results::Accuracy::subject
    const engine::Network& network;
    engine::Hooks hooks;                        ///< quantization
    const engine::Network* original = nullptr;  ///< the divergence from it is measured too, on kDivergenceImages that lie evenly in the set
};

/// Enough for a mean of divergences, so that large sets do not cost twice their time.
constexpr std::int64_t kDivergenceImages = 512;

struct MeasuredAccuracy {
    results::Accuracy accuracy;  ///< without fidelity
    bool complete = true;        ///< false when the user stopped it early
    std::vector<std::string> warnings;  ///< images that could not be read
};

/// Told after each batch what has been measured so far.
using WatchAccuracy = std::function<void(const results::Accuracy&)>;

/// Accuracy of a network on labelled images. An image that cannot be read is left out with a warning. Stop and keep: over the images so far.
/// Throws Exception(stopped) when cancelled, and the error of the first image when none can be read.
MeasuredAccuracy measureAccuracy(const MeasuredNetwork& subject, const LabelledImages& set, jobs::Control& control, jobs::Progress& progress,
                                 const WatchAccuracy& watch = {});

/// Percent of the images on which both predict the same class.
double fidelity(const results::Accuracy& quantized, const results::Accuracy& floating);

}  // namespace vitrine::runs
