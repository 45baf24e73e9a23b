// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace vitrine::engine {

// Kernels over dense float rows, in the widest instruction set of the processor (chosen at run time). `out` may be `in`.
// A row's result depends on nothing but the row. Errors are against exact arithmetic.

/// exp(x - max) / sum for each row; relative error below 2e-6, mostly that of x - max. Results below 1e-38 are 0; a NaN makes
/// its whole row NaN.
void softmaxRows(const float* in, float* out, std::int64_t rows, std::int64_t columns);

/// x Phi(x) with the exact normal distribution function; error below 3e-7 * max(1, |x|). NaN stays NaN.
void gelu(const float* in, float* out, std::int64_t count);

struct LayerNorm {
    const float* weight;  ///< [columns]
    const float* bias;    ///< [columns]
    float epsilon;
};

/// (x - mean) / sqrt(variance + epsilon) * weight + bias, with the biased variance, in two passes over the row.
void layerNormRows(const float* in, float* out, std::int64_t rows, std::int64_t columns, const LayerNorm& norm);

// The ways back: from the gradient of a result to that of the argument. `out` may be `gradient`.

/// y (g - sum(y g)) for each row, with the results y of softmaxRows().
void softmaxGradientRows(const float* y, const float* gradient, float* out, std::int64_t rows, std::int64_t columns);

/// g (Phi(x) + x phi(x)); error below 4e-7 * |g|.
void geluGradient(const float* x, const float* gradient, float* out, std::int64_t count);

/// Of layerNormRows() with the same argument x; mean and variance are computed again. The bias is not read.
void layerNormGradientRows(const float* x, const float* gradient, float* out, std::int64_t rows, std::int64_t columns,
                           const LayerNorm& norm);

/// Sum over x of exp(-z^2 / 2) with z = (point - x) * scale; relative error below 1e-5 for less than a thousand numbers.
float gaussianSum(const float* x, std::int64_t count, float point, float scale);

/// Adds weight * z exp(-z^2 / 2) to `out` for each x, with the same z.
void addGaussianSlopes(const float* x, float* out, std::int64_t count, float point, float scale, float weight);

}  // namespace vitrine::engine
