// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

/// Kernels over dense float runs in the widest instruction set of the processor, chosen at run time (Highway). Internal
/// to the room. Pure; safe on several threads.
namespace vitrine::analysis::kernels {

/// Sums over a run of a reference y and its approximation y^. Products and sums are in double, so that no finite float
/// overflows; a value that is not finite makes the sums it is in not finite.
struct Products {
    double signal = 0;  ///< sum of y^2
    double noise = 0;   ///< sum of (y - y^)^2
    double power = 0;   ///< sum of y^^2
    double cross = 0;   ///< sum of y y^
};
Products products(const float* reference, const float* approximation, std::int64_t count);

/// The bin of NaN, which holds no other value.
inline constexpr std::uint32_t kNanBin = 0xFFC0;

struct Extremes {
    float minimum, maximum;  ///< of what is not NaN; infinities, the wrong way round, when there is nothing
};

/// Writes the upper 16 bits of each value, arranged so that they ascend with it, and finds the extremes.
Extremes magnitudeBins(const float* in, std::uint32_t* bins, std::int64_t count);

/// Equal-width bins from `low` on.
struct Grid {
    double low = 0;
    double perUnit = 1;      ///< bins in one unit
    std::int32_t count = 1;  ///< what lies outside goes to the first and last bin
};

/// Writes the bin of each value, and `grid.count` for NaN.
void gridBins(const float* in, std::int32_t* bins, std::int64_t count, const Grid& grid);

}  // namespace vitrine::analysis::kernels
