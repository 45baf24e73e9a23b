// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "graph/sites.h"
#include "quant/encoding.h"

namespace vitrine::quant {

/// What a quantizer at a site shall be, before its scales are known.
struct QuantizerSpec {
    QuantizerKind kind = QuantizerKind::uniform;
    int bits = 8;
    bool symmetric = false;
    Rounding rounding = Rounding::roundThenShift;
    Granularity granularity = Granularity::tensor;

    bool operator==(const QuantizerSpec&) const = default;
};

/// One rule: sites whose id matches `pattern` ('*', '?') or whose role is named so get `spec`; no spec leaves them in
/// float.
struct PolicyRule {
    std::string pattern;  ///< "blocks.*.attn.softmax", or "role:post_softmax"
    std::optional<QuantizerSpec> spec;

    bool operator==(const PolicyRule&) const = default;
};

/// An ordered list of rules; the last rule that matches a site decides. A site that no rule matches stays in float.
struct Policy {
    std::vector<PolicyRule> rules;

    bool operator==(const Policy&) const = default;
};

/// The usual scope of docs/methods.md 4: every site, weights per output channel, activations per tensor, image input at 8
/// bits.
Policy standardPolicy(int weightBits, int activationBits);

/// The spec of every site, in site order; nullopt = float. Throws Exception(invalidArgument) when a rule names an
/// unknown role.
std::vector<std::optional<QuantizerSpec>> resolve(const Policy& policy, const std::vector<graph::Site>& sites);

/// {"rules": [{"match": "role:weight", "quantizer": {...}}, {"match": "head*", "quantizer": null}]}
nlohmann::json toJson(const Policy& policy);
/// The reverse. Throws Exception(badFormat) naming the rule and its field, also for fields that it does not know.
Policy policyFromJson(const nlohmann::json& document);

/// What was quantized and what was not: "W4A4" alone means nothing.
struct ScopeCard {
    struct Row {
        std::string role;
        std::string description;  ///< "uniform 4 bit per channel", "float"
        std::size_t sites = 0;
    };
    std::vector<Row> rows;
};
ScopeCard scopeCard(const std::vector<graph::Site>& sites, const std::vector<std::optional<QuantizerSpec>>& specs);

}  // namespace vitrine::quant
