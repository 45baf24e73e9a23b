// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "methods/method.h"

namespace vitrine::methods {

/// context.parameters with "calibration.count" = `count` behind them: what "start.method" calibrates on.
ParameterSet withCalibrationCount(const ParameterSet& parameters, std::int64_t count);

/// Quantizes by "start.method" on `images` alone; `made`, what the images left besides, does not count.
MethodState quantizeOn(const at::Tensor& images, const MethodState& made, MethodContext& context);

}  // namespace vitrine::methods
