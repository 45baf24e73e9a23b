// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace vitrine::analysis {

/// Stands for an infinite signal-to-noise ratio, of either sign, in decibels.
inline constexpr double kInfiniteDb = 999;

/// How far an approximation is from a reference, over batches; constant memory, sums in double (docs/methods.md 5).
/// Values that are not finite count as the worst: -999 dB, cosine 0, mean squared error of the largest float.
class Comparison {
  public:
    /// Tensors of the same shape; dimension 0 counts images. Read in one pass; other devices' tensors are copied.
    void add(const at::Tensor& reference, const at::Tensor& approximation);
    /// The same for a tensor that belongs to no image, a weight: one vector.
    void addWhole(const at::Tensor& reference, const at::Tensor& approximation);

    double sqnrDb() const;  ///< 10 log10(sum y^2 / sum (y - y^)^2); 999 without noise, -999 with noise alone
    double cosine() const;  ///< mean over images of <y,y^> / (|y||y^|); 1 where both are zero, 0 where one is
    double mse() const;

  private:
    void addRows(const at::Tensor& reference, const at::Tensor& approximation, std::int64_t rows);

    double signal_ = 0, noise_ = 0, cosines_ = 0;
    std::int64_t images_ = 0, elements_ = 0;
};

}  // namespace vitrine::analysis
