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
// After highway.h:
#include <hwy/contrib/math/math-inl.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine::engine {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

/// The first `count` of the elements at `from`, the rest filled with `rest`.
HWY_INLINE V loadSome(D d, const float* from, std::size_t count, float rest) {
    if (count >= hn::Lanes(d)) return hn::LoadU(d, from);
    HWY_ALIGN float buffer[hn::MaxLanes(D())];
    hn::Store(hn::Set(d, rest), d, buffer);
    hn::SafeCopyN(count, d, from, buffer);
    return hn::Load(d, buffer);
}

HWY_INLINE void storeSome(D d, V value, float* to, std::size_t count) {
    if (count >= hn::Lanes(d)) return hn::StoreU(value, d, to);
    HWY_ALIGN float buffer[hn::MaxLanes(D())];
    hn::Store(value, d, buffer);
    hn::SafeCopyN(count, d, buffer, to);
}

HWY_INLINE void softmaxRow(D d, const float* in, float* out, std::size_t columns) {
    const std::size_t lanes = hn::Lanes(d);
    const float lowest = -std::numeric_limits<float>::infinity();
    V highest = hn::Set(d, lowest);
    for (std::size_t i = 0; i < columns; i += lanes) highest = hn::Max(highest, loadSome(d, in + i, columns - i, lowest));
    highest = hn::MaxOfLanes(d, highest);

    V sum = hn::Zero(d);
    for (std::size_t i = 0; i < columns; i += lanes) {
        const V power = hn::Exp(d, hn::Sub(loadSome(d, in + i, columns - i, lowest), highest));
        sum = hn::Add(sum, power);
        storeSome(d, power, out + i, columns - i);
    }
    const V factor = hn::Div(hn::Set(d, 1.0f), hn::SumOfLanes(d, sum));
    for (std::size_t i = 0; i < columns; i += lanes)
        storeSome(d, hn::Mul(loadSome(d, out + i, columns - i, 0.0f), factor), out + i, columns - i);
}

void softmaxAll(const float* in, float* out, std::size_t rows, std::size_t columns) {
    const D d;
    for (std::size_t row = 0; row < rows; ++row) softmaxRow(d, in + row * columns, out + row * columns, columns);
}

/// max(x, 0) - |x| Phi(-|x|). The upper tail is Phi(-a) = exp(-a^2 / 2) P(1 / (1 + 0.35 a)), the form of Abramowitz and
/// Stegun 7.1.26, with a polynomial of our own fit: relative error 3.1e-7 for a in [0, 13], beyond which a Phi(-a) < 1e-37.
HWY_INLINE V geluOf(D d, V x) {
    const V a = hn::Abs(x);
    const V bounded = hn::Min(a, hn::Set(d, 13.0f));
    const V u = hn::Div(hn::Set(d, 1.0f), hn::MulAdd(bounded, hn::Set(d, 0.35f), hn::Set(d, 1.0f)));
    V p = hn::Set(d, 0.0489423628f);
    p = hn::MulAdd(p, u, hn::Set(d, -0.202118904f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.240640088f));
    p = hn::MulAdd(p, u, hn::Set(d, -0.017022688f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.155961045f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.133355246f));
    p = hn::MulAdd(p, u, hn::Set(d, 0.140270317f));
    p = hn::MulAdd(p, u, hn::Set(d, -2.73135825e-05f));
    const V power = hn::Exp(d, hn::Mul(hn::Mul(bounded, bounded), hn::Set(d, -0.5f)));
    const V positive = hn::IfThenElse(hn::Lt(x, hn::Zero(d)), hn::Zero(d), x);  // keeps NaN
    return hn::NegMulAdd(hn::Mul(bounded, power), p, positive);
}

void geluAll(const float* in, float* out, std::size_t count) {
    const D d;
    for (std::size_t i = 0; i < count; i += hn::Lanes(d))
        storeSome(d, geluOf(d, loadSome(d, in + i, count - i, 0.0f)), out + i, count - i);
}

HWY_INLINE void layerNormRow(D d, const float* in, float* out, std::size_t columns, const LayerNorm& norm) {
    const std::size_t lanes = hn::Lanes(d);
    const std::size_t whole = columns / lanes * lanes;
    const float share = 1.0f / static_cast<float>(columns);
    V sum = hn::Zero(d);
    for (std::size_t i = 0; i < columns; i += lanes) sum = hn::Add(sum, loadSome(d, in + i, columns - i, 0.0f));
    const V mean = hn::Mul(hn::SumOfLanes(d, sum), hn::Set(d, share));

    V squares = hn::Zero(d);
    for (std::size_t i = 0; i < whole; i += lanes) {
        const V difference = hn::Sub(hn::LoadU(d, in + i), mean);
        squares = hn::MulAdd(difference, difference, squares);
    }
    if (whole < columns) {
        const std::size_t rest = columns - whole;
        const V difference = hn::IfThenElseZero(hn::FirstN(d, rest), hn::Sub(loadSome(d, in + whole, rest, 0.0f), mean));
        squares = hn::MulAdd(difference, difference, squares);
    }
    const float variance = hn::GetLane(hn::SumOfLanes(d, squares)) * share;
    const V inverse = hn::Set(d, 1.0f / std::sqrt(variance + norm.epsilon));
    for (std::size_t i = 0; i < columns; i += lanes) {
        const std::size_t rest = columns - i;
        const V normal = hn::Mul(hn::Sub(loadSome(d, in + i, rest, 0.0f), mean), inverse);
        const V result = hn::MulAdd(normal, loadSome(d, norm.weight + i, rest, 0.0f), loadSome(d, norm.bias + i, rest, 0.0f));
        storeSome(d, result, out + i, rest);
    }
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

void softmaxRows(const float* in, float* out, std::int64_t rows, std::int64_t columns) {
    HWY_DYNAMIC_DISPATCH(softmaxAll)(in, out, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns));
}

void gelu(const float* in, float* out, std::int64_t count) {
    HWY_DYNAMIC_DISPATCH(geluAll)(in, out, static_cast<std::size_t>(count));
}

void layerNormRows(const float* in, float* out, std::int64_t rows, std::int64_t columns, const LayerNorm& norm) {
    HWY_DYNAMIC_DISPATCH(layerNormAll)(in, out, static_cast<std::size_t>(rows), static_cast<std::size_t>(columns), norm);
}

}  // namespace vitrine::engine
#endif  // HWY_ONCE
