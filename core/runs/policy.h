// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "base/parameters.h"
#include "methods/method_info.h"
#include "quant/spec.h"

namespace vitrine::runs {

/// The policy of a run: what the method makes of its parameters, then the rules of the run.
quant::Policy runPolicy(const methods::MethodInfo& method, const ParameterSet& parameters,
                        const std::vector<quant::PolicyRule>& rules);

}  // namespace vitrine::runs
