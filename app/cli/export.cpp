// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "output.h"
#include "program.h"
#include "report/csv.h"
#include "report/run_content.h"
#include "report/run_json.h"
#include "report/tables.h"

namespace vitrine::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string project;
    std::string run;
    std::string csv;
    std::string json;
};

/// Every table of a run; each becomes a file of its own.
std::vector<report::Table> allTables(const report::RunContent& run) {
    std::vector<report::Table> tables{report::layerTable(run), report::parameterTable(run.record.parameters)};
    for (const auto& artefact : run.artefacts) {
        tables.push_back(report::artefactTable(*artefact));
        if (const auto* accuracy = std::get_if<results::Accuracy>(&artefact->payload))
            tables.push_back(report::predictionTable(*accuracy));
    }
    return tables;
}

/// One file for the table of sites, or a folder of files for all tables.
void exportCsv(const report::RunContent& run, const std::string& out) {
    if (out == "-" || (fs::path(out).extension() == ".csv" && !fs::is_directory(out)))
        return writeResult(out, report::toCsv(report::layerTable(run)));
    std::error_code error;
    fs::create_directories(out, error);
    if (error) fail(ErrorCode::ioFailure, "the folder cannot be made: " + error.message(), out);
    for (const report::Table& table : allTables(run))
        writeResult((fs::path(out) / (table.id + ".csv")).string(), report::toCsv(table));
}

ExitCode perform(const Options& options, const Settings& settings) {
    const project::Project project = project::Project::open(options.project);
    printWarnings(settings, project.warnings());
    const report::RunContent run = report::readRun(project, options.run);
    if (!options.csv.empty()) exportCsv(run, options.csv);
    if (!options.json.empty())
        writeResult(options.json,
                    report::exportToJson(run).dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return ExitCode::done;
}

}  // namespace

void addExportCommand(Program& program) {
    CLI::App& command =
        addCommand(program, "export", "Tables of a run as CSV or JSON",
                   "  vitrine-cli export study r0001-repq --csv layers.csv    (one row per site)\n"
                   "  vitrine-cli export study r0001-repq --csv tables/       (a file for every table)\n"
                   "  vitrine-cli export study r0001-repq --json run.json     (everything in one object)\n"
                   "  vitrine-cli export study r0001-repq --json - | less",
                   JsonFlag::no);
    const auto options = std::make_shared<Options>();
    command.add_option("DIR", options->project, "Project folder")->required()->type_name("DIR");
    command.add_option("RUN", options->run, "Id of the run")->required()->type_name("RUN");
    CLI::Option_group& formats = *command.add_option_group("Formats");
    formats
        .add_option("--csv", options->csv,
                    "FILE.csv for the table of sites, '-' for stdout, or a folder for all tables")
        ->type_name("OUT");
    formats.add_option("--json", options->json, "One JSON file with everything, or '-' for stdout")->type_name("OUT");
    formats.require_option(1, 2);
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
