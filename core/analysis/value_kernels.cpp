// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/value_kernels.h"

#include <algorithm>
#include <limits>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "analysis/value_kernels.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine::analysis::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using DU = hn::RebindToUnsigned<D>;
using DD = hn::ScalableTag<double>;
using DF = hn::Rebind<float, DD>;         // as many floats as doubles fit a vector
using DI = hn::Rebind<std::int32_t, DD>;  // likewise
using VD = hn::Vec<DD>;

/// Calls step(reader, index) for whole vectors of `lanes` values. The rest is copied before zeros and read from there.
template <std::size_t kMaxLanes, typename Step>
HWY_INLINE void forEachVector(const float* in, std::int64_t count, std::int64_t lanes, const Step& step) {
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) step(in + i, i);
    if (i == count) return;
    HWY_ALIGN float buffer[kMaxLanes] = {};
    std::copy(in + i, in + count, buffer);
    step(buffer, i);
}

Products productsTarget(const float* reference, const float* approximation, std::int64_t count) {
    const DD d;
    const DF half;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    VD signal = hn::Zero(d), noise = hn::Zero(d), power = hn::Zero(d), cross = hn::Zero(d);
    const auto add = [&](const float* from, const float* with) {
        const VD y = hn::PromoteTo(d, hn::LoadU(half, from));
        const VD z = hn::PromoteTo(d, hn::LoadU(half, with));
        const VD error = hn::Sub(y, z);
        signal = hn::MulAdd(y, y, signal);
        noise = hn::MulAdd(error, error, noise);
        power = hn::MulAdd(z, z, power);
        cross = hn::MulAdd(y, z, cross);
    };
    forEachVector<hn::MaxLanes(DD())>(reference, count, lanes, [&](const float* from, std::int64_t i) {
        if (i + lanes <= count) return add(from, approximation + i);
        HWY_ALIGN float rest[hn::MaxLanes(DD())] = {};
        std::copy(approximation + i, approximation + count, rest);
        add(from, rest);
    });
    const auto sum = [&](VD v) { return hn::GetLane(hn::SumOfLanes(d, v)); };
    return {sum(signal), sum(noise), sum(power), sum(cross)};
}

Extremes magnitudeBinsTarget(const float* in, std::uint32_t* bins, std::int64_t count) {
    const D d;
    const DU du;
    const hn::RebindToSigned<D> di;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const auto infinity = hn::Set(d, std::numeric_limits<float>::infinity());
    const auto nanBin = hn::Set(du, kNanBin);
    auto lowest = infinity, highest = hn::Neg(infinity);
    const auto binsOf = [&](hn::Vec<D> x) {
        const auto isNan = hn::IsNaN(x);
        lowest = hn::Min(lowest, hn::IfThenElse(isNan, infinity, x));
        highest = hn::Max(highest, hn::IfThenElse(isNan, hn::Neg(infinity), x));
        const auto negative = hn::BitCast(du, hn::ShiftRight<31>(hn::BitCast(di, x)));  // all ones or none
        const auto ascending = hn::Xor(hn::BitCast(du, x), hn::Or(negative, hn::Set(du, 0x80000000U)));
        return hn::IfThenElse(hn::RebindMask(du, isNan), nanBin, hn::ShiftRight<16>(ascending));
    };
    std::int64_t i = 0;
    for (; i + lanes <= count; i += lanes) hn::StoreU(binsOf(hn::LoadU(d, in + i)), du, bins + i);
    if (i < count) {
        HWY_ALIGN float values[hn::MaxLanes(D())];
        HWY_ALIGN std::uint32_t rest[hn::MaxLanes(D())];
        std::fill_n(values, lanes, std::numeric_limits<float>::quiet_NaN());  // are no extremes
        std::copy(in + i, in + count, values);
        hn::Store(binsOf(hn::Load(d, values)), du, rest);
        std::copy(rest, rest + (count - i), bins + i);
    }
    return {hn::GetLane(hn::MinOfLanes(d, lowest)), hn::GetLane(hn::MaxOfLanes(d, highest))};
}

void gridBinsTarget(const float* in, std::int32_t* bins, std::int64_t count, const Grid& grid) {
    const DD d;
    const DF half;
    const DI di;
    const auto lanes = static_cast<std::int64_t>(hn::Lanes(d));
    const VD low = hn::Set(d, grid.low), perUnit = hn::Set(d, grid.perUnit);
    const VD last = hn::Set(d, grid.count - 1), nanBin = hn::Set(d, grid.count);
    const auto binsOf = [&](const float* from) {
        const VD position = hn::Mul(hn::Sub(hn::PromoteTo(d, hn::LoadU(half, from)), low), perUnit);
        const VD inside = hn::Min(hn::Max(position, hn::Zero(d)), last);
        return hn::DemoteTo(di, hn::IfThenElse(hn::IsNaN(position), nanBin, inside));  // rounds towards zero
    };
    forEachVector<hn::MaxLanes(DD())>(in, count, lanes, [&](const float* from, std::int64_t i) {
        if (i + lanes <= count) return hn::StoreU(binsOf(from), di, bins + i);
        HWY_ALIGN std::int32_t rest[hn::MaxLanes(DD())];
        hn::Store(binsOf(from), di, rest);
        std::copy(rest, rest + (count - i), bins + i);
    });
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace vitrine::analysis::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine::analysis::kernels {
namespace {

HWY_EXPORT(productsTarget);
HWY_EXPORT(magnitudeBinsTarget);
HWY_EXPORT(gridBinsTarget);

}  // namespace

Products products(const float* reference, const float* approximation, std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(productsTarget)(reference, approximation, count);
}

Extremes magnitudeBins(const float* in, std::uint32_t* bins, std::int64_t count) {
    return HWY_DYNAMIC_DISPATCH(magnitudeBinsTarget)(in, bins, count);
}

void gridBins(const float* in, std::int32_t* bins, std::int64_t count, const Grid& grid) {
    HWY_DYNAMIC_DISPATCH(gridBinsTarget)(in, bins, count, grid);
}

}  // namespace vitrine::analysis::kernels
#endif  // HWY_ONCE
