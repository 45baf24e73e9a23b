// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace vitrine::methods {

/// Gaussian kernel density estimate of the entries of symmetric matrices [G, n, n] at ascending `points` [G, P]:
///   f(x) = mean over i, j of exp(-(x - S_ij)^2 / (2 h^2)) / (h sqrt(2 pi)),  [G, P].
/// Only the upper triangle is read. Differentiable in the matrices: the gradient lies in the upper triangle. float or double, CPU.
at::Tensor symmetricDensity(const at::Tensor& matrices, const at::Tensor& points, double bandwidth);

}  // namespace vitrine::methods
