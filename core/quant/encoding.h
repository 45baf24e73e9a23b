// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::quant {

/// The quantizer kinds. Ids on disk: "uniform", "log2", "log_sqrt2".
enum class QuantizerKind { uniform, log2, logSqrt2 };

/// How x / scale and the zero point become a code (docs/methods.md 1). The two differ at ties when the zero point is odd
/// (half to even sees another parity), and everywhere when it is fractional.
enum class Rounding {
    roundThenShift,  ///< round(x / s) + z: RepQ-ViT, I&S-ViT, BRECQ, ONNX
    shiftThenRound,  ///< round(x / s + z): FQ-ViT, Evol-Q, PSAQ-ViT
};

/// Which elements share a scale.
enum class Granularity {
    tensor,
    channel,  ///< one scale for each index of `axis`
    head,     ///< as `channel`, along the axis of attention heads
    token,    ///< as `channel`, along the axis of tokens
};

std::string_view quantizerKindName(QuantizerKind kind);
std::string_view roundingName(Rounding rounding);
std::string_view granularityName(Granularity granularity);
std::optional<QuantizerKind> quantizerKindFromName(std::string_view name);
std::optional<Rounding> roundingFromName(std::string_view name);
std::optional<Granularity> granularityFromName(std::string_view name);

/// Bit widths that an encoding may have: 2..16, and 2..8 for the log kinds.
inline constexpr int kMinBits = 2;
inline constexpr int kMaxBits = 16;
inline constexpr int kMaxLogBits = 8;

/// The parameters of one quantizer at one site: plain data, enough to run, save, compare and draw it.
///
/// uniform:   q = clamp(round(x / s) + z, qmin, qmax),  x^ = s (q - z)
/// log2:      q = clamp(round(-log2(x / s)), 0, 2^b - 1), x^ = s 2^-q;  0 where the unclamped q >= 2^b
/// log_sqrt2: q = clamp(round(-2 log2(x / s)), 0, 2^b - 1), x^ = s 2^-ceil(q/2) sqrt(2)^(q odd);  0 where unclamped q >= 2^b
/// Rounding is half to even; x / s is a true division in single precision; the logarithm is exact.
/// Infinities saturate (the log kinds map x <= 0 to 0); NaN stays NaN; x^ is never -0. A fractional zero point with
/// roundThenShift is the compatibility mode of RepQ-ViT: round(x / s) + z is clamped as it is, so that 2^b + 1 levels exist.
struct Encoding {
    QuantizerKind kind = QuantizerKind::uniform;
    int bits = 8;
    Rounding rounding = Rounding::roundThenShift;
    Granularity granularity = Granularity::tensor;
    std::int64_t axis = 0;           ///< dimension of the scales unless per tensor
    std::int64_t qmin = 0;           ///< smallest code: 0, or -2^(b-1) for a symmetric quantizer
    std::int64_t qmax = 255;         ///< largest code
    std::vector<float> scale;        ///< one, or one for each index of `axis`; > 0
    std::vector<float> zeroPoint;    ///< as many as scales; integers except in compatibility modes; empty for log kinds

    bool operator==(const Encoding&) const = default;
};

/// Interval of real values that an encoding represents, for one of its scales.
struct Interval {
    double low = 0;
    double high = 0;

    bool operator==(const Interval&) const = default;
};
Interval interval(const Encoding& encoding, std::size_t scaleIndex);

/// The real values of all codes of one scale, ascending and distinct: at most 2^bits, and one more where a zero is kept
/// apart (log kinds) or the zero point is fractional (roundThenShift).
std::vector<double> levels(const Encoding& encoding, std::size_t scaleIndex);

/// "uniform 4 bit per channel", "log_sqrt2 4 bit", with "symmetric" where negative codes exist.
std::string describe(const Encoding& encoding);

/// Throws Exception(badFormat) when fields contradict each other (counts, signs, NaN, bits outside their range).
void validate(const Encoding& encoding);

}  // namespace vitrine::quant
