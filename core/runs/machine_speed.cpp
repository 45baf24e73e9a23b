// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/machine_speed.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "quant/scale_search.h"

namespace vitrine::runs {
namespace {

constexpr int kTimes = 3;
constexpr std::int64_t kSide = 512;
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
    at::init_num_threads();  // OpenMP counts threads for each thread that calls it
    const at::Tensor square = at::linspace(-1, 1, kSide * kSide).view({kSide, kSide});
    const at::Tensor values = at::linspace(-3, 3, kElements).pow(3);  // dense around 0, as activations are
    const std::vector<double> percentiles = {0.999, 0.9999, 0.99999};
    const double product = leastSeconds([&] { at::matmul(square, square); });
    const double search = leastSeconds([&] { quant::searchPercentiles(values, {.bits = 4}, 0, percentiles); });
    return {static_cast<double>(kSide * kSide * kSide) / product, static_cast<double>(kElements) / search};
}

}  // namespace

const MachineSpeed& machineSpeed() {
    static const MachineSpeed speed = measure();
    return speed;
}

}  // namespace vitrine::runs
