// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/machine_speed.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/stacks.h"
#include "quant/scale_search.h"

namespace vitrine::runs {
namespace {

constexpr int kTimes = 8;
constexpr std::int64_t kSide = 64;  // small enough for one thread
constexpr int kProducts = 100;
constexpr std::int64_t kElements = 1 << 16;

template <typename Work>
double leastSeconds(const Work& work) {
    double least = 1e9;
    for (int i = 0; i < kTimes; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        work();
        least = std::min(least, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return std::max(least, 1e-9);
}

MachineSpeed measure() {
    const at::NoGradGuard noGradients;
    const at::Tensor square = at::linspace(-1, 1, kSide * kSide).view({kSide, kSide});
    // In no order and dense around 0, as activations are.
    const at::Tensor values = at::arange(kElements, at::kDouble).mul_(0.6180339887498949).frac_().mul_(6).sub_(3).pow_(3).to(at::kFloat);
    const std::vector<double> percentiles = {0.999, 0.9999, 0.99999};
    const at::Tensor product = at::empty_like(square);
    // Of our own kernel: which kernels a BLAS takes says nothing about a network.
    const double products = leastSeconds([&] {
        for (int i = 0; i < kProducts; ++i) engine::multiplyStacks(square, square, 1, product);
    });
    const double search = leastSeconds([&] { quant::searchPercentiles(values, {.bits = 4}, 0, percentiles); });
    return {static_cast<double>(kProducts * kSide * kSide * kSide) / products, static_cast<double>(kElements) / search};
}

}  // namespace

const MachineSpeed& machineSpeed() {
    static const MachineSpeed speed = measure();
    return speed;
}

}  // namespace vitrine::runs
