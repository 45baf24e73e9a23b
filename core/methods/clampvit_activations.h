// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "methods/clampvit_layers.h"

/// Ranges of activations that follow the weights during the search. Internal to CLAMP-ViT.
namespace vitrine::methods::clamp {

/// What a quantized model computes at some values, from the input of the block where they lie. That input is kept, so that asking
/// block after block costs one pass through the network. Not thread safe.
class PresentValues {
  public:
    explicit PresentValues(const jobs::Control& control) : control_(control) {}

    /// Other images from now on, or other quantizers in blocks before the last one that was asked for.
    void reset(at::Tensor images);

    /// The values `ids`, which lie in or behind `block`, for all images. Blocks before `block` have not changed since the last call,
    /// unless that asked for a later block.
    engine::ValueTensors of(const quant::QuantizedModel& model, std::size_t block, const std::vector<graph::ValueId>& ids);

  private:
    engine::ValueTensors evaluate(const quant::QuantizedModel& model, const at::Tensor& input, const std::vector<graph::ValueId>& ids) const;

    const jobs::Control& control_;
    at::Tensor images_, input_;
    std::size_t block_ = 0;
};

/// Fits the ranges of the activations that a layer feeds once its weight is installed (docs/methods.md 7.4): they are calibrated anew
/// on what the quantized network computes, and those that "activation.search" names climb to wider ends in equal ratios. A range
/// is taken where the Kullback-Leibler divergence between the logits does not rise.
class ActivationFit {
  public:
    struct Tools {
        Layers& layers;
        CandidateEvaluator& evaluator;  ///< its last probe is the output
        PresentValues& values;
        std::function<bool()> afterEvaluation;  ///< whether to go on
    };
    struct Result {
        SiteEncodings ranges;  ///< those that changed, at the width of calibration
        std::int64_t evaluations = 0;
    };

    ActivationFit(Tools tools, const ParameterSet& parameters);

    /// Once. Installs what it takes in the evaluator; `model` is what that holds at the beginning. `changed` tells whether what the
    /// layer computes has changed since the last time, so that calibrating anew makes sense.
    Result run(std::size_t layer, const quant::QuantizedModel& model, bool changed);

  private:
    double measure(const SiteEncodings& ranges, const quant::QuantizedModel& model);
    double present(const SiteEncodings& ranges, const quant::QuantizedModel& model);
    void take(const SiteEncodings& ranges, double loss);
    void recompute(std::size_t layer, const quant::QuantizedModel& model);
    void climb(std::size_t site, const quant::QuantizedModel& model);
    bool searches(const graph::Site& site) const;

    Tools tools_;
    bool recomputes_, all_, none_;
    bool goesOn_ = true;
    std::optional<double> present_;  ///< loss of what is installed, once it is known
    SiteEncodings measured_;
    Result result_;
};

}  // namespace vitrine::methods::clamp
