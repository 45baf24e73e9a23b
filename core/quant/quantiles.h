// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

namespace vitrine::quant {

/// Quantiles with linear interpolation between order statistics, as numpy and torch define them, without torch's limit of
/// 2^24 elements. Linear time; reorders `values`. In the order of `probabilities` (each in [0, 1]).
/// Throws Exception(invalidArgument) when there are no values.
std::vector<float> quantiles(std::span<float> values, std::span<const double> probabilities);

}  // namespace vitrine::quant
