// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "methods/clampvit_layers.h"

/// Widths before the search, from the sensitivity of each layer. Internal to CLAMP-ViT.
namespace vitrine::methods::clamp {

/// The limits that "budget.*" asks for.
BitLimits limitsFrom(const ParameterSet& parameters);

/// Gives every layer its first encoding; in mixed precision at widths that the budget allows: ranges of activations are fitted behind
/// the widest weights, then widths chosen by how much the loss rises when a layer alone is narrower. One width for all layers is taken
/// where its loss is lower. Saves after every measurement where that takes little time. Leaves "sensitive" in the state's data.
void allocate(MethodState& state, MethodContext& context, const at::Tensor& images);

/// Layers that were found sensitive, as allocate() left them.
std::vector<std::size_t> sensitiveLayers(const MethodState& state);

/// How candidates are measured, the same for sensitivities and the search.
CandidateEvaluator makeEvaluator(const quant::QuantizedModel& model, MethodContext& context, const at::Tensor& images);

}  // namespace vitrine::methods::clamp
