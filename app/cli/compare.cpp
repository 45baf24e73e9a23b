// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include "output.h"
#include "program.h"
#include "report/comparison.h"
#include "report/json.h"
#include "report/report.h"
#include "report/run_json.h"
#include "report/text.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string project;
    std::string first;
    std::string second;
};

nlohmann::json comparisonJson(const std::vector<report::RunContent>& runs, const project::Edits& edits) {
    nlohmann::json json = {{"runs", nlohmann::json::array()},
                           {"parameters", report::rowsToJson(report::parameterDifferences(runs))},
                           {"layers", report::rowsToJson(report::siteComparison(runs))}};
    for (const report::RunContent& run : runs) {
        json["runs"].push_back(report::summaryToJson(project::summaryOf(run.record)));
        report::addNote(json["runs"].back(), noteOf(edits, run.record.id));
    }
    const auto* first = runs[0].accuracy("quantized");
    const auto* second = runs[1].accuracy("quantized");
    if (first != nullptr && second != nullptr)
        json["difference"] = {{"top1", second->top1 - first->top1}, {"top5", second->top5 - first->top5}};
    if (const auto flips = report::flippedPredictions(runs[0], runs[1]))
        json["predictions"] = {{"compared", flips->compared}, {"flipped", flips->flipped}};
    return json;
}

ExitCode perform(const Options& options, const Settings& settings) {
    const project::Project project = project::Project::open(options.project);
    printWarnings(settings, project.warnings());
    const std::vector<report::RunContent> runs = report::readRuns(project, {options.first, options.second});
    printResult(settings, comparisonJson(runs, project.edits()),
                report::toText(report::comparisonSections(runs, project.edits().runs)));
    return ExitCode::done;
}

}  // namespace

void addCompareCommand(Program& program) {
    CLI::App& command =
        addCommand(program, "compare", "Two runs: settings, accuracy, flipped predictions, SQNR site by site",
                   "  vitrine-cli compare study r0001-baseline r0002-repq\n"
                   "  vitrine-cli compare study r0001-baseline r0002-repq --json");
    const auto options = std::make_shared<Options>();
    command.add_option("DIR", options->project, "Project folder")->required()->type_name("DIR");
    command.add_option("RUN", options->first, "Id of a run")->required()->type_name("RUN");
    command.add_option("RUN2", options->second, "Id of the run to compare it with")->required()->type_name("RUN");
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
