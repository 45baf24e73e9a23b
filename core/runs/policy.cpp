// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/policy.h"

namespace vitrine::runs {

quant::Policy runPolicy(const methods::MethodInfo& method, const ParameterSet& parameters,
                        const std::vector<quant::PolicyRule>& rules) {
    quant::Policy policy = method.policy(parameters);
    policy.rules.insert(policy.rules.end(), rules.begin(), rules.end());
    return policy;
}

}  // namespace vitrine::runs
