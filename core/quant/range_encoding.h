// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "quant/encoding.h"
#include "quant/spec.h"

namespace vitrine::quant {

/// Real intervals to cover: one, or one for each index of a dimension.
struct Ranges {
    std::vector<float> low;
    std::vector<float> high;
};

enum class ZeroPoint {
    free,     ///< any integer: ranges that exclude 0 are kept (RepQ-ViT, BRECQ)
    clamped,  ///< a code: 0 can be represented exactly (FQ-ViT, Evol-Q, PSAQ-ViT)
};

/// The encoding of `spec` that covers `ranges` (docs/methods.md 1; single precision as in the official code):
/// asymmetric: s = (u - l) / (2^b - 1), z = round(-l / s); symmetric: s = max(|l|, |u|) / ((2^b - 1) / 2), z = 0;
/// log kinds: s = u. Scales are at least 1e-8. `axis` is the dimension of the ranges unless the spec says per tensor.
/// Throws Exception(badFormat) when a range is not finite.
Encoding encodeRanges(const QuantizerSpec& spec, std::int64_t axis, const Ranges& ranges, ZeroPoint zeroPoint = ZeroPoint::free);

}  // namespace vitrine::quant
