// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "jobs/job.h"
#include "models/model.h"
#include "results/artefacts.h"
#include "runs/run.h"

namespace vitrine::runs {

struct EvaluationSpec {
    std::filesystem::path model;
    ParameterSet modelOverrides{models::overrideSchema()};
    std::optional<std::filesystem::path> quantized;  ///< folder that quant::save() wrote, or a run folder with `model/` in it
    DataSpec data;
    std::string device = "cpu";
    std::int64_t batch = 32;
};

struct Evaluation {
    results::Accuracy floating;
    std::optional<results::Accuracy> quantized;  ///< with its fidelity to the float network
    std::vector<std::string> warnings;
};

/// Accuracy of a network, and of its quantized form, on labelled images, without a project. Stop and keep: over the images
/// so far. Throws Exception(stopped) when cancelled, and what loading throws.
Evaluation evaluate(const EvaluationSpec& spec, jobs::JobContext& context);

}  // namespace vitrine::runs
