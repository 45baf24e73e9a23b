// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/sites.h"
#include "quant/spec.h"

namespace vitrine::methods {

/// What the quantizer of every site of a network shall be, in site order; nullopt = float.
using SiteSpecs = std::vector<std::optional<quant::QuantizerSpec>>;

/// The index of the last rule that matches each site; nullopt where none does.
/// Throws Exception(invalidArgument) when a rule names an unknown role.
std::vector<std::optional<std::size_t>> decidingRules(const quant::Policy& policy, const std::vector<graph::Site>& sites);

/// Why a quantizer of `spec` cannot sit at `site`, for people; empty when it can.
std::string placementProblem(const graph::Site& site, const quant::QuantizerSpec& spec);

/// quant::resolve() for methods that set scales per tensor, channel, head and token.
/// Throws Exception(invalidArgument) that names the rule and the site where a quantizer cannot sit.
SiteSpecs resolveSpecs(const quant::Policy& policy, const std::vector<graph::Site>& sites);

/// The dimension of the scales of `spec` at `site`, batch included: channels as Site::channelAxis(), heads third and tokens
/// second from the end; 0 for one scale.
std::int64_t scaleAxis(const graph::Site& site, const quant::QuantizerSpec& spec);

}  // namespace vitrine::methods
