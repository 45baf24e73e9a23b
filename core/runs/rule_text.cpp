// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/rule_text.h"

#include <charconv>
#include <vector>

#include "base/error.h"
#include "graph/sites.h"

namespace vitrine::runs {
namespace {

using quant::QuantizerSpec;

constexpr std::string_view kFloat = "float";
constexpr std::string_view kSymmetric = "symmetric";
constexpr std::string_view kRolePrefix = "role:";

[[noreturn]] void refuse(std::string_view text, const std::string& what) {
    fail(ErrorCode::invalidArgument, what, "'" + std::string(text.substr(0, 120)) + "'",
         "write 'float' or KIND:BITS, such as 'uniform:4:channel' or 'log2:4'");
}

std::vector<std::string_view> partsOf(std::string_view text) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t colon = text.find(':');
        parts.push_back(text.substr(0, colon));
        if (colon == std::string_view::npos) return parts;
        text.remove_prefix(colon + 1);
    }
}

int bitsFrom(std::string_view part, quant::QuantizerKind kind, std::string_view text) {
    int bits = 0;
    const int most = kind == quant::QuantizerKind::uniform ? quant::kMaxBits : quant::kMaxLogBits;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), bits);
    if (error != std::errc() || end != part.data() + part.size() || bits < quant::kMinBits || bits > most)
        refuse(text, "bits must be a number from " + std::to_string(quant::kMinBits) + " to " + std::to_string(most));
    return bits;
}

}  // namespace

std::string specText(const std::optional<QuantizerSpec>& spec) {
    if (!spec) return std::string(kFloat);
    std::string text = std::string(quant::quantizerKindName(spec->kind)) + ":" + std::to_string(spec->bits);
    if (spec->symmetric) text += ":" + std::string(kSymmetric);
    if (spec->granularity != quant::Granularity::tensor) text += ":" + std::string(quant::granularityName(spec->granularity));
    if (spec->rounding != quant::Rounding::roundThenShift) text += ":" + std::string(quant::roundingName(spec->rounding));
    return text;
}

std::string ruleText(const quant::PolicyRule& rule) { return rule.pattern + "=" + specText(rule.spec); }

std::optional<QuantizerSpec> parseSpec(std::string_view text) {
    if (text == kFloat) return std::nullopt;
    const std::vector<std::string_view> parts = partsOf(text);
    const auto kind = quant::quantizerKindFromName(parts[0]);
    if (!kind) refuse(text, "'" + std::string(parts[0]) + "' is no kind of quantizer");
    if (parts.size() < 2) refuse(text, "the bits are missing");
    QuantizerSpec spec{.kind = *kind, .bits = bitsFrom(parts[1], *kind, text)};
    for (std::size_t i = 2; i < parts.size(); ++i) {
        if (parts[i] == kSymmetric)
            spec.symmetric = true;
        else if (const auto granularity = quant::granularityFromName(parts[i]))
            spec.granularity = *granularity;
        else if (const auto rounding = quant::roundingFromName(parts[i]))
            spec.rounding = *rounding;
        else
            refuse(text, "'" + std::string(parts[i]) + "' is not known");
    }
    if (spec.symmetric && spec.kind != quant::QuantizerKind::uniform) refuse(text, "a logarithmic quantizer is never symmetric");
    return spec;
}

quant::PolicyRule parseRule(std::string_view text) {
    const std::size_t equals = text.rfind('=');
    if (equals == std::string_view::npos || equals == 0) refuse(text, "a rule is PATTERN=SPEC");
    const std::string_view pattern = text.substr(0, equals);
    if (pattern.starts_with(kRolePrefix) && !graph::roleFromName(pattern.substr(kRolePrefix.size())))
        fail(ErrorCode::invalidArgument, "the rule names no role", "'" + std::string(pattern.substr(0, 120)) + "'",
             "use one such as 'role:weight' or 'role:post_softmax'");
    return {std::string(pattern), parseSpec(text.substr(equals + 1))};
}

}  // namespace vitrine::runs
