// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "jobs/job.h"
#include "methods/method.h"
#include "runs/run.h"

namespace vitrine::runs {

/// execute() with the method as an object; `spec.method` is its id. Tests give one of their own.
RunOutcome executeWith(const methods::Method& method, const RunSpec& spec, jobs::JobContext& context,
                       const RunEvents& events = {});

}  // namespace vitrine::runs
