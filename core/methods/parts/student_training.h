// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/gradient.h"
#include "jobs/control.h"
#include "jobs/progress.h"
#include "methods/method.h"
#include "methods/parts/adam.h"
#include "quant/quantized_model.h"

namespace vitrine::methods {

/// How a quantized network learns from the float one.
struct StudentSettings {
    std::int64_t steps = 20;     ///< of Adam, each on all images
    double rate = 1e-5;          ///< the same in all steps
    std::int64_t chunk = 0;      ///< images that are differentiated together; 0: as memoryBytes allows
    double memoryBytes = 2e8;    ///< for what one chunk keeps between its way forth and back
};

/// Teaches a quantized network: Adam on its float parameters so that D = mean over images and classes of |P(x) - Q(x)| falls, where P
/// are the logits of the float network and Q its own. Weights are quantized by their own encodings, which stay, after every step; the
/// gradient passes a quantizer where its argument lies within the range and is 0 elsewhere. Every parameter but constants learns.
/// Same bytes for the same chunk and number of threads; every step can be saved and taken up again bit for bit.
class StudentTraining {
  public:
    /// Computes the logits of `teacher` for `images` [count,C,H,W]. `teacher` is only read, and must outlive it.
    StudentTraining(const engine::Network& teacher, const quant::QuantizedModel& student, at::Tensor images, const StudentSettings& settings,
                    const jobs::Control& control);
    StudentTraining(const StudentTraining&) = delete;
    StudentTraining& operator=(const StudentTraining&) = delete;

    bool done() const { return step_ >= settings_.steps; }
    std::int64_t stepsMade() const { return step_; }

    /// One step; returns D before it. control.check() is called at least every 100 ms of work on a network of usual size; when it
    /// throws, nothing but the end is left to do.
    double step(const jobs::Control& control);

    /// Steps until it is done or the user wants to finish early. `note` gets D before each step. Calls `save` once a second (less often
    /// where that would take more than a twentieth of the time) and where the user pauses.
    void run(jobs::Control& control, jobs::Progress& progress, const std::function<void(double)>& note, const std::function<void()>& save);

    /// D as it is now.
    double disagreement(const jobs::Control& control) const;

    /// The student as it is now: its parameters are float, and named as rewritten.
    quant::QuantizedModel model() const;

    /// The student and the state of Adam; and back, into one that was made from the saved student. Throws Exception(badFormat) when it
    /// does not fit.
    void save(MethodState& state) const;
    void restore(const MethodState& state);
    static bool isIn(const MethodState& state);

  private:
    struct Parameter {
        graph::ValueId id = graph::kNone;
        const quant::Encoding* encoding = nullptr;  ///< null: stays in float
        AdamState adam;
    };

    std::int64_t chunkSize() const;
    void forEachChunk(const std::function<void(std::int64_t first, std::int64_t count)>& action) const;
    engine::Hooks hooks(const jobs::Control& control) const;
    void install(const Parameter& parameter);

    quant::QuantizedModel student_;
    StudentSettings settings_;
    at::Tensor images_;
    at::Tensor targets_;  ///< [count, classes]
    engine::Network network_;
    engine::Hooks quantizers_;
    std::vector<Parameter> parameters_;
    std::vector<graph::ValueId> ids_;
    engine::GradientNetwork gradients_;
    std::int64_t step_ = 0;
};

/// The union in ascending order: ids of rewritten parameters.
std::vector<std::string> united(std::vector<std::string> ids, const std::vector<std::string>& others);

}  // namespace vitrine::methods
