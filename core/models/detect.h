// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "models/plan.h"
#include "models/weights.h"

namespace vitrine::models {

/// What is known about a checkpoint besides its tensors.
struct DetectionInput {
    ModelOverrides hints;                 ///< overrides, completed by what the files say
    std::string name;                     ///< file name or ""
    bool foreignLayout = false;           ///< names were translated from another code base
    std::optional<std::int64_t> headDim;  ///< convention of that code base
};

/// Reads family and sizes off names, shapes and hints. What has to be assumed is said in plan.info.assumptions.
/// Throws Exception(unsupported) for other networks and for parts that no graph operation computes, badFormat for
/// tensors that contradict each other, invalidArgument where an override is needed.
ModelPlan detectPlan(const Weights& weights, const DetectionInput& input);

/// The parts of detectPlan for each family; `plan` holds what both have in common.
void detectVit(const Weights& weights, const DetectionInput& input, ModelPlan& plan);
void detectSwin(const Weights& weights, const DetectionInput& input, ModelPlan& plan);

}  // namespace vitrine::models
