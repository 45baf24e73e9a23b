// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "quant/encoding.h"

/// Kernels over dense float runs in the widest instruction set of the processor, chosen at run time (Highway). Internal
/// to the room. `out` may be `in`. Pure; safe on several threads.
namespace vitrine::quant::kernels {

/// The code of NaN, which stays NaN.
inline constexpr std::int32_t kNanCode = INT32_MIN;

/// An encoding in the form that kernels read. Scales and zero points are padded, so that whole vectors can be read.
struct Table {
    explicit Table(const Encoding& encoding);

    QuantizerKind kind;
    Rounding rounding;
    float qmin, qmax;
    std::vector<float> scale;
    std::vector<float> zero;
    std::vector<float> powers;  ///< log kinds: 2^-q or 2^-ceil(q/2) sqrt(2)^(q odd) of each code, then 0 for "below the last"
};

/// `count` elements that share scale `channel`.
void fakeQuantizeRun(const float* in, float* out, std::int64_t count, const Table& table, std::int64_t channel);

/// `rows` rows of `columns` elements, where column c has scale c.
void fakeQuantizeColumns(const float* in, float* out, std::int64_t rows, std::int64_t columns, const Table& table);

/// Sum of (x - x^)^2 over `count` elements that share scale `channel`.
double squaredErrorRun(const float* in, std::int64_t count, const Table& table, std::int64_t channel);

/// Codes of `count` elements that share a scale, and back. Log kinds write qmax + 1 for "below the last code".
void encodeRun(const float* in, std::int32_t* out, std::int64_t count, const Table& table, std::int64_t channel);
void decodeRun(const std::int32_t* in, float* out, std::int64_t count, const Table& table, std::int64_t channel);

}  // namespace vitrine::quant::kernels
