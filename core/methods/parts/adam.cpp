// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/adam.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <cmath>

namespace vitrine::methods {

void update(const Adam& adam, const AdamState& state, const at::Tensor& gradient, double rate, std::int64_t step) {
    const auto steps = static_cast<double>(step);
    const auto correction = static_cast<float>(1 / std::sqrt(1 - std::pow(adam.beta2, steps)));
    const auto beta1 = static_cast<float>(adam.beta1);
    const auto beta2 = static_cast<float>(adam.beta2);
    const auto size = static_cast<float>(rate / (1 - std::pow(adam.beta1, steps)));
    const auto guard = static_cast<float>(adam.epsilon);
    const at::Tensor from = gradient.contiguous();
    const float* g = from.data_ptr<float>();
    auto* m = state.first.data_ptr<float>();
    auto* v = state.second.data_ptr<float>();
    auto* x = state.value.data_ptr<float>();
    at::parallel_for(0, state.value.numel(), 1 << 16, [=](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
            x[i] -= size * m[i] / (std::sqrt(v[i]) * correction + guard);
        }
    });
}

}  // namespace vitrine::methods
