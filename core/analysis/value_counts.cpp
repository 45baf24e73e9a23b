// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/value_counts.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "analysis/value_kernels.h"

namespace vitrine::analysis {
namespace {

/// The middle of the values of a bin; infinity shares its bin with NaN's bits only.
double centreOf(std::uint32_t bin) {
    const std::uint32_t ascending = (bin << 16) | 0x8000U;
    const std::uint32_t bits = (ascending & 0x80000000U) != 0 ? ascending & 0x7FFFFFFFU : ~ascending;
    const float centre = std::bit_cast<float>(bits);
    return std::isnan(centre) ? std::copysign(std::numeric_limits<float>::infinity(), centre) : centre;
}

}  // namespace

void ValueCounts::add(const at::Tensor& values) {
    const at::Tensor host = values.cpu().contiguous();
    const float* data = host.data_ptr<float>();
    std::array<std::uint32_t, 1024> bins;
    constexpr auto kChunk = static_cast<std::int64_t>(bins.size());
    const std::int64_t nansBefore = counts_[kernels::kNanBin];
    for (std::int64_t first = 0; first < host.numel(); first += kChunk) {
        const std::int64_t size = std::min(kChunk, host.numel() - first);
        const kernels::Extremes extremes = kernels::magnitudeBins(data + first, bins.data(), size);
        minimum_ = std::min(minimum_, static_cast<double>(extremes.minimum));
        maximum_ = std::max(maximum_, static_cast<double>(extremes.maximum));
        for (std::int64_t i = 0; i < size; ++i) ++counts_[bins[static_cast<std::size_t>(i)]];
    }
    count_ += host.numel() - (counts_[kernels::kNanBin] - nansBefore);
}

double ValueCounts::quantile(double portion) const {
    const auto rank = static_cast<std::int64_t>(portion * static_cast<double>(std::max<std::int64_t>(count_ - 1, 0)));
    std::int64_t below = 0;
    for (std::uint32_t bin = 0; bin < kernels::kNanBin; ++bin) {
        below += counts_[bin];
        if (below > rank) return std::clamp(centreOf(bin), minimum(), maximum());
    }
    return maximum();
}

}  // namespace vitrine::analysis
