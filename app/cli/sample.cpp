// SPDX-License-Identifier: GPL-3.0-or-later
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/resources.h"
#include "output.h"
#include "program.h"
#include "runs/sample_project.h"

namespace vitrine::cli {
namespace {

ExitCode perform(const std::string& target, const Settings& settings) {
    const runs::SampleProject sample = runs::writeSampleProject(target, resourcePath("sample"));
    nlohmann::json json = {{"project", target}, {"model", sample.model.string()}};
    std::string text = "Sample project in " + target + "\nModel " + sample.model.string() + "\n";
    for (const runs::SampleProject::ImageSet& set : sample.imageSets) {
        json[set.name] = {{"csv", set.table.string()}, {"count", set.count}};
        text += std::to_string(set.count) + " images for " + set.name + ": " + set.table.string() + "\n";
    }
    printResult(settings, json, text);
    return ExitCode::done;
}

}  // namespace

void addSampleCommand(Program& program) {
    CLI::App& command =
        addCommand(program, "sample", "Write the shipped sample: a small network, its images, an empty project",
                   "  vitrine-cli sample study\n"
                   "  vitrine-cli run --project study --model study/sample/vit_sample.safetensors --method repq \\\n"
                   "      --calib study/sample/calibration.csv --eval study/sample/evaluation.csv");
    const auto folder = std::make_shared<std::string>();
    command.add_option("DIR", *folder, "Folder to write; must be new or empty")->required()->type_name("DIR");
    command.callback(
        [&program, folder] { program.action = [&program, folder] { return perform(*folder, program.settings); }; });
}

}  // namespace vitrine::cli
