// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/random.h"
#include "engine/engine.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "methods/method_info.h"
#include "quant/quantized_model.h"
#include "quant/spec.h"
#include "results/artefacts.h"

namespace vitrine::methods {

/// Calibration images, preprocessed for the network. Thread safe.
class CalibrationData {
  public:
    virtual ~CalibrationData() = default;
    virtual std::int64_t count() const = 0;
    /// Images first..first+count-1 as float [count,C,H,W] on the CPU. The order is fixed.
    virtual at::Tensor images(std::int64_t first, std::int64_t count) const = 0;
};

/// What a method hands from stage to stage, and what is saved between them. Everything a later stage needs is in it.
struct MethodState {
    quant::QuantizedModel model;
    nlohmann::json data = nlohmann::json::object();  ///< small values
    TensorMap tensors;                               ///< large ones
};

/// Name in MethodState::tensors of the images that a method made for itself, f32 [count,C,H,W]: the run measures on them and keeps them.
inline constexpr const char* kMadeImages = "images";

/// What a method sees of the world. A method never opens a file and never knows that a window exists.
struct MethodContext {
    const engine::Network& network;      ///< the float network
    const ParameterSet& parameters;
    const quant::Policy& policy;         ///< what shall sit where: MethodInfo::policy(), then the rules of the run
    const CalibrationData* data;         ///< null for methods that need none
    const RandomStreams& random;
    jobs::Control& control;
    jobs::Progress& progress;            ///< of the stage

    /// Publishes a result; it may be published again under the same id with more in it.
    std::function<void(results::Artefact)> emit;

    /// Saves where the running stage is, so that a killed run can go on from here. Cheap when nothing changed.
    std::function<void(const MethodState&)> saveCheckpoint;
    /// What saveCheckpoint saved last when this stage is resumed.
    std::optional<MethodState> checkpoint;

    /// The quantized model that a method improves, where the user named one ("start.run"); null otherwise.
    const quant::QuantizedModel* start = nullptr;
};

/// A published method. Stateless: everything that lives longer than a call is in MethodState.
class Method {
  public:
    virtual ~Method() = default;
    virtual const MethodInfo& info() const = 0;

    /// Runs one stage on what the stage before it left. Same seed, machine and thread count: the same bytes.
    virtual MethodState run(std::size_t stage, MethodState state, MethodContext& context) const = 0;
};

/// Throws Exception(notFound) that names the nearest id.
const Method& method(std::string_view id);

}  // namespace vitrine::methods
