// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "methods/method.h"

namespace vitrine::methods {

/// context.parameters with "calibration.count" = `count` behind them: what "start.method" calibrates on.
ParameterSet withCalibrationCount(const ParameterSet& parameters, std::int64_t count);

}  // namespace vitrine::methods
