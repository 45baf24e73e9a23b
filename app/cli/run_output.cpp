// SPDX-License-Identifier: GPL-3.0-or-later
#include "run_output.h"

#include <nlohmann/json.hpp>

#include "output.h"
#include "report/run_json.h"
#include "report/run_sections.h"
#include "report/text.h"

namespace vitrine::cli {

void printRun(const Settings& settings, const report::RunContent& run) {
    report::Section summary = report::summarySection(run);
    summary.title = "Run " + run.record.id + ": " + report::runSubtitle(run.record);
    printResult(settings, report::runToJson(run), report::toText({summary}));
}

}  // namespace vitrine::cli
