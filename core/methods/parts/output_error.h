// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "quant/encoding.h"
#include "quant/spec.h"

namespace vitrine::methods {

/// The uniform per-tensor encoding of `x` [..., C] that disturbs the outputs of a linear layer least (ours): candidates are
/// compared by  mean over tokens of |W (x^ - x)|^2 / |W x|^2.  Relative to each token's own output, because the layer norm
/// that reads the residual stream divides by it: a plain squared error is decided by the few tokens with massive
/// activations. The range's lower end is that of the data; its upper end runs from the largest value down to 1/256 of it
/// in equal ratios.
/// `weight` is [O,C]. At most 4096 tokens, evenly spread, are looked at. Calls `check` between candidates.
quant::Encoding searchByOutputError(const at::Tensor& x, const at::Tensor& weight, const quant::QuantizerSpec& spec,
                                    const std::function<void()>& check);

}  // namespace vitrine::methods
