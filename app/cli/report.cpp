// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/report.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "output.h"
#include "program.h"
#include "renderer.h"
#include "report/html.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string project;
    std::vector<std::string> runs;
    std::string html;
    bool noFigures = false;
};

/// Why figures are not there, in one line.
std::vector<std::string> missing(std::size_t count, std::size_t all, const std::string& why) {
    if (count == 0) return {};
    const std::string which =
        count == all ? "the report has no figures"
                     : std::to_string(count) + " of " + std::to_string(all) + " figures could not be drawn";
    return {which + (why.empty() ? "" : ": " + why)};
}

/// Has the figures drawn by the renderer beside this program. Returns how many were.
std::size_t drawn(report::Document& document, const project::Project& project, const Settings& settings) {
    const std::vector<report::Figure*> figures = report::figuresOf(document);
    const auto program = rendererProgram();
    if (!program) fail(ErrorCode::notFound, "the program 'vitrine', which draws them, is not beside vitrine-cli");
    printDetail(settings, "figures are drawn by " + program->string());
    const Drawings drawings = drawFigures(*program, project.folder(), figures);
    printDetail(settings, drawings.output);
    const auto refused = report::fillFigures(document, [&](const report::Figure& figure) -> std::optional<std::string> {
        const auto found = drawings.svg.find(figure.id);
        return found == drawings.svg.end() ? std::nullopt : std::optional(found->second);
    });
    printWarnings(settings, missing(figures.size() - drawings.svg.size(), figures.size(), drawings.complaint));
    printWarnings(settings, refused);
    return drawings.svg.size() - refused.size();
}

/// The same; where it fails the report keeps its tables, and the user is told.
std::size_t addFigures(report::Document& document, const project::Project& project, const Settings& settings) {
    const std::size_t all = report::figuresOf(document).size();
    try {
        return all == 0 ? 0 : drawn(document, project, settings);
    } catch (const Exception& exception) {
        if (exception.error().code == ErrorCode::stopped) throw;
        printWarnings(settings, missing(all, all, exception.error().text()));
        return 0;
    }
}

ExitCode perform(const Options& options, const Settings& settings) {
    const project::Project project = project::Project::open(options.project);
    printWarnings(settings, project.warnings());
    const std::vector<report::RunContent> runs = report::readRuns(project, options.runs);
    report::Document document = report::studyReport(project, runs);
    const std::size_t figures = options.noFigures ? 0 : addFigures(document, project, settings);
    writeResult(options.html, report::toHtml(document));
    if (options.html == "-") return ExitCode::done;
    nlohmann::json ids = nlohmann::json::array();
    for (const report::RunContent& run : runs) ids.push_back(run.record.id);
    printResult(settings, {{"html", options.html}, {"runs", ids}, {"figures", figures}}, options.html + "\n");
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
    command.add_flag("--no-figures", options->noFigures,
                     "Tables alone; figures need the desktop program beside this one, or $VITRINE_RENDERER");
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
