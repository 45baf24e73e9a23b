// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/element_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quant/element_kernels.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine::quant::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;
using DI = hn::RebindToSigned<D>;
using VI = hn::Vec<DI>;

// Codes are kept as floats between the steps: integers up to 2^16 and zero points below 2^22 are exact there.

struct Uniform {
    Uniform(D d, const Table& table)
        : qmin(hn::Set(d, table.qmin)), qmax(hn::Set(d, table.qmax)), positiveZero(hn::Zero(d)) {}
    V qmin, qmax;
    V positiveZero;  ///< added, it makes -0 a 0, as an integer code is

    /// The clamped code; NaN stays NaN.
    template <Rounding kRounding>
    HWY_INLINE V code(V x, V scale, V zero) const {
        const V quotient = hn::Div(x, scale);
        const V code = kRounding == Rounding::roundThenShift ? hn::Add(hn::Round(quotient), zero)
                                                             : hn::Add(hn::Round(hn::Add(quotient, zero)), positiveZero);
        return hn::IfThenElse(hn::IsNaN(x), x, hn::Min(hn::Max(code, qmin), qmax));
    }

    template <Rounding kRounding>
    HWY_INLINE V value(V x, V scale, V zero) const {
        return hn::Mul(hn::Sub(code<kRounding>(x, scale, zero), zero), scale);
    }
};

/// round(-log2 r) or round(-2 log2 r), exactly: the exponent is counted, and the significand, in [1, 2), compared with the
/// irrational borders between codes, so that no logarithm and no tie is ever computed. In 0..last, where `last` stands for
/// everything below the last code; r <= 0 is there too.
template <QuantizerKind kKind>
HWY_INLINE VI logCode(D d, V ratio, VI last) {
    const DI di;
    const auto subnormal = hn::Lt(ratio, hn::Set(d, std::numeric_limits<float>::min()));
    const VI bits = hn::BitCast(di, hn::IfThenElse(subnormal, hn::Mul(ratio, hn::Set(d, 0x1p32f)), ratio));
    const VI bias = hn::IfThenElse(hn::RebindMask(di, subnormal), hn::Set(di, 127 + 32), hn::Set(di, 127));
    const VI exponent = hn::Sub(hn::ShiftRight<23>(bits), bias);
    const V significand = hn::BitCast(d, hn::Or(hn::And(bits, hn::Set(di, 0x7fffff)), hn::Set(di, 0x3f800000)));
    const auto above = [&](float border) {
        return hn::IfThenElseZero(hn::RebindMask(di, hn::Gt(significand, hn::Set(d, border))), hn::Set(di, 1));
    };
    VI code;
    if constexpr (kKind == QuantizerKind::log2) {
        code = hn::Neg(hn::Add(exponent, above(1.41421354f)));  // the float below sqrt(2)
    } else {
        const VI halves = hn::Add(above(1.18920708f), above(1.68179274f));  // the floats below 2^(1/4) and 2^(3/4)
        code = hn::Neg(hn::Add(hn::Add(exponent, exponent), halves));
    }
    const auto none = hn::RebindMask(di, hn::Le(ratio, hn::Zero(d)));
    return hn::IfThenElse(none, last, hn::Min(hn::Max(code, hn::Zero(di)), last));
}

template <QuantizerKind kKind>
HWY_INLINE V logValue(D d, V x, V scale, const Table& table) {
    const DI di;
    const VI last = hn::Set(di, static_cast<std::int32_t>(table.qmax) + 1);
    const VI code = logCode<kKind>(d, hn::Div(x, scale), last);
    const V value = hn::Mul(hn::GatherIndex(d, table.powers.data(), code), scale);
    return hn::IfThenElse(hn::IsNaN(x), x, value);
}

/// Calls `f(quantizer of a vector)` for the kind and rounding of `table`. A quantizer takes (d, x, scale, zero).
template <typename F>
HWY_INLINE void withQuantizer(const Table& table, const F& f) {
    const D d0;
    const Uniform uniform(d0, table);
    if (table.kind == QuantizerKind::log2)
        f([&](D d, V x, V scale, V) { return logValue<QuantizerKind::log2>(d, x, scale, table); });
    else if (table.kind == QuantizerKind::logSqrt2)
        f([&](D d, V x, V scale, V) { return logValue<QuantizerKind::logSqrt2>(d, x, scale, table); });
    else if (table.rounding == Rounding::roundThenShift)
        f([&](D, V x, V scale, V zero) { return uniform.value<Rounding::roundThenShift>(x, scale, zero); });
    else
        f([&](D, V x, V scale, V zero) { return uniform.value<Rounding::shiftThenRound>(x, scale, zero); });
}

/// Writes `f(vector, index)` of every whole vector, and of the rest through a buffer.
template <typename F>
HWY_INLINE void forEachVector(D d, const float* in, float* out, std::int64_t count, const F& f) {
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) hn::StoreU(f(hn::LoadU(d, in + i), i), d, out + i);
    if (i == count) return;
    HWY_ALIGN float buffer[hn::MaxLanes(D())] = {};
    std::copy(in + i, in + count, buffer);
    hn::Store(f(hn::Load(d, buffer), i), d, buffer);
    std::copy(buffer, buffer + (count - i), out + i);
}

void fakeQuantizeRunTarget(const float* in, float* out, std::int64_t count, const Table& table, std::int64_t channel) {
    const D d;
    const V scale = hn::Set(d, table.scale[static_cast<std::size_t>(channel)]);
    const V zero = hn::Set(d, table.zero[static_cast<std::size_t>(channel)]);
    withQuantizer(table, [&](const auto& quantizer) {
        forEachVector(d, in, out, count, [&](V x, std::int64_t) { return quantizer(d, x, scale, zero); });
    });
}

void fakeQuantizeColumnsTarget(const float* in, float* out, std::int64_t rows, std::int64_t columns, const Table& table) {
    const D d;
    const float* scales = table.scale.data();
    const float* zeros = table.zero.data();
    withQuantizer(table, [&](const auto& quantizer) {
        for (std::int64_t row = 0; row < rows; ++row)
            forEachVector(d, in + row * columns, out + row * columns, columns, [&](V x, std::int64_t i) {
                return quantizer(d, x, hn::LoadU(d, scales + i), hn::LoadU(d, zeros + i));
            });
    });
}

double squaredErrorTarget(const float* in, std::int64_t count, const Table& table, std::int64_t channel) {
    const D d;
    const V scale = hn::Set(d, table.scale[static_cast<std::size_t>(channel)]);
    const V zero = hn::Set(d, table.zero[static_cast<std::size_t>(channel)]);
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const std::int64_t chunk = 32 * lanes;  // float sums stay short; longer ones are in double
    double total = 0;
    withQuantizer(table, [&](const auto& quantizer) {
        std::int64_t i = 0;
        while (i + lanes <= count) {
            V sum = hn::Zero(d);
            for (const std::int64_t end = std::min(count, i + chunk); i + lanes <= end; i += lanes) {
                const V x = hn::LoadU(d, in + i);
                const V error = hn::Sub(x, quantizer(d, x, scale, zero));
                sum = hn::MulAdd(error, error, sum);
            }
            total += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
        }
        HWY_ALIGN float buffer[hn::MaxLanes(D())] = {};
        std::copy(in + i, in + count, buffer);
        const V x = hn::Load(d, buffer);
        hn::Store(hn::Sub(x, quantizer(d, x, scale, zero)), d, buffer);
        for (std::int64_t k = 0; k < count - i; ++k) total += static_cast<double>(buffer[k]) * static_cast<double>(buffer[k]);
    });
    return total;
}

/// Codes as floats, NaN for NaN.
void codesTarget(const float* in, float* out, std::int64_t count, const Table& table, std::int64_t channel) {
    const D d;
    const DI di;
    const V scale = hn::Set(d, table.scale[static_cast<std::size_t>(channel)]);
    const V zero = hn::Set(d, table.zero[static_cast<std::size_t>(channel)]);
    const VI last = hn::Set(di, static_cast<std::int32_t>(table.qmax) + 1);
    const Uniform uniform(d, table);
    forEachVector(d, in, out, count, [&](V x, std::int64_t) {
        if (table.kind == QuantizerKind::uniform)
            return table.rounding == Rounding::roundThenShift ? uniform.code<Rounding::roundThenShift>(x, scale, zero)
                                                              : uniform.code<Rounding::shiftThenRound>(x, scale, zero);
        const V ratio = hn::Div(x, scale);
        const VI code = table.kind == QuantizerKind::log2 ? logCode<QuantizerKind::log2>(d, ratio, last)
                                                          : logCode<QuantizerKind::logSqrt2>(d, ratio, last);
        return hn::IfThenElse(hn::IsNaN(x), x, hn::ConvertTo(d, code));
    });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace vitrine::quant::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine::quant::kernels {
namespace {

HWY_EXPORT(fakeQuantizeRunTarget);
HWY_EXPORT(fakeQuantizeColumnsTarget);
HWY_EXPORT(squaredErrorTarget);
HWY_EXPORT(codesTarget);

/// More than the lanes of any vector.
constexpr std::size_t kPadding = 64;

std::vector<float> padded(const std::vector<float>& values, std::size_t count, float rest) {
    std::vector<float> result = values;
    result.resize(count + kPadding, rest);
    return result;
}

std::vector<float> powersOf(const Encoding& encoding) {
    std::vector<float> powers;
    if (encoding.kind == QuantizerKind::uniform) return powers;
    const bool halves = encoding.kind == QuantizerKind::logSqrt2;
    for (std::int64_t code = 0; code <= encoding.qmax; ++code) {
        const int shift = static_cast<int>(halves ? (code + 1) / 2 : code);
        powers.push_back(static_cast<float>(std::ldexp(halves && code % 2 == 1 ? std::numbers::sqrt2 : 1.0, -shift)));
    }
    powers.push_back(0.0f);
    return powers;
}

/// A zero point with a fraction (compatibility mode of RepQ-ViT) makes codes round(x / s) + z that are no integers. They are
/// stored with floor(z) instead of z; clamped codes as the nearest integer outside, or as qmax.
std::int32_t storedCode(float code, float zero, const Table& table) {
    if (std::isnan(code)) return kNanCode;
    if (zero == std::floor(zero)) return static_cast<std::int32_t>(code);
    if (code <= table.qmin) return static_cast<std::int32_t>(table.qmin) - 1;
    if (code >= table.qmax) return static_cast<std::int32_t>(table.qmax);
    return static_cast<std::int32_t>(std::lround(code - (zero - std::floor(zero))));
}

float realCode(std::int32_t stored, float zero, const Table& table) {
    if (zero == std::floor(zero)) return static_cast<float>(stored);
    return std::clamp(static_cast<float>(stored) - std::floor(zero) + zero, table.qmin, table.qmax);
}

/// The zero point whose fraction shows in codes.
float zeroInCodes(const Table& table, std::int64_t channel) {
    const bool shows = table.kind == QuantizerKind::uniform && table.rounding == Rounding::roundThenShift;
    return shows ? table.zero[static_cast<std::size_t>(channel)] : 0.0f;
}

}  // namespace

Table::Table(const Encoding& encoding)
    : kind(encoding.kind), rounding(encoding.rounding), qmin(static_cast<float>(encoding.qmin)),
      qmax(static_cast<float>(encoding.qmax)), scale(padded(encoding.scale, encoding.scale.size(), 1.0f)),
      zero(padded(encoding.zeroPoint, encoding.scale.size(), 0.0f)), powers(powersOf(encoding)) {
    for (float& value : zero) value += 0.0f;  // -0 becomes 0
}

void fakeQuantizeRun(const float* in, float* out, std::int64_t count, const Table& table, std::int64_t channel) {
    HWY_DYNAMIC_DISPATCH(fakeQuantizeRunTarget)(in, out, count, table, channel);
}

void fakeQuantizeColumns(const float* in, float* out, std::int64_t rows, std::int64_t columns, const Table& table) {
    HWY_DYNAMIC_DISPATCH(fakeQuantizeColumnsTarget)(in, out, rows, columns, table);
}

double squaredErrorRun(const float* in, std::int64_t count, const Table& table, std::int64_t channel) {
    return HWY_DYNAMIC_DISPATCH(squaredErrorTarget)(in, count, table, channel);
}

void encodeRun(const float* in, std::int32_t* out, std::int64_t count, const Table& table, std::int64_t channel) {
    const float zero = zeroInCodes(table, channel);
    constexpr std::int64_t kChunk = 256;
    float codes[kChunk];
    for (std::int64_t first = 0; first < count; first += kChunk) {
        const std::int64_t size = std::min(kChunk, count - first);
        HWY_DYNAMIC_DISPATCH(codesTarget)(in + first, codes, size, table, channel);
        for (std::int64_t i = 0; i < size; ++i) out[first + i] = storedCode(codes[i], zero, table);
    }
}

void decodeRun(const std::int32_t* in, float* out, std::int64_t count, const Table& table, std::int64_t channel) {
    const float scale = table.scale[static_cast<std::size_t>(channel)];
    const float zero = table.zero[static_cast<std::size_t>(channel)];
    const auto below = static_cast<std::int32_t>(table.qmax) + 1;
    for (std::int64_t i = 0; i < count; ++i) {
        if (in[i] == kNanCode)
            out[i] = std::numeric_limits<float>::quiet_NaN();
        else if (table.kind == QuantizerKind::uniform)
            out[i] = (realCode(in[i], zeroInCodes(table, channel), table) - zero) * scale;
        else
            out[i] = table.powers[static_cast<std::size_t>(std::clamp(in[i], 0, below))] * scale;
    }
}

}  // namespace vitrine::quant::kernels
#endif  // HWY_ONCE
