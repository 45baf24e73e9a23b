// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>

#include "options.h"
#include "output.h"
#include "program.h"
#include "report/tables.h"
#include "report/text.h"

namespace vitrine::cli {
namespace {

nlohmann::json methodJson(const methods::MethodInfo& method) {
    nlohmann::json stages = nlohmann::json::array();
    for (const methods::StageInfo& stage : method.stages) stages.push_back({{"id", stage.id}, {"title", stage.title}});
    nlohmann::json presets = nlohmann::json::array();
    for (const methods::ParameterPreset& preset : method.presets)
        presets.push_back({{"id", preset.id}, {"title", preset.title}, {"help", preset.help}, {"values", preset.values}});
    return {{"id", method.id},           {"title", method.title},          {"paper", method.paper},
            {"summary", method.summary}, {"needs_data", method.needsData}, {"stages", stages},
            {"presets", presets}};
}

report::Table presetTable(const methods::MethodInfo& method) {
    report::Table table{"presets", "", {{"id", "Id", "", report::Format::identifier}, {"values", "Values"}, {"help", "For"}}, {}, ""};
    for (const methods::ParameterPreset& preset : method.presets) {
        std::string values;
        for (const auto& [key, text] : preset.values) values += (values.empty() ? "" : " ") + key + "=" + text;
        table.rows.push_back({preset.id, values, preset.help});
    }
    return table;
}

std::string methodText(const methods::MethodInfo& method) {
    std::string text = method.title + " (" + method.id + ")\n" + (method.paper.empty() ? "" : method.paper + "\n") +
                       "\n" + method.summary + "\n\nStages: ";
    for (const methods::StageInfo& stage : method.stages)
        text += (&stage == &method.stages.front() ? "" : "; ") + stage.title;
    text += "\n\nParameters (set with --set ID=VALUE)\n" + report::toText(report::schemaTable(method.parameters));
    text += "\nPresets (applied with --preset ID)\n" + report::toText(presetTable(method));
    return text + "\nFrom: published = the paper says so, code = the official code does so, ours = our choice.\n";
}

ExitCode listMethods(const Settings& settings) {
    nlohmann::json list = nlohmann::json::array();
    report::Table table{"methods",
                        "Methods",
                        {{"id", "Id", "", report::Format::identifier}, {"title", "Title"}, {"paper", "Paper"}},
                        {},
                        ""};
    for (const methods::MethodInfo& method : methods::allMethods()) {
        list.push_back(methodJson(method));
        table.rows.push_back({method.id, method.title, method.paper});
    }
    printResult(settings, {{"methods", list}}, report::toText(table));
    return ExitCode::done;
}

ExitCode showMethod(const std::string& id, const Settings& settings) {
    const methods::MethodInfo& method = chosenMethod(id);
    nlohmann::json json = methodJson(method);
    json["parameters"] = toJson(method.parameters);
    printResult(settings, json, methodText(method));
    return ExitCode::done;
}

}  // namespace

void addMethodsCommand(Program& program) {
    CLI::App& command = addCommand(program, "methods", "The quantization methods, or one with its parameters",
                                   "  vitrine-cli methods\n  vitrine-cli methods repq --json");
    const auto id = std::make_shared<std::string>();
    command.add_option("ID", *id, "Method; without it all are listed")->type_name("ID");
    command.callback([&program, id] {
        program.action = [&program, id] {
            return id->empty() ? listMethods(program.settings) : showMethod(*id, program.settings);
        };
    });
}

}  // namespace vitrine::cli
