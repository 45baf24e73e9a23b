// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/kernels.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine::engine {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// A row's last, partial vector. Where masked accesses may touch memory outside the row, it goes through a buffer.

/// The first `count` of the elements at `from`, the rest filled with `rest`.
HWY_INLINE V loadSome(D d, const float* from, std::size_t count, float rest) {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN float buffer[hn::MaxLanes(D())];
    hn::Store(hn::Set(d, rest), d, buffer);
    hn::SafeCopyN(count, d, from, buffer);
    return hn::Load(d, buffer);
#else
    const auto mask = hn::FirstN(d, count);
    return hn::IfThenElse(mask, hn::MaskedLoad(mask, d, from), hn::Set(d, rest));
#endif
}

HWY_INLINE void storeSome(D d, V value, float* to, std::size_t count) {
#if HWY_MEM_OPS_MIGHT_FAULT
    HWY_ALIGN float buffer[hn::MaxLanes(D())];
    hn::Store(value, d, buffer);
    hn::SafeCopyN(count, d, buffer, to);
#else
    hn::BlendedStore(value, hn::FirstN(d, count), d, to);
#endif
}

/// exp(x) for x <= 0; relative error below 2e-7. 0 where the result would be no normal number; NaN stays NaN.
/// x = n ln 2 + r, and exp(r) is a polynomial of our own fit for |r| <= ln 2 / 2 (relative error 2e-9).
HWY_INLINE V expOfNegative(D d, V x) {
    const hn::RebindToSigned<D> di;
    const auto n = hn::NearestInt(hn::Mul(x, hn::Set(d, 1.44269504f)));
    const V whole = hn::ConvertTo(d, n);
    V r = hn::NegMulAdd(whole, hn::Set(d, 0.693359375f), x);  // ln 2 in two parts: the first product is exact
    r = hn::NegMulAdd(whole, hn::Set(d, -2.12194440e-4f), r);
    V p = hn::Set(d, 0.00138436066f);
    p = hn::MulAdd(p, r, hn::Set(d, 0.00837419564f));
    p = hn::MulAdd(p, r, hn::Set(d, 0.0416680047f));
    p = hn::MulAdd(p, r, hn::Set(d, 0.166664308f));
    p = hn::MulAdd(p, r, hn::Set(d, 0.499999942f));
    p = hn::MulAdd(p, r, hn::Set(d, 1.00000003f));
    p = hn::MulAdd(p, r, hn::Set(d, 1.0f));
    const V power = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(n, hn::Set(di, 127))));
    return hn::IfThenZeroElse(hn::Lt(x, hn::Set(d, -87.0f)), hn::Mul(p, power));
}

HWY_INLINE void softmaxRow(D d, const float* in, float* out, std::size_t columns) {
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t whole = columns / lanes * lanes;
    const std::size_t rest = columns - whole;
    const float lowest = -std::numeric_limits<float>::infinity();
    const V last = loadSome(d, in + whole, rest, lowest);

    V highest = last;
    for (std::size_t i = 0; i < whole; i += lanes) highest = hn::Max(highest, hn::LoadU(d, in + i));
    highest = hn::MaxOfLanes(d, highest);

    const V lastPower = expOfNegative(d, hn::Sub(last, highest));
    V sum = lastPower;
    for (std::size_t i = 0; i < whole; i += lanes) {
        const V power = expOfNegative(d, hn::Sub(hn::LoadU(d, in + i), highest));
        sum = hn::Add(sum, power);
        hn::StoreU(power, d, out + i);
    }
    const V factor = hn::Div(hn::Set(d, 1.0f), hn::SumOfLanes(d, sum));
    for (std::size_t i = 0; i < whole; i += lanes) hn::StoreU(hn::Mul(hn::LoadU(d, out + i), factor), d, out + i);
    storeSome(d, hn::Mul(lastPower, factor), out + whole, rest);
}

void softmaxAll(const float* in, float* out, std::size_t rows, std::size_t columns) {
    const D d;
    for (std::size_t row = 0; row < rows; ++row) softmaxRow(d, in + row * columns, out + row * columns, columns);
}

/// Phi(-a) and exp(-a^2 / 2) for a in [0, 13]. The upper tail is Phi(-a) = exp(-a^2 / 2) P(1 / (1 + 0.35 a)), the form of Abramowitz
/// and Stegun 7.1.26, with a polynomial of our own fit: relative error 3.1e-7 for a in [0, 13], beyond which a Phi(-a) < 1e-37.
struct Tail {
    V polynomial;
    V power;
};
HWY_INLINE Tail tailOf(D d, V bounded) {
    const V u = hn::Div(hn::Set(d, 1.0f), hn::MulAdd(bounded, hn::Set(d, 0.35f), hn::Set(d, 1.0f)));
    V p = hn::Set(d, 0.0489423628f);
    p = hn::MulAdd(p, u, hn::Set(d, -0.202118904f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.240640088f));
    p = hn::MulAdd(p, u, hn::Set(d, -0.017022688f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.155961045f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.133355246f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.140270317f));
    p = hn::MulAdd(p, u, hn::Set(d, -2.73135825e-05f));
    return {p, expOfNegative(d, hn::Mul(hn::Mul(bounded, bounded), hn::Set(d, -0.5f)))};
}

HWY_INLINE V boundedMagnitude(D d, V x) { return hn::Min(hn::Abs(x), hn::Set(d, 13.0f)); }

/// max(x, 0) - |x| Phi(-|x|).
HWY_INLINE V geluOf(D d, V x) {
    const V bounded = boundedMagnitude(d, x);
    const Tail tail = tailOf(d, bounded);
    const V positive = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x);  // keeps NaN
    return hn::NegMulAdd(hn::Mul(bounded, tail.power), tail.polynomial, positive);
}

/// Phi(x) + x exp(-x^2 / 2) / sqrt(2 pi).
HWY_INLINE V geluSlope(D d, V x) {
    const V bounded = boundedMagnitude(d, x);
    const Tail tail = tailOf(d, bounded);
    const V below = hn::Mul(tail.power, tail.polynomial);
    const V normal = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), below, hn::Sub(hn::Set(d, 1.0f), below));
    const V signedMagnitude = hn::CopySign(bounded, x);
    return hn::MulAdd(hn::Mul(signedMagnitude, tail.power), hn::Set(d, 0.398942280f), normal);
}

void geluAll(const float* in, float* out, std::size_t count) {
    const D d;
    const std::size_t whole = count / hn::Lanes(d) * hn::Lanes(d);
    for (std::size_t i = 0; i < whole; i += hn::Lanes(d)) hn::StoreU(geluOf(d, hn::LoadU(d, in + i)), d, out + i);
    storeSome(d, geluOf(d, loadSome(d, in + whole, count - whole, 0.0f)), out + whole, count - whole);
}

HWY_INLINE void layerNormRow(D d, const float* in, float* out, std::size_t columns, const LayerNorm& norm) {
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t whole = columns / lanes * lanes;
    const std::size_t rest = columns - whole;
    const float share = 1.0f / static_cast<float>(columns);
    const V last = loadSome(d, in + whole, rest, 0.0f);

    V sum = last;
    for (std::size_t i = 0; i < whole; i += lanes) sum = hn::Add(sum, hn::LoadU(d, in + i));
    const V mean = hn::Mul(hn::SumOfLanes(d, sum), hn::Set(d, share));

    const V lastDifference = hn::IfThenElseZero(hn::FirstN(d, rest), hn::Sub(last, mean));
    V squares = hn::Mul(lastDifference, lastDifference);
    for (std::size_t i = 0; i < whole; i += lanes) {
        const V difference = hn::Sub(hn::LoadU(d, in + i), mean);
        squares = hn::MulAdd(difference, difference, squares);
    }
    const float variance = hn::GetLane(hn::SumOfLanes(d, squares)) * share;
    const V inverse = hn::Set(d, 1.0f / std::sqrt(variance + norm.epsilon));

    for (std::size_t i = 0; i < whole; i += lanes) {
        const V normal = hn::Mul(hn::Sub(hn::LoadU(d, in + i), mean), inverse);
        hn::StoreU(hn::MulAdd(normal, hn::LoadU(d, norm.weight + i), hn::LoadU(d, norm.bias + i)), d, out + i);
    }
    const V weight = loadSome(d, norm.weight + whole, rest, 0.0f);
    const V bias = loadSome(d, norm.bias + whole, rest, 0.0f);
    storeSome(d, hn::MulAdd(hn::Mul(lastDifference, inverse), weight, bias), out + whole, rest);
}

HWY_INLINE void softmaxGradientRow(D d, const float* y, const float* gradient, float* out, std::size_t columns) {
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t whole = columns / lanes * lanes;
    const std::size_t rest = columns - whole;
    const V lastY = loadSome(d, y + whole, rest, 0.0f);
    const V lastGradient = loadSome(d, gradient + whole, rest, 0.0f);
    V sum = hn::Mul(lastY, lastGradient);
    for (std::size_t i = 0; i < whole; i += lanes) sum = hn::MulAdd(hn::LoadU(d, y + i), hn::LoadU(d, gradient + i), sum);
    sum = hn::SumOfLanes(d, sum);
    for (std::size_t i = 0; i < whole; i += lanes)
        hn::StoreU(hn::Mul(hn::LoadU(d, y + i), hn::Sub(hn::LoadU(d, gradient + i), sum)), d, out + i);
    storeSome(d, hn::Mul(lastY, hn::Sub(lastGradient, sum)), out + whole, rest);
}

void softmaxGradientAll(const float* y, const float* gradient, float* out, std::size_t rows, std::size_t columns) {
    const D d;
    for (std::size_t row = 0; row < rows; ++row)
        softmaxGradientRow(d, y + row * columns, gradient + row * columns, out + row * columns, columns);
}

void geluGradientAll(const float* x, const float* gradient, float* out, std::size_t count) {
    const D d;
    const std::size_t whole = count / hn::Lanes(d) * hn::Lanes(d);
    for (std::size_t i = 0; i < whole; i += hn::Lanes(d))
        hn::StoreU(hn::Mul(hn::LoadU(d, gradient + i), geluSlope(d, hn::LoadU(d, x + i))), d, out + i);
    const V slope = geluSlope(d, loadSome(d, x + whole, count - whole, 0.0f));
    storeSome(d, hn::Mul(loadSome(d, gradient + whole, count - whole, 0.0f), slope), out + whole, count - whole);
}

/// With h = gradient * weight and the normalized row n: (h - mean(h) - n mean(h n)) / sqrt(variance + epsilon).
HWY_INLINE void layerNormGradientRow(D d, const float* x, const float* gradient, float* out, std::size_t columns, const LayerNorm& norm) {
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t whole = columns / lanes * lanes;
    const std::size_t rest = columns - whole;
    const V share = hn::Set(d, 1.0f / static_cast<float>(columns));
    const auto there = hn::FirstN(d, rest);
    const V lastX = loadSome(d, x + whole, rest, 0.0f);
    const V lastH = hn::Mul(loadSome(d, gradient + whole, rest, 0.0f), loadSome(d, norm.weight + whole, rest, 0.0f));

    V sum = lastX;
    for (std::size_t i = 0; i < whole; i += lanes) sum = hn::Add(sum, hn::LoadU(d, x + i));
    const V mean = hn::Mul(hn::SumOfLanes(d, sum), share);

    const V lastDifference = hn::IfThenElseZero(there, hn::Sub(lastX, mean));
    V squares = hn::Mul(lastDifference, lastDifference);
    V sumOfH = lastH;
    V sumOfProducts = hn::Mul(lastH, lastDifference);
    for (std::size_t i = 0; i < whole; i += lanes) {
        const V difference = hn::Sub(hn::LoadU(d, x + i), mean);
        const V h = hn::Mul(hn::LoadU(d, gradient + i), hn::LoadU(d, norm.weight + i));
        squares = hn::MulAdd(difference, difference, squares);
        sumOfH = hn::Add(sumOfH, h);
        sumOfProducts = hn::MulAdd(h, difference, sumOfProducts);
    }
    const float variance = hn::GetLane(hn::SumOfLanes(d, squares)) / static_cast<float>(columns);
    const float inverse = 1.0f / std::sqrt(variance + norm.epsilon);
    const V scale = hn::Set(d, inverse);
    const V meanOfH = hn::Mul(hn::SumOfLanes(d, sumOfH), share);
    const V slope = hn::Mul(hn::Mul(hn::SumOfLanes(d, sumOfProducts), share), hn::Set(d, inverse * inverse));

    for (std::size_t i = 0; i < whole; i += lanes) {
        const V difference = hn::Sub(hn::LoadU(d, x + i), mean);
        const V h = hn::Mul(hn::LoadU(d, gradient + i), hn::LoadU(d, norm.weight + i));
        hn::StoreU(hn::Mul(hn::NegMulAdd(difference, slope, hn::Sub(h, meanOfH)), scale), d, out + i);
    }
    storeSome(d, hn::Mul(hn::NegMulAdd(lastDifference, slope, hn::Sub(lastH, meanOfH)), scale), out + whole, rest);
}

void layerNormGradientAll(const float* x, const float* gradient, float* out, std::size_t rows, std::size_t columns, const LayerNorm& norm) {
    const D d;
    for (std::size_t row = 0; row < rows; ++row)
        layerNormGradientRow(d, x + row * columns, gradient + row * columns, out + row * columns, columns, norm);
}

/// exp(-z^2 / 2) with z = (point - x) * scale.
HWY_INLINE V gaussian(D d, V z) { return expOfNegative(d, hn::Mul(hn::Mul(z, z), hn::Set(d, -0.5f))); }

float gaussianSumAll(const float* x, std::size_t count, float point, float scale) {
    const D d;
    const V factor = hn::Set(d, scale);
    const V at = hn::Set(d, point);
    const std::size_t whole = count / hn::Lanes(d) * hn::Lanes(d);
    V sum = hn::Zero(d);
    for (std::size_t i = 0; i < whole; i += hn::Lanes(d))
        sum = hn::Add(sum, gaussian(d, hn::Mul(hn::Sub(at, hn::LoadU(d, x + i)), factor)));
    const V last = gaussian(d, hn::Mul(hn::Sub(at, loadSome(d, x + whole, count - whole, 0.0f)), factor));
    sum = hn::Add(sum, hn::IfThenElseZero(hn::FirstN(d, count - whole), last));
    return hn::GetLane(hn::SumOfLanes(d, sum));
}

void addGaussianSlopesAll(const float* x, float* out, std::size_t count, float point, float scale, float weight) {
    const D d;
    const V factor = hn::Set(d, scale);
    const V at = hn::Set(d, point);
    const V share = hn::Set(d, weight);
    const std::size_t whole = count / hn::Lanes(d) * hn::Lanes(d);
    const auto slope = [&](V from, V before) {
        const V z = hn::Mul(hn::Sub(at, from), factor);
        return hn::MulAdd(hn::Mul(z, gaussian(d, z)), share, before);
    };
    for (std::size_t i = 0; i < whole; i += hn::Lanes(d)) hn::StoreU(slope(hn::LoadU(d, x + i), hn::LoadU(d, out + i)), d, out + i);
    const V last = slope(loadSome(d, x + whole, count - whole, 0.0f), loadSome(d, out + whole, count - whole, 0.0f));
    storeSome(d, last, out + whole, count - whole);
}

void layerNormAll(const float* in, float* out, std::size_t rows, std::size_t columns, const LayerNorm& norm) {
    const D d;
    for (std::size_t row = 0; row < rows; ++row) layerNormRow(d, in + row * columns, out + row * columns, columns, norm);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace vitrine::engine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine::engine {
HWY_EXPORT(softmaxAll);
HWY_EXPORT(geluAll);
HWY_EXPORT(layerNormAll);
HWY_EXPORT(softmaxGradientAll);
HWY_EXPORT(geluGradientAll);
HWY_EXPORT(layerNormGradientAll);
HWY_EXPORT(gaussianSumAll);
HWY_EXPORT(addGaussianSlopesAll);

void softmaxRows(const float* in, float* out, std::int64_t rows, std::int64_t columns) {
    HWY_DYNAMIC_DISPATCH(softmaxAll)(in, out, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
}

void gelu(const float* in, float* out, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(geluAll)(in, out, static_cast<std::size_t>(count));
}

void layerNormRows(const float* in, float* out, std::int64_t rows, std::int64_t columns, const LayerNorm& norm) {
    HWY_DYNAMIC_DISPATCH(layerNormAll)(in, out, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), norm);
}

void softmaxGradientRows(const float* y, const float* gradient, float* out, std::int64_t rows, std::int64_t columns) {
    HWY_DYNAMIC_DISPATCH(softmaxGradientAll)(y, gradient, out, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
}

void geluGradient(const float* x, const float* gradient, float* out, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(geluGradientAll)(x, gradient, out, static_cast<std::size_t>(count));
}

float gaussianSum(const float* x, std::int64_t count, float point, float scale) {
    return HWY_DYNAMIC_DISPATCH(gaussianSumAll)(x, static_cast<std::size_t>(count), point, scale);
}

void addGaussianSlopes(const float* x, float* out, std::int64_t count, float point, float scale, float weight) {
    HWY_DYNAMIC_DISPATCH(addGaussianSlopesAll)(x, out, static_cast<std::size_t>(count), point, scale, weight);
}

void layerNormGradientRows(const float* x, const float* gradient, float* out, std::int64_t rows, std::int64_t columns,
                           const LayerNorm& norm) {
    HWY_DYNAMIC_DISPATCH(layerNormGradientAll)
    (x, gradient, out, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), norm);
}

}  // namespace vitrine::engine
#endif  // HWY_ONCE
