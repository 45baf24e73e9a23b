// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>
#include <vector>

#include "quant/encoding.h"
#include "quant/range_encoding.h"
#include "quant/spec.h"

/// Searches over the whole of a tensor at hand: weights, or the values of one site for the calibration images. Each scale of a
/// per-channel spec is searched by itself. Deterministic; ties go to the first candidate. They throw what encodeRanges() throws.
namespace vitrine::quant {

/// For each scale, among the ranges [quantile(1 - p), quantile(p)] of all p, the one with the least squared error
/// (RepQ-ViT, I&S-ViT: docs/methods.md 2.4). Log kinds: the scale is quantile(p).
Encoding searchPercentiles(const at::Tensor& x, const QuantizerSpec& spec, std::int64_t axis, std::span<const double> percentiles);

struct ShrinkOptions {
    int candidates = 90;     ///< shrink factors 1, 1 - step, 1 - 2 step, ...
    double step = 0.01;
    double power = 2.0;      ///< of the error: 2, or 2.4 as in BRECQ
    bool common = false;     ///< one factor for all scales, chosen by the total error, as in FQ-ViT
    ZeroPoint zeroPoint = ZeroPoint::free;
};

/// For each scale, the shrunk min-max range with the least error: OMSE of FQ-ViT (90 candidates), BRECQ's `mse` (80
/// candidates, power 2.4). The first candidate is min-max, so the error is never above that of min-max. docs/methods.md 2.3.
Encoding searchShrunkRanges(const at::Tensor& x, const QuantizerSpec& spec, std::int64_t axis, const ShrinkOptions& options = {});

/// A scale of q = clamp(round(x / s), qmin, qmax), and its mean squared error.
struct ScaleChoice {
    double scale = 0;
    double error = 0;
    int candidate = 0;  ///< of a grid: 1-based
};

/// The best of s_i = absmax / qmax * i / steps, i = 1..steps; the first minimum wins.
ScaleChoice gridSymmetricScale(std::span<const float> values, std::int64_t qmin, std::int64_t qmax, int steps = 100);

/// The global optimum over all s > 0: the error is a parabola in s between the breakpoints |x| / (k + 1/2), each with a
/// closed form. Time and memory grow with values times codes. All-zero values: scale 1, error 0.
ScaleChoice exactSymmetricScale(std::span<const float> values, std::int64_t qmin, std::int64_t qmax);

/// Mean squared error that fake quantization by `encoding` makes on x, in double precision.
double meanSquaredError(const at::Tensor& x, const Encoding& encoding);

}  // namespace vitrine::quant
