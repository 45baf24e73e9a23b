// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/value_counts.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <bit>
#include <cmath>

namespace vitrine::analysis {
namespace {

/// The upper 16 bits of a float, arranged so that they ascend with the value.
std::uint32_t binOf(float value) {
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t ascending = (bits & 0x80000000U) != 0 ? ~bits : bits | 0x80000000U;
    return ascending >> 16;
}

/// The middle of the values of a bin.
double centreOf(std::uint32_t bin) {
    const std::uint32_t ascending = (bin << 16) | 0x8000U;
    const std::uint32_t bits = (ascending & 0x80000000U) != 0 ? ascending & 0x7FFFFFFFU : ~ascending;
    return std::bit_cast<float>(bits);
}

}  // namespace

void ValueCounts::add(const at::Tensor& values) {
    const at::Tensor host = values.cpu().contiguous();
    const float* data = host.data_ptr<float>();
    for (std::int64_t i = 0; i < host.numel(); ++i) {
        const float value = data[i];
        if (std::isnan(value)) continue;
        ++counts_[binOf(value)];
        ++count_;
        minimum_ = std::min(minimum_, static_cast<double>(value));
        maximum_ = std::max(maximum_, static_cast<double>(value));
    }
}

double ValueCounts::quantile(double portion) const {
    const auto rank = static_cast<std::int64_t>(portion * static_cast<double>(std::max<std::int64_t>(count_ - 1, 0)));
    std::int64_t below = 0;
    for (std::uint32_t bin = 0; bin < counts_.size(); ++bin) {
        below += counts_[bin];
        if (below > rank) return std::clamp(centreOf(bin), minimum(), maximum());
    }
    return maximum();
}

}  // namespace vitrine::analysis
