// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/kernels.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "quant/kernels.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine::quant::kernels {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using DI = hn::RebindToSigned<D>;
using V = hn::Vec<D>;
using VI = hn::Vec<DI>;

/// Walks over the runs of a tensor and keeps the place of the current one in the source.
class RunCursor {
  public:
    RunCursor(const Runs& runs, std::int64_t first) : runs_(runs), index_(runs.sizes.size()) {
        for (std::size_t i = index_.size(); i-- > 0;) {
            index_[i] = first % runs.sizes[i];
            first /= runs.sizes[i];
            offset_ += index_[i] * runs.strides[i];
        }
    }
    std::int64_t offset() const { return offset_; }
    void next() {
        for (std::size_t i = index_.size(); i-- > 0;) {
            offset_ += runs_.strides[i];
            if (++index_[i] < runs_.sizes[i]) return;
            offset_ -= runs_.sizes[i] * runs_.strides[i];
            index_[i] = 0;
        }
    }

  private:
    const Runs& runs_;
    std::vector<std::int64_t> index_;
    std::int64_t offset_ = 0;
};

HWY_INLINE V loadSome(D d, const float* from, std::size_t count) {
    HWY_ALIGN float buffer[hn::MaxLanes(D())] = {};
    std::copy_n(from, count, buffer);
    return hn::Load(d, buffer);
}
HWY_INLINE VI loadSome(DI d, const std::int32_t* from, std::size_t count) {
    HWY_ALIGN std::int32_t buffer[hn::MaxLanes(DI())] = {};
    std::copy_n(from, count, buffer);
    return hn::Load(d, buffer);
}
template <class Tag, class Vector, typename T>
HWY_INLINE void storeSome(Tag d, Vector value, T* to, std::size_t count) {
    HWY_ALIGN T buffer[hn::MaxLanes(Tag())];
    hn::Store(value, d, buffer);
    std::copy_n(buffer, count, to);
}

/// A constant, or consecutive entries of a table.
struct Same {
    HWY_INLINE V operator()(D d, const std::vector<float>& values, std::size_t index, std::size_t) const {
        return hn::Set(d, values[index]);
    }
};
struct Along {
    HWY_INLINE V operator()(D d, const std::vector<float>& values, std::size_t, std::size_t element) const {
        return hn::LoadU(d, values.data() + element);
    }
};

HWY_INLINE V roundedCode(V quotient, V zero, bool shiftFirst) {
    return shiftFirst ? hn::Round(hn::Add(quotient, zero)) : hn::Add(hn::Round(quotient), zero);
}
HWY_INLINE V clamped(V value, V low, V high) { return hn::Min(hn::Max(value, low), high); }

template <bool kShiftFirst, class Place>
struct UniformFake {
    using In = float;
    using Out = float;
    const Table& table;
    struct State {
        V scale, zero, low, high;
    };
    HWY_INLINE State state(D d, std::size_t channel, std::size_t element) const {
        const Place place;
        return {place(d, table.scale, channel, element), place(d, table.zero, channel, element), hn::Set(d, table.qmin),
                hn::Set(d, table.qmax)};
    }
    HWY_INLINE V apply(D, V x, const State& s) const {
        const V code = clamped(roundedCode(hn::Div(x, s.scale), s.zero, kShiftFirst), s.low, s.high);
        return hn::IfThenElse(hn::IsNaN(x), x, hn::Mul(hn::Sub(code, s.zero), s.scale));
    }
};

template <bool kShiftFirst, class Place>
struct UniformEncode {
    using In = float;
    using Out = std::int32_t;
    const Table& table;
    struct State {
        V scale, whole, low, high;
    };
    HWY_INLINE State state(D d, std::size_t channel, std::size_t element) const {
        const Place place;
        return {place(d, table.scale, channel, element), place(d, table.whole, channel, element),
                place(d, table.lowest, channel, element), hn::Set(d, table.qmax)};
    }
    HWY_INLINE VI apply(D d, V x, const State& s) const {
        const DI di;
        const auto nan = hn::IsNaN(x);
        const V code = clamped(roundedCode(hn::Div(x, s.scale), s.whole, kShiftFirst), s.low, s.high);
        const VI whole = hn::ConvertTo(di, hn::IfThenZeroElse(nan, code));
        return hn::IfThenElse(hn::RebindMask(di, nan), hn::Set(di, kNanCode), whole);
    }
};

template <class Place>
struct UniformDecode {
    using In = std::int32_t;
    using Out = float;
    const Table& table;
    struct State {
        V scale, zero, fraction, low, high;
    };
    HWY_INLINE State state(D d, std::size_t channel, std::size_t element) const {
        const Place place;
        return {place(d, table.scale, channel, element), place(d, table.zero, channel, element),
                place(d, table.fraction, channel, element), hn::Set(d, table.qmin), hn::Set(d, table.qmax)};
    }
    HWY_INLINE V apply(D d, VI code, const State& s) const {
        const auto nan = hn::RebindMask(d, hn::Eq(code, hn::Set(DI(), kNanCode)));
        const V shifted = clamped(hn::Add(hn::ConvertTo(d, code), s.fraction), s.low, s.high);
        const V value = hn::Mul(hn::Sub(shifted, s.zero), s.scale);
        return hn::IfThenElse(nan, hn::Set(d, std::numeric_limits<float>::quiet_NaN()), value);
    }
};

// Mantissas of 2^(1/4), 2^(1/2) and 2^(3/4): the largest single-precision numbers below them. As these roots are
// irrational, comparing with them decides how an exact logarithm rounds; there are no ties.
constexpr std::int32_t kMantissaQuarter = 0x1837F0;
constexpr std::int32_t kMantissaHalf = 0x3504F3;
constexpr std::int32_t kMantissaThreeQuarters = 0x5744FC;
constexpr std::int32_t kMantissaMask = 0x7FFFFF;
constexpr int kLiftBits = 32;  // brings subnormal quotients into the normal range

struct LogState {
    V scale;
    std::int32_t first = 0;  ///< of the scale's values in the table
};

/// Codes 0..2^bits of x, where the last one stands for zero.
template <bool kHalfSteps>
HWY_INLINE VI logCode(D d, V x, V scale, std::int32_t zeroCode) {
    const DI di;
    const V quotient = hn::Div(x, scale);
    const auto small = hn::Lt(quotient, hn::Set(d, std::numeric_limits<float>::min()));
    const V lifted = hn::IfThenElse(small, hn::Mul(quotient, hn::Set(d, 4294967296.0f)), quotient);
    const VI bits = hn::BitCast(di, lifted);
    const VI lift = hn::IfThenElseZero(hn::RebindMask(di, small), hn::Set(di, kLiftBits));
    const VI halvings = hn::Add(hn::Sub(hn::Set(di, 127), hn::ShiftRight<23>(bits)), lift);  // -exponent
    const VI mantissa = hn::And(bits, hn::Set(di, kMantissaMask));
    const auto above = [&](std::int32_t root) { return hn::VecFromMask(di, hn::Gt(mantissa, hn::Set(di, root))); };
    VI code = halvings;  // a mask is -1 where it holds
    if constexpr (kHalfSteps)
        code = hn::Add(hn::Add(hn::Add(halvings, halvings), above(kMantissaQuarter)), above(kMantissaThreeQuarters));
    else
        code = hn::Add(halvings, above(kMantissaHalf));
    code = hn::Min(hn::Max(code, hn::Zero(di)), hn::Set(di, zeroCode));
    const auto notPositive = hn::RebindMask(di, hn::Le(quotient, hn::Zero(d)));
    return hn::IfThenElse(notPositive, hn::Set(di, zeroCode), code);
}

template <bool kHalfSteps>
struct LogEncode {
    using In = float;
    using Out = std::int32_t;
    using State = LogState;
    const Table& table;
    HWY_INLINE State state(D d, std::size_t channel, std::size_t) const { return {hn::Set(d, table.scale[channel])}; }
    HWY_INLINE VI apply(D d, V x, const State& s) const {
        const DI di;
        const VI code = logCode<kHalfSteps>(d, x, s.scale, table.levelCount - 1);
        return hn::IfThenElse(hn::RebindMask(di, hn::IsNaN(x)), hn::Set(di, kNanCode), code);
    }
};

template <bool kHalfSteps>
struct LogFake {
    using In = float;
    using Out = float;
    using State = LogState;
    const Table& table;
    HWY_INLINE State state(D d, std::size_t channel, std::size_t) const {
        return {hn::Set(d, table.scale[channel]), static_cast<std::int32_t>(channel) * table.levelCount};
    }
    HWY_INLINE V apply(D d, V x, const State& s) const {
        const VI code = logCode<kHalfSteps>(d, x, s.scale, table.levelCount - 1);
        const V value = hn::GatherIndex(d, table.values.data() + s.first, code);
        return hn::IfThenElse(hn::IsNaN(x), x, value);
    }
};

struct LogDecode {
    using In = std::int32_t;
    using Out = float;
    struct State {
        std::int32_t first = 0;
    };
    const Table& table;
    HWY_INLINE State state(D, std::size_t channel, std::size_t) const {
        return {static_cast<std::int32_t>(channel) * table.levelCount};
    }
    HWY_INLINE V apply(D d, VI code, const State& s) const {
        const DI di;
        const auto nan = hn::RebindMask(d, hn::Eq(code, hn::Set(di, kNanCode)));
        const VI index = hn::Min(hn::Max(code, hn::Zero(di)), hn::Set(di, table.levelCount - 1));
        const V value = hn::GatherIndex(d, table.values.data() + s.first, index);
        return hn::IfThenElse(nan, hn::Set(d, std::numeric_limits<float>::quiet_NaN()), value);
    }
};

/// One run through one operation; the scale is one for the run unless it goes along it.
template <bool kAlong, class Operation>
HWY_INLINE void run(const Operation& operation, std::size_t channel, std::size_t count, const typename Operation::In* from,
                    typename Operation::Out* to) {
    const D d;
    const hn::Rebind<typename Operation::In, D> in;
    const hn::Rebind<typename Operation::Out, D> out;
    const std::size_t lanes = hn::Lanes(d);
    auto state = operation.state(d, channel, 0);
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        if constexpr (kAlong) state = operation.state(d, channel, i);
        hn::StoreU(operation.apply(d, hn::LoadU(in, from + i), state), out, to + i);
    }
    if (i == count) return;
    if constexpr (kAlong) state = operation.state(d, channel, i);
    storeSome(out, operation.apply(d, loadSome(in, from + i, count - i), state), to + i, count - i);
}

template <bool kAlong, class Operation>
void forRuns(const Runs& runs, std::int64_t begin, std::int64_t end, const Operation& operation,
             const typename Operation::In* source, typename Operation::Out* target) {
    RunCursor cursor(runs, begin);
    for (std::int64_t r = begin; r < end; ++r, cursor.next()) {
        const std::int64_t start = r * runs.length;
        const auto count = static_cast<std::size_t>(std::min(runs.length, runs.total - start));
        const auto channel = runs.channels == 1 ? 0 : static_cast<std::size_t>(r / runs.runsPerChannel % runs.channels);
        run<kAlong>(operation, channel, count, source + cursor.offset(), target + start);
    }
}

/// The operation of a table, written out for its kind, rounding and direction of scales.
template <template <bool, class> class Uniform, template <bool> class Log, typename In, typename Out>
void dispatch(const Runs& runs, std::int64_t begin, std::int64_t end, const Table& table, const In* source, Out* target) {
    const bool shiftFirst = table.rounding == Rounding::shiftThenRound;
    if (table.kind == QuantizerKind::log2)
        forRuns<false>(runs, begin, end, Log<false>{table}, source, target);
    else if (table.kind == QuantizerKind::logSqrt2)
        forRuns<false>(runs, begin, end, Log<true>{table}, source, target);
    else if (runs.scaleAlongRun && shiftFirst)
        forRuns<true>(runs, begin, end, Uniform<true, Along>{table}, source, target);
    else if (runs.scaleAlongRun)
        forRuns<true>(runs, begin, end, Uniform<false, Along>{table}, source, target);
    else if (shiftFirst)
        forRuns<false>(runs, begin, end, Uniform<true, Same>{table}, source, target);
    else
        forRuns<false>(runs, begin, end, Uniform<false, Same>{table}, source, target);
}

void FakeQuantize(const Runs& runs, std::int64_t begin, std::int64_t end, const Table& table, const float* source,
                  float* target) {
    dispatch<UniformFake, LogFake>(runs, begin, end, table, source, target);
}

void Encode(const Runs& runs, std::int64_t begin, std::int64_t end, const Table& table, const float* source,
            std::int32_t* target) {
    dispatch<UniformEncode, LogEncode>(runs, begin, end, table, source, target);
}

void Decode(const Runs& runs, std::int64_t begin, std::int64_t end, const Table& table, const std::int32_t* source,
            float* target) {
    if (table.kind != QuantizerKind::uniform)
        forRuns<false>(runs, begin, end, LogDecode{table}, source, target);
    else if (runs.scaleAlongRun)
        forRuns<true>(runs, begin, end, UniformDecode<Along>{table}, source, target);
    else
        forRuns<false>(runs, begin, end, UniformDecode<Same>{table}, source, target);
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace vitrine::quant::kernels
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine::quant::kernels {
namespace {

HWY_EXPORT(FakeQuantize);
HWY_EXPORT(Encode);
HWY_EXPORT(Decode);

constexpr std::size_t kPadding = 64;  // more than any vector holds

std::vector<float> padded(std::vector<float> values, float with) {
    values.resize(values.size() + kPadding, with);
    return values;
}

}  // namespace

Table::Table(const Encoding& encoding)
    : kind(encoding.kind),
      rounding(encoding.rounding),
      qmin(static_cast<float>(encoding.qmin)),
      qmax(static_cast<float>(encoding.qmax)),
      scale(padded(encoding.scale, 1)) {
    if (kind == QuantizerKind::uniform) {
        for (const float z : encoding.zeroPoint) {
            const float below = rounding == Rounding::roundThenShift ? std::floor(z) : z;
            zero.push_back(z);
            whole.push_back(below);
            fraction.push_back(rounding == Rounding::roundThenShift ? z - below : 0);
            lowest.push_back(fraction.back() > 0 ? qmin - 1 : qmin);
        }
        for (std::vector<float>* values : {&zero, &whole, &fraction, &lowest}) values->resize(scale.size(), 0);
        return;
    }
    levelCount = (1 << encoding.bits) + 1;
    for (const float s : encoding.scale) {
        for (int code = 0; code + 1 < levelCount; ++code) {
            const bool odd = kind == QuantizerKind::logSqrt2 && code % 2 == 1;
            const int halvings = kind == QuantizerKind::log2 ? code : (code + 1) / 2;
            values.push_back(static_cast<float>(std::ldexp(s * (odd ? std::numbers::sqrt2 : 1.0), -halvings)));
        }
        values.push_back(0);
    }
}

void fakeQuantize(const Runs& runs, std::int64_t begin, std::int64_t end, const Table& table, const float* source,
                  float* target) {
    HWY_DYNAMIC_DISPATCH(FakeQuantize)(runs, begin, end, table, source, target);
}

void encode(const Runs& runs, std::int64_t begin, std::int64_t end, const Table& table, const float* source,
            std::int32_t* target) {
    HWY_DYNAMIC_DISPATCH(Encode)(runs, begin, end, table, source, target);
}

void decode(const Runs& runs, std::int64_t begin, std::int64_t end, const Table& table, const std::int32_t* source,
            float* target) {
    HWY_DYNAMIC_DISPATCH(Decode)(runs, begin, end, table, source, target);
}

std::vector<std::int64_t> supportedTargets() { return hwy::SupportedAndGeneratedTargets(); }

void useTarget(std::int64_t target) {
    hwy::SetSupportedTargetsForTest(target);
    hwy::GetChosenTarget().DeInit();
}

}  // namespace vitrine::quant::kernels
#endif  // HWY_ONCE
