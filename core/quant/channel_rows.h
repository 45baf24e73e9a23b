// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "quant/spec.h"

namespace vitrine::quant {

/// x as a dense float CPU matrix with one row for each scale of `spec`: [channels, elements], or [1, elements].
at::Tensor channelRows(const at::Tensor& x, const QuantizerSpec& spec, std::int64_t axis);

}  // namespace vitrine::quant
