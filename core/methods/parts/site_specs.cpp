// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/site_specs.h"

#include "base/error.h"

namespace vitrine::methods {
namespace {

using graph::Role;
using graph::Site;
using quant::Granularity;

bool hasHeads(const Site& site) {
    const bool attention = site.role == Role::query || site.role == Role::key || site.role == Role::value ||
                           site.role == Role::postSoftmax;
    return attention && site.shape.size() >= 4;
}

/// Keys may be stored with their tokens last; images and what the classifier reads have none.
bool hasTokensSecondFromEnd(const Site& site) {
    const bool others = site.isWeight() || site.role == Role::patchInput || site.role == Role::headInput || site.role == Role::key;
    return !others && site.shape.size() >= 3;
}

}  // namespace

std::vector<std::optional<std::size_t>> decidingRules(const quant::Policy& policy, const std::vector<Site>& sites) {
    quant::resolve(policy, {});  // names the rule whose role is unknown by its place in the whole list
    std::vector<std::optional<std::size_t>> deciding(sites.size());
    for (std::size_t rule = 0; rule < policy.rules.size(); ++rule) {
        const auto matches = quant::resolve({{{policy.rules[rule].pattern, quant::QuantizerSpec{}}}}, sites);
        for (std::size_t site = 0; site < sites.size(); ++site)
            if (matches[site]) deciding[site] = rule;
    }
    return deciding;
}

std::string placementProblem(const Site& site, const quant::QuantizerSpec& spec) {
    if (spec.granularity == Granularity::head && !hasHeads(site)) return "has no heads to give scales of their own";
    if (spec.granularity == Granularity::token && !hasTokensSecondFromEnd(site)) return "has no tokens to give scales of their own";
    return {};
}

SiteSpecs resolveSpecs(const quant::Policy& policy, const std::vector<Site>& sites) {
    SiteSpecs specs = quant::resolve(policy, sites);
    for (std::size_t i = 0; i < sites.size(); ++i) {
        const std::string problem = specs[i] ? placementProblem(sites[i], *specs[i]) : std::string();
        if (problem.empty()) continue;
        const std::size_t rule = decidingRules(policy, {sites[i]}).front().value();
        fail(ErrorCode::invalidArgument, problem, "rule '" + policy.rules[rule].pattern + "' at " + sites[i].id,
             "use one scale for the tensor or for each channel, or a pattern that leaves this site out");
    }
    return specs;
}

std::int64_t scaleAxis(const Site& site, const quant::QuantizerSpec& spec) {
    const auto rank = static_cast<std::int64_t>(site.shape.size());
    switch (spec.granularity) {
        case Granularity::tensor: return 0;
        case Granularity::channel: return site.channelAxis();
        case Granularity::head: return rank - 3;
        case Granularity::token: return rank - 2;
    }
    return 0;
}

}  // namespace vitrine::methods
