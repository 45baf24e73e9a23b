// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/host_tensor.h"
#include "models/plan.h"

namespace vitrine::models {

/// Rows of the bias table for each pair of tokens of a window: i64 [n*n], row-major in (query, key), n = height x
/// width. Source: Liu et al. 2021, section 3.2; row = (dy + h - 1)(2w - 1) + (dx + w - 1).
HostTensor relativePositionIndex(std::int64_t height, std::int64_t width);

/// Additive mask of a shifted block: f32 [windows, n, n], 0 between tokens that were neighbours before the shift and
/// -100 between others. The map is padded to whole windows first. Throws Exception(tooLarge) above 2^26 elements.
HostTensor shiftMask(const StagePlan& stage);

/// `size` rounded up to whole windows.
std::int64_t paddedSize(std::int64_t size, std::int64_t window);

}  // namespace vitrine::models
