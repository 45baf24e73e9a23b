// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

#include "engine/engine.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "methods/method.h"
#include "project/project.h"
#include "quant/quantized_model.h"
#include "runs/run.h"

/// What a run makes or takes from its project before its method begins.
namespace vitrine::runs {

/// Where synthetic images go, and what watches their making.
struct SyntheticStage {
    std::filesystem::path folder;  ///< for their state, so that a killed run goes on from there
    jobs::Control& control;
    jobs::Progress& progress;
    std::function<void(results::Artefact)> emit;
    std::function<void()> flush;  ///< called before each checkpoint
};

/// The images of `synthetic`: made, or read back when an earlier sitting finished them. `policy` is that of the run, for
/// synthesizers that quantize and have none of their own. Throws as methods::synthesize does.
std::unique_ptr<methods::CalibrationData> makeCalibration(const SyntheticCalibration& synthetic, const engine::Network& network,
                                                          const quant::Policy& policy, std::uint64_t seed, const SyntheticStage& stage);

/// The model of the run that "start.run" names; none when the parameter is absent or empty. `model` is the network of this run.
/// Throws Exception(notFound) for an unknown run, invalidArgument for one that has no model or is of another network.
std::optional<quant::QuantizedModel> startModel(const RunSpec& spec, const project::Project& project, const models::LoadedModel& model);

}  // namespace vitrine::runs
