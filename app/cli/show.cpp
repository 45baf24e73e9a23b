// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>
#include <utility>

#include "output.h"
#include "program.h"
#include "report/run_content.h"
#include "report/run_json.h"
#include "report/run_sections.h"
#include "report/text.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string project;
    std::string run;
};

ExitCode perform(const Options& options, const Settings& settings) {
    const project::Project project = project::Project::open(options.project);
    printWarnings(settings, project.warnings());
    const report::RunContent run = report::readRun(project, options.run);
    std::vector<report::Section> sections = {report::summarySection(run)};
    const project::RunNote note = noteOf(project.edits(), run.record.id);
    sections.front().title = "Run " + run.record.id + (note.name.empty() ? "" : " (" + note.name + ")") + ": " +
                             report::runSubtitle(run.record);
    const std::vector<report::Paragraph> lines = report::paragraphsOf(note.note);
    sections.front().blocks.insert(sections.front().blocks.begin(), lines.begin(), lines.end());
    if (report::Section remarks = report::remarkSection(run); !remarks.blocks.empty())
        sections.push_back(std::move(remarks));
    const report::Table layers = report::layerTable(run);
    if (!layers.rows.empty()) sections.push_back({"layers", "Sites", 1, {layers}});
    nlohmann::json json = report::runToJson(run);
    report::addNote(json, note);
    printResult(settings, json, report::toText(sections));
    return ExitCode::done;
}

}  // namespace

void addShowCommand(Program& program) {
    CLI::App& command = addCommand(program, "show", "One run: summary, and quantizer, errors and ranges of every site",
                                   "  vitrine-cli show study r0001-repq\n  vitrine-cli show study r0001-repq --json");
    const auto options = std::make_shared<Options>();
    command.add_option("DIR", options->project, "Project folder")->required()->type_name("DIR");
    command.add_option("RUN", options->run, "Id of the run; 'vitrine-cli runs DIR' lists them")
        ->required()
        ->type_name("RUN");
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
