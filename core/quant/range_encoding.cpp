// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/range_encoding.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace vitrine::quant {
namespace {

/// As in BRECQ and RepQ-ViT; FQ-ViT's FLT_EPSILON would clip small weights.
constexpr float kSmallestScale = 1e-8f;

void requireFinite(float low, float high) {
    if (!std::isfinite(low) || !std::isfinite(high))
        fail(ErrorCode::badFormat, "the values to quantize are not finite", {}, "look for NaN or infinite values in the network");
}

/// Keeps codes plus zero point exact in single precision: constants far from zero would leave it.
float boundedZero(float zero) { return std::clamp(zero, -4194304.0f, 4194304.0f); }

}  // namespace

Encoding encodeRanges(const QuantizerSpec& spec, std::int64_t axis, const Ranges& ranges, ZeroPoint zeroPoint) {
    const std::int64_t codes = std::int64_t{1} << spec.bits;
    Encoding encoding{.kind = spec.kind, .bits = spec.bits, .rounding = spec.rounding, .granularity = spec.granularity,
                      .axis = spec.granularity == Granularity::tensor ? 0 : axis, .qmin = 0, .qmax = codes - 1};
    const bool uniform = spec.kind == QuantizerKind::uniform;
    if (uniform && spec.symmetric) {
        encoding.qmin = -codes / 2;
        encoding.qmax = codes / 2 - 1;
    }
    const auto steps = static_cast<float>(codes - 1);
    for (std::size_t i = 0; i < ranges.low.size(); ++i) {
        const float low = ranges.low[i], high = ranges.high[i];
        requireFinite(low, high);
        float scale = high;
        if (uniform) scale = spec.symmetric ? std::max(std::abs(low), std::abs(high)) / (steps / 2) : (high - low) / steps;
        encoding.scale.push_back(std::max(scale, kSmallestScale));
        if (!uniform) continue;
        float zero = spec.symmetric ? 0.0f : std::nearbyint(-low / encoding.scale.back());
        if (zeroPoint == ZeroPoint::clamped)
            zero = std::clamp(zero, static_cast<float>(encoding.qmin), static_cast<float>(encoding.qmax));
        encoding.zeroPoint.push_back(boundedZero(zero) + 0.0f);  // + 0 makes -0 a 0
    }
    return encoding;
}

}  // namespace vitrine::quant
