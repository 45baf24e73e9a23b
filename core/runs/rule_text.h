// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "quant/spec.h"

/// Rules as people write them on one line:
///   PATTERN=SPEC      head*=float      role:post_softmax=log2:4      *.fc1.weight=uniform:8:symmetric:channel
/// SPEC is "float", or a quantizer kind (uniform, log2, log_sqrt2) and its bits, then in any order "symmetric", where the
/// scales lie ("tensor", the default, "channel", "head" or "token"), and "shift_then_round" for that rounding.
/// What is printed is read back as the same rule.
namespace vitrine::runs {

std::string specText(const std::optional<quant::QuantizerSpec>& spec);
std::string ruleText(const quant::PolicyRule& rule);

/// Both throw Exception(invalidArgument) that names the text and the part that cannot be read.
std::optional<quant::QuantizerSpec> parseSpec(std::string_view text);
quant::PolicyRule parseRule(std::string_view text);

}  // namespace vitrine::runs
