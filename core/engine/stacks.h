// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace vitrine::engine {

/// out = scale * a b for stacks of matrices a [..., M, K] and b [..., K, N], written into `out` [..., M, N], whose last
/// dimension is dense; float, CPU. Operands are read where they lie when that is possible. The result does not depend on
/// how they lie.
void multiplyStacks(const at::Tensor& a, const at::Tensor& b, double scale, const at::Tensor& out);

}  // namespace vitrine::engine
