// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "methods/method.h"
#include "methods/parts/pace.h"
#include "methods/parts/student_training.h"
#include "results/artefacts.h"

namespace vitrine::methods {

/// The quantized network of PSAQ-ViT V2, which takes lessons: it is calibrated by "start.method", then (in a whole lesson) trained by
/// "psaq2.student_*", both on the same images. Where the parameters ask for training the next lesson begins with its weights, else with those of the float network.
class Psaq2Student {
  public:
    /// Publishes "student.disagreement" in `context`, which must outlive it.
    explicit Psaq2Student(MethodContext& context);

    const quant::QuantizedModel& model() const { return model_; }
    std::int64_t lessons() const { return lessons_; }

    enum class Lesson { calibration, whole };

    /// A lesson, which ends early with a whole model when the user wants to finish. `save` is called where the training can be left.
    /// Goes on within a lesson of which restore() brought the half.
    void learn(const at::Tensor& images, Lesson lesson, jobs::Progress& progress, const std::function<void()>& save);

    /// A whole one, with the checkpoints of "start.method" and what it publishes going to the context.
    void learnInPublic(const at::Tensor& images, jobs::Progress& progress, const std::function<void()>& save);

    /// Everything, the half of a lesson too; and back. restore() throws Exception(badFormat) when it does not fit.
    void save(MethodState& state) const;
    void restore(const MethodState& state);

  private:
    using Opening = std::function<void(MethodContext&)>;

    void take(Lesson lesson, const at::Tensor& images, jobs::Progress& progress, const std::function<void()>& save, const Opening& open);
    quant::QuantizedModel calibrated(const at::Tensor& images, jobs::Progress& progress, const Opening& open) const;
    void train(const at::Tensor& images, jobs::Progress& progress, const std::function<void()>& save);
    void publish() const;

    MethodContext& context_;
    bool trains_;
    quant::QuantizedModel model_;
    std::int64_t lessons_ = 0;
    std::vector<double> disagreement_;           ///< before each step of all lessons
    std::unique_ptr<StudentTraining> training_;  ///< under way
    std::optional<MethodState> half_;            ///< of a training that was left
};

/// Whether the parameters ask for training.
bool trainsStudent(const ParameterSet& parameters);

/// The last lesson, on the finished images. `made` is what the student and the images left.
MethodState quantizePsaq2(const at::Tensor& images, const MethodState& made, MethodContext& context);

}  // namespace vitrine::methods
