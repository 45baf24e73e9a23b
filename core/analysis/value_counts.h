// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <limits>
#include <vector>

namespace vitrine::analysis {

/// Smallest, largest and quantiles of a stream of values in one pass and 0.5 MB: values are counted by the upper half
/// of their bits, so a quantile is right to 0.8 % of itself at any magnitude. NaN is not counted.
class ValueCounts {
  public:
    ValueCounts() : counts_(65536) {}

    void add(const at::Tensor& values);  ///< float, any device

    std::int64_t count() const { return count_; }
    double minimum() const { return count_ == 0 ? 0 : minimum_; }
    double maximum() const { return count_ == 0 ? 0 : maximum_; }
    /// The value below which the fraction `portion` (0..1) of the values lies.
    double quantile(double portion) const;

  private:
    std::vector<std::int64_t> counts_;  ///< in ascending order of the values, then NaN
    std::int64_t count_ = 0;
    double minimum_ = std::numeric_limits<double>::infinity();
    double maximum_ = -std::numeric_limits<double>::infinity();
};

}  // namespace vitrine::analysis
