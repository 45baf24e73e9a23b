// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "methods/clampvit_layers.h"

/// Widths before the search, from the sensitivity of each layer. Internal to CLAMP-ViT.
namespace vitrine::methods::clamp {

/// The limits that "budget.*" asks for.
BitLimits limitsFrom(const ParameterSet& parameters);

/// Gives every layer its first encoding; in mixed precision at widths that the budget allows. Ranges of activations are fitted behind the
/// widest weights; then widths follow from how much "sensitivity.loss" rises when a layer is narrower and all else is float. One width for
/// all layers is taken where that loss is lower. Saves after every measurement where that takes little time. Leaves "sensitive" in
/// the state's data.
void allocate(MethodState& state, MethodContext& context, const at::Tensor& images);

/// Layers that were found sensitive, as allocate() left them.
std::vector<std::size_t> sensitiveLayers(const MethodState& state);

/// How candidates of the search are measured: by fitnessLoss().
CandidateEvaluator makeEvaluator(const quant::QuantizedModel& model, MethodContext& context, const at::Tensor& images);

/// How widths are measured: by sensitivityLoss(), the squared error of the logits or the loss of the search.
CandidateEvaluator makeSensitivityEvaluator(const quant::QuantizedModel& model, MethodContext& context, const at::Tensor& images);
CandidateEvaluator::Loss sensitivityLoss(const ParameterSet& parameters);

}  // namespace vitrine::methods::clamp
