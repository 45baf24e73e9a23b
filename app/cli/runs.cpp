// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include "output.h"
#include "program.h"
#include "project/project.h"
#include "report/comparison.h"
#include "report/run_json.h"
#include "report/text.h"

namespace vitrine::cli {
namespace {

ExitCode perform(const std::string& folder, const Settings& settings) {
    const project::Project project = project::Project::open(folder);
    printWarnings(settings, project.warnings());
    const std::vector<project::RunSummary> runs = project.runs();
    nlohmann::json list = nlohmann::json::array();
    for (const project::RunSummary& run : runs) {
        list.push_back(report::summaryToJson(run));
        report::addNote(list.back(), noteOf(project.edits(), run.id));
    }
    printResult(settings, {{"project", project.edits().name}, {"read_only", project.readOnly()}, {"runs", list}},
                runs.empty() ? "no runs\n" : report::toText(report::figureTable(runs, project.edits().runs)));
    return ExitCode::done;
}

}  // namespace

void addRunsCommand(Program& program) {
    CLI::App& command = addCommand(program, "runs", "The runs of a project, interrupted ones too",
                                   "  vitrine-cli runs study\n  vitrine-cli runs study --json");
    const auto folder = std::make_shared<std::string>();
    command.add_option("DIR", *folder, "Project folder")->required()->type_name("DIR");
    command.callback(
        [&program, folder] { program.action = [&program, folder] { return perform(*folder, program.settings); }; });
}

}  // namespace vitrine::cli
