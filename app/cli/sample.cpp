// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/files.h"
#include "data/procedural.h"
#include "formats/image.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "project/project.h"
#include "resources.h"

namespace vitrine::cli {
namespace {

namespace fs = std::filesystem;

/// The image sets of the sample. The network was trained on other seeds (resources/sample/README.md).
struct SampleSet {
    const char* name;
    project::ImageRole role;
    std::uint64_t seed;
    std::int64_t count;
};
constexpr SampleSet kSets[] = {{"calibration", project::ImageRole::calibration, 2000003, 128},
                               {"evaluation", project::ImageRole::evaluation, 3000017, 1000}};
constexpr const char* kModelName = "vit_sample";
constexpr const char* kMethod = "repq";

std::string padded(std::int64_t number, std::size_t width) {
    std::string text = std::to_string(number);
    text.insert(0, width - std::min(width, text.size()), '0');
    return text;
}

void requireUnused(const fs::path& folder) {
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_empty(folder, error))
        fail(ErrorCode::invalidArgument, "the folder is not empty", folder.string(), "name a new one");
}

void writeNewFile(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.close();
    if (!file) fail(ErrorCode::ioFailure, "the picture cannot be written", path.string());
}

/// One folder per class, so that the set can be named as a CSV and as a folder.
void writeSet(const fs::path& folder, const SampleSet& set) {
    const std::vector<std::string>& classes = data::proceduralClassNames();
    std::string table = "file,label\n";
    for (std::int64_t i = 0; i < set.count; ++i) {
        const data::Scene scene = data::makeScene(set.seed, i);
        const std::int64_t label = data::labelOf(scene);
        std::string className = classes[static_cast<std::size_t>(label)];
        std::replace(className.begin(), className.end(), ' ', '_');
        const fs::path file = fs::path(set.name) / (padded(label, 2) + "_" + className) / (padded(i, 5) + ".png");
        fs::create_directories((folder / file).parent_path());
        writeNewFile(folder / file, formats::encodePng(data::render(scene)));
        table += file.string() + "," + std::to_string(label) + "\n";
    }
    writeFileAtomically(folder / (std::string(set.name) + ".csv"), table);
}

fs::path modelPath(const fs::path& folder) { return folder / "sample" / (std::string(kModelName) + ".safetensors"); }
fs::path tablePath(const fs::path& folder, const SampleSet& set) {
    return folder / "sample" / (std::string(set.name) + ".csv");
}

/// The network and its images, and a first run that only has to be started.
project::Edits editsOfSample(const project::Project& project) {
    project::Edits edits = project.edits();
    edits.models.push_back({.name = kModelName, .path = project.store(modelPath(project.folder()))});
    for (const SampleSet& set : kSets)
        edits.imageSets.push_back({.name = set.name,
                                   .role = set.role,
                                   .path = project.store(tablePath(project.folder(), set)),
                                   .images = set.count});
    edits.draft = {.model = kModelName, .calibration = kSets[0].name, .evaluation = kSets[1].name, .method = kMethod};
    const ParameterSet defaults(chosenMethod(kMethod).parameters);
    for (const char* bits : {"weight.bits", "activation.bits"})
        if (defaults.integer(bits) != 4) edits.draft.parameters[bits] = "4";
    return edits;
}

ExitCode perform(const std::string& target, const Settings& settings) {
    const fs::path folder = target;
    const fs::path source = resourcePath("sample");
    requireUnused(folder);
    try {
        fs::create_directories(folder / "sample");
        for (const auto& entry : fs::directory_iterator(source))
            fs::copy(entry.path(), folder / "sample" / entry.path().filename());
        for (const SampleSet& set : kSets) writeSet(folder / "sample", set);
    } catch (const fs::filesystem_error& error) {
        fail(ErrorCode::ioFailure, "the sample cannot be written: " + error.code().message(), error.path1().string());
    }
    project::Project project = project::Project::create(folder, "Sample study");
    project.setEdits(editsOfSample(project));

    const fs::path model = modelPath(folder);
    nlohmann::json json = {{"project", target}, {"model", model.string()}};
    std::string text = "Sample project in " + target + "\nModel " + model.string() + "\n";
    for (const SampleSet& set : kSets) {
        const std::string csv = tablePath(folder, set).string();
        json[set.name] = {{"csv", csv}, {"count", set.count}};
        text += std::to_string(set.count) + " images for " + set.name + ": " + csv + "\n";
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
