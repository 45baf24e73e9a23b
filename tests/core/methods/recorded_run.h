// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "methods/method.h"

namespace vitrine::test {

/// Images that are all at hand.
class TensorData final : public methods::CalibrationData {
  public:
    explicit TensorData(at::Tensor images) : images_(std::move(images)) {}
    std::int64_t count() const override { return images_.size(0); }
    at::Tensor images(std::int64_t first, std::int64_t count) const override;

  private:
    at::Tensor images_;
};

/// What a method did: its result, everything it emitted (last version by id) and every checkpoint of the last stage run.
struct RecordedRun {
    methods::MethodState state;
    std::map<std::string, results::Artefact> artefacts;
    std::vector<methods::MethodState> checkpoints;
};

struct RunOptions {
    std::map<std::string, std::string> parameters;
    std::vector<quant::PolicyRule> rules;            ///< behind those of the method
    std::optional<methods::MethodState> checkpoint;  ///< of the stage below
    std::size_t checkpointStage = 0;
    std::size_t stages = 99;                         ///< how many are run at most
    jobs::Control* control = nullptr;
    std::function<void()> onCheckpoint;
    std::function<void(const methods::MethodState&)> onState;  ///< with each checkpoint
    std::function<void(const std::string& id)> onArtefact;  ///< with the id of each that is emitted
    const quant::QuantizedModel* start = nullptr;    ///< MethodContext::start
};

/// Runs a method on a network from its first stage.
RecordedRun runMethod(const std::string& id, std::shared_ptr<const graph::Graph> graph, const at::Tensor& images,
                      const RunOptions& options = {});

/// Whether two models are the same bit for bit.
bool identical(const quant::QuantizedModel& a, const quant::QuantizedModel& b);

}  // namespace vitrine::test
