// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace vitrine::methods {

/// Adam (Kingma and Ba, ICLR 2015, algorithm 1).
struct Adam {
    double beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8;
};

/// What one update changes: float tensors on the CPU of one size, dense.
struct AdamState {
    at::Tensor value, first, second;  ///< the moments begin at zero
};

/// Update number `step`, from 1, by `gradient`, in place. Same bytes whatever the number of threads.
void update(const Adam& adam, const AdamState& state, const at::Tensor& gradient, double rate, std::int64_t step);

}  // namespace vitrine::methods
