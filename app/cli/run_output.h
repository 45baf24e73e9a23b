// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "report/run_content.h"
#include "settings.h"

namespace vitrine::cli {

/// Prints what a run has come to: accuracy, costs, weakest sites; with --json everything that 'show' prints.
void printRun(const Settings& settings, const report::RunContent& run);

}  // namespace vitrine::cli
