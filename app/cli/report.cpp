// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "output.h"
#include "program.h"
#include "report/html.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string project;
    std::vector<std::string> runs;
    std::string html;
};

ExitCode perform(const Options& options, const Settings& settings) {
    const project::Project project = project::Project::open(options.project);
    printWarnings(settings, project.warnings());
    const std::vector<report::RunContent> runs = report::readRuns(project, options.runs);
    writeResult(options.html, report::toHtml(report::studyReport(project, runs)));
    if (options.html == "-") return ExitCode::done;
    nlohmann::json ids = nlohmann::json::array();
    for (const report::RunContent& run : runs) ids.push_back(run.record.id);
    printResult(settings, {{"html", options.html}, {"runs", ids}}, options.html + "\n");
    return ExitCode::done;
}

}  // namespace

void addReportCommand(Program& program) {
    CLI::App& command = addCommand(program, "report", "A report on runs of a project as one HTML file",
                                   "  vitrine-cli report study --html report.html\n"
                                   "  vitrine-cli report study r0001-repq r0002-repq --html report.html");
    const auto options = std::make_shared<Options>();
    command.add_option("DIR", options->project, "Project folder")->required()->type_name("DIR");
    command.add_option("RUN", options->runs, "Ids of runs; without any all complete ones")->type_name("RUN");
    command.add_option("--html", options->html, "File to write; '-' is stdout")->required()->type_name("OUT");
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
