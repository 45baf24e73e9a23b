// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/run.h"

#include "methods/method.h"
#include "runs/execution.h"

namespace vitrine::runs {

RunOutcome execute(const RunSpec& spec, jobs::JobContext& context, const RunEvents& events) {
    return executeWith(methods::method(spec.method), spec, context, events);
}

}  // namespace vitrine::runs
