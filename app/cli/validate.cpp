// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include "output.h"
#include "program.h"
#include "project/project.h"

namespace vitrine::cli {
namespace {

ExitCode perform(const std::string& folder, const Settings& settings) {
    const project::Project project = project::Project::open(folder);
    printWarnings(settings, project.warnings());
    const std::vector<Error> problems = project::validate(project);
    nlohmann::json list = nlohmann::json::array();
    std::string text;
    for (const Error& problem : problems) {
        list.push_back(toJson(problem));
        text += problem.text() + "\n";
    }
    if (problems.empty()) text = "no problems found\n";
    printResult(settings, {{"valid", problems.empty()}, {"problems", list}, {"repaired", project.warnings()}}, text);
    return problems.empty() ? ExitCode::done : ExitCode::badInput;
}

}  // namespace

void addValidateCommand(Program& program) {
    CLI::App& command = addCommand(program, "validate", "Check every file of a project and the inputs of its runs",
                                   "  vitrine-cli validate study\n\nThe exit code is 3 when something is wrong.");
    const auto folder = std::make_shared<std::string>();
    command.add_option("DIR", *folder, "Project folder")->required()->type_name("DIR");
    command.callback(
        [&program, folder] { program.action = [&program, folder] { return perform(*folder, program.settings); }; });
}

}  // namespace vitrine::cli
