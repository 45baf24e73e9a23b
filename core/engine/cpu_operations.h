// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/operations.h"

namespace vitrine::engine::cpu {

// Faster than torch's kernels, for float32 on the CPU without gradients.

at::Tensor conv2d(Call& call);
at::Tensor linear(Call& call);
at::Tensor matmul(Call& call);
at::Tensor softmax(Call& call);
at::Tensor layerNorm(Call& call);
at::Tensor gelu(Call& call);

}  // namespace vitrine::engine::cpu
