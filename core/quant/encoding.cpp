// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/encoding.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace vitrine::quant {
namespace {

constexpr std::array<std::string_view, 3> kKindNames = {"uniform", "log2", "log_sqrt2"};
constexpr std::array<std::string_view, 2> kRoundingNames = {"round_then_shift", "shift_then_round"};
constexpr std::array<std::string_view, 4> kGranularityNames = {"tensor", "channel", "head", "token"};

/// Codes and zero points stay exact in single precision far below this.
constexpr double kLargestZeroPoint = 1 << 22;

template <typename Enum, std::size_t Count>
std::optional<Enum> fromName(const std::array<std::string_view, Count>& names, std::string_view name) {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin());
}

[[noreturn]] void invalid(const std::string& what) { fail(ErrorCode::badFormat, "invalid quantizer encoding: " + what); }

void validateScales(const Encoding& encoding) {
    if (encoding.scale.empty()) invalid("it has no scale");
    if (encoding.granularity == Granularity::tensor && encoding.scale.size() != 1)
        invalid("a quantizer per tensor has " + std::to_string(encoding.scale.size()) + " scales");
    for (const float scale : encoding.scale)
        if (!std::isfinite(scale) || scale <= 0) invalid("scale " + std::to_string(scale) + " is not positive and finite");
}

void validateUniform(const Encoding& encoding) {
    if (encoding.zeroPoint.size() != encoding.scale.size())
        invalid(std::to_string(encoding.zeroPoint.size()) + " zero points for " + std::to_string(encoding.scale.size()) +
                " scales");
    for (const float zero : encoding.zeroPoint)
        if (!(std::abs(zero) <= kLargestZeroPoint)) invalid("zero point " + std::to_string(zero) + " is out of range");
    const std::int64_t codes = std::int64_t{1} << encoding.bits;
    const bool inRange = encoding.qmin >= -codes && encoding.qmax <= codes && encoding.qmin < encoding.qmax;
    if (!inRange || encoding.qmax - encoding.qmin >= codes)
        invalid("codes " + std::to_string(encoding.qmin) + ".." + std::to_string(encoding.qmax) + " do not fit " +
                std::to_string(encoding.bits) + " bits");
}

void validateLog(const Encoding& encoding) {
    if (!encoding.zeroPoint.empty()) invalid("a logarithmic quantizer has no zero points");
    if (encoding.qmin != 0 || encoding.qmax != (std::int64_t{1} << encoding.bits) - 1)
        invalid("codes of a logarithmic quantizer are 0..2^bits - 1");
}

std::vector<double> uniformLevels(const Encoding& encoding, std::size_t scaleIndex) {
    const double scale = encoding.scale[scaleIndex];
    const double zero = encoding.zeroPoint[scaleIndex];
    const double fraction = encoding.rounding == Rounding::roundThenShift ? zero - std::floor(zero) : 0;
    const double low = static_cast<double>(encoding.qmin);
    const double high = static_cast<double>(encoding.qmax);
    std::vector<double> result;
    for (std::int64_t code = encoding.qmin - (fraction > 0 ? 1 : 0); code <= encoding.qmax; ++code)
        result.push_back(scale * (std::clamp(static_cast<double>(code) + fraction, low, high) - zero));
    return result;
}

std::vector<double> logLevels(const Encoding& encoding, std::size_t scaleIndex) {
    std::vector<double> result{0};
    for (std::int64_t code = encoding.qmax; code >= 0; --code) {
        const int halvings = static_cast<int>(encoding.kind == QuantizerKind::log2 ? code : (code + 1) / 2);
        const bool odd = encoding.kind == QuantizerKind::logSqrt2 && code % 2 == 1;
        result.push_back(std::ldexp(encoding.scale[scaleIndex] * (odd ? std::numbers::sqrt2 : 1.0), -halvings));
    }
    return result;
}

void requireScale(const Encoding& encoding, std::size_t scaleIndex) {
    if (scaleIndex >= encoding.scale.size())
        fail(ErrorCode::invalidArgument, "the encoding has no scale " + std::to_string(scaleIndex));
}

}  // namespace

std::string_view quantizerKindName(QuantizerKind kind) { return kKindNames[static_cast<std::size_t>(kind)]; }
std::string_view roundingName(Rounding rounding) { return kRoundingNames[static_cast<std::size_t>(rounding)]; }
std::string_view granularityName(Granularity granularity) {
    return kGranularityNames[static_cast<std::size_t>(granularity)];
}
std::optional<QuantizerKind> quantizerKindFromName(std::string_view name) {
    return fromName<QuantizerKind>(kKindNames, name);
}
std::optional<Rounding> roundingFromName(std::string_view name) { return fromName<Rounding>(kRoundingNames, name); }
std::optional<Granularity> granularityFromName(std::string_view name) {
    return fromName<Granularity>(kGranularityNames, name);
}

Interval interval(const Encoding& encoding, std::size_t scaleIndex) {
    requireScale(encoding, scaleIndex);
    const double scale = encoding.scale[scaleIndex];
    if (encoding.kind != QuantizerKind::uniform) return {0, scale};
    const double zero = encoding.zeroPoint[scaleIndex];
    return {scale * (static_cast<double>(encoding.qmin) - zero), scale * (static_cast<double>(encoding.qmax) - zero)};
}

std::vector<double> levels(const Encoding& encoding, std::size_t scaleIndex) {
    requireScale(encoding, scaleIndex);
    return encoding.kind == QuantizerKind::uniform ? uniformLevels(encoding, scaleIndex)
                                                   : logLevels(encoding, scaleIndex);
}

std::string describe(const Encoding& encoding) {
    std::string text(quantizerKindName(encoding.kind));
    if (encoding.qmin < 0) text += " symmetric";
    text += ' ' + std::to_string(encoding.bits) + " bit";
    if (encoding.granularity != Granularity::tensor) text.append(" per ").append(granularityName(encoding.granularity));
    return text;
}

void validate(const Encoding& encoding) {
    const int largest = encoding.kind == QuantizerKind::uniform ? kMaxBits : kMaxLogBits;
    if (encoding.bits < kMinBits || encoding.bits > largest)
        invalid(std::to_string(encoding.bits) + " bits, not " + std::to_string(kMinBits) + ".." + std::to_string(largest));
    if (encoding.axis < 0) invalid("negative axis");
    validateScales(encoding);
    if (encoding.kind == QuantizerKind::uniform)
        validateUniform(encoding);
    else
        validateLog(encoding);
}

}  // namespace vitrine::quant
