// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/spec.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/json_fields.h"

namespace vitrine::quant {
namespace {

using nlohmann::json;

constexpr std::string_view kRolePrefix = "role:";
constexpr int kPatchInputBits = 8;  // an image has 8 bits

bool namesRole(const PolicyRule& rule) { return rule.pattern.starts_with(kRolePrefix); }

std::optional<graph::Role> roleOf(const PolicyRule& rule) {
    return graph::roleFromName(std::string_view(rule.pattern).substr(kRolePrefix.size()));
}

/// "rule 2 ('role:weight')"
std::string ruleName(std::size_t index, std::string_view pattern) {
    return "rule " + std::to_string(index + 1) + " ('" + std::string(pattern.substr(0, 80)) + "')";
}

bool matches(const PolicyRule& rule, const graph::Site& site) {
    return namesRole(rule) ? roleOf(rule) == site.role : graph::matchesPattern(site.id, rule.pattern);
}

void requireKnownRoles(const Policy& policy) {
    for (std::size_t i = 0; i < policy.rules.size(); ++i)
        if (namesRole(policy.rules[i]) && !roleOf(policy.rules[i]))
            fail(ErrorCode::invalidArgument, "the rule names no role", ruleName(i, policy.rules[i].pattern),
                 "use one such as 'role:weight' or 'role:post_softmax'");
}

json toJson(const QuantizerSpec& spec) {
    return {{"kind", quantizerKindName(spec.kind)},
            {"bits", spec.bits},
            {"symmetric", spec.symmetric},
            {"rounding", roundingName(spec.rounding)},
            {"granularity", granularityName(spec.granularity)}};
}

QuantizerSpec specFromJson(const json& object, const std::string& where) {
    const Fields fields(object, where, {"kind", "bits", "symmetric", "rounding", "granularity"});
    QuantizerSpec spec;
    spec.kind = fields.named("kind", quantizerKindFromName);
    spec.bits = static_cast<int>(
        fields.integer("bits", kMinBits, spec.kind == QuantizerKind::uniform ? kMaxBits : kMaxLogBits));
    spec.symmetric = fields.boolean("symmetric");
    spec.rounding = fields.named("rounding", roundingFromName);
    spec.granularity = fields.named("granularity", granularityFromName);
    if (spec.symmetric && spec.kind != QuantizerKind::uniform)
        fields.mismatch("symmetric", "must be false for a logarithmic quantizer");
    return spec;
}

PolicyRule ruleFromJson(const json& object, std::size_t index) {
    const std::string number = "rule " + std::to_string(index + 1);
    const Fields fields(object, number, {"match", "quantizer"});
    PolicyRule rule{.pattern = fields.text("match")};
    if (rule.pattern.empty()) fields.mismatch("match", "is empty");
    if (namesRole(rule) && !roleOf(rule))
        fields.mismatch("match", "names no role: '" + rule.pattern.substr(0, 80) + "'");
    const json& quantizer = fields.at("quantizer");
    if (!quantizer.is_null()) rule.spec = specFromJson(quantizer, ruleName(index, rule.pattern));
    return rule;
}

/// In the words that describe the encodings which come of it.
std::string description(const std::optional<QuantizerSpec>& spec) {
    if (!spec) return "float";
    return describe(
        {.kind = spec->kind, .bits = spec->bits, .granularity = spec->granularity, .qmin = spec->symmetric ? -1 : 0});
}

}  // namespace

Policy standardPolicy(int weightBits, int activationBits) {
    return {{{"*", QuantizerSpec{.bits = activationBits}},
             {"role:patch_input", QuantizerSpec{.bits = kPatchInputBits}},
             {"role:weight", QuantizerSpec{.bits = weightBits, .granularity = Granularity::channel}}}};
}

std::vector<std::optional<QuantizerSpec>> resolve(const Policy& policy, const std::vector<graph::Site>& sites) {
    requireKnownRoles(policy);
    std::vector<std::optional<QuantizerSpec>> specs;
    for (const graph::Site& site : sites) {
        const auto rule = std::find_if(policy.rules.rbegin(), policy.rules.rend(),
                                       [&](const PolicyRule& candidate) { return matches(candidate, site); });
        specs.push_back(rule == policy.rules.rend() ? std::nullopt : rule->spec);
    }
    return specs;
}

json toJson(const Policy& policy) {
    json rules = json::array();
    for (const PolicyRule& rule : policy.rules)
        rules.push_back({{"match", rule.pattern}, {"quantizer", rule.spec ? toJson(*rule.spec) : json()}});
    return {{"rules", std::move(rules)}};
}

Policy policyFromJson(const json& document) {
    const Fields fields(document, "quantization policy", {"rules"});
    const json& rules = fields.at("rules");
    if (!rules.is_array()) fields.mismatch("rules", "must be a list");
    Policy policy;
    for (std::size_t i = 0; i < rules.size(); ++i) policy.rules.push_back(ruleFromJson(rules[i], i));
    return policy;
}

ScopeCard scopeCard(const std::vector<graph::Site>& sites, const std::vector<std::optional<QuantizerSpec>>& specs) {
    if (sites.size() != specs.size())
        fail(ErrorCode::internal, "a scope card needs one quantizer specification per site");
    ScopeCard card;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const ScopeCard::Row row{std::string(graph::roleName(sites[i].role)), description(specs[i]), 1};
        const auto same = std::find_if(card.rows.begin(), card.rows.end(), [&](const ScopeCard::Row& other) {
            return other.role == row.role && other.description == row.description;
        });
        if (same == card.rows.end())
            card.rows.push_back(row);
        else
            ++same->sites;
    }
    return card;
}

}  // namespace vitrine::quant
