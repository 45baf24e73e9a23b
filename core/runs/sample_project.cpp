// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/sample_project.h"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/files.h"
#include "data/procedural.h"
#include "formats/image.h"
#include "methods/method_info.h"
#include "project/project.h"

namespace vitrine::runs {
namespace {

namespace fs = std::filesystem;

constexpr const char* kModel = "vit_sample";
constexpr const char* kMethod = "repq";

/// The image sets of the sample. The network was trained on other seeds (resources/sample/README.md).
struct SampleSet {
    const char* name;
    project::ImageRole role;
    std::uint64_t seed;
    std::int64_t count;
};
constexpr SampleSet kSets[] = {{"calibration", project::ImageRole::calibration, 2000003, 128},
                               {"evaluation", project::ImageRole::evaluation, 3000017, 1000}};

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

fs::path modelPath(const fs::path& folder) { return folder / "sample" / (std::string(kModel) + ".safetensors"); }

fs::path tablePath(const fs::path& folder, const SampleSet& set) { return folder / "sample" / (std::string(set.name) + ".csv"); }

/// One folder per class, so that the set can be named as a CSV and as a folder.
void writeSet(const fs::path& project, const SampleSet& set) {
    const fs::path folder = project / "sample";
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
    writeFileAtomically(tablePath(project, set), table);
}

/// The network and its images, and a first run that only has to be started.
void describe(project::Project& project, const SampleProject& sample) {
    project::Edits edits = project.edits();
    edits.models.push_back({kModel, project.store(sample.model), {}});
    for (std::size_t i = 0; i < sample.imageSets.size(); ++i) {
        const SampleProject::ImageSet& set = sample.imageSets[i];
        edits.imageSets.push_back({.name = set.name, .role = kSets[i].role, .path = project.store(set.table), .images = set.count});
    }
    edits.draft = {.model = kModel, .calibration = kSets[0].name, .evaluation = kSets[1].name, .method = kMethod};
    const ParameterSet defaults(methods::methodInfo(kMethod).parameters);
    for (const char* bits : {"weight.bits", "activation.bits"})
        if (defaults.integer(bits) != 4) edits.draft.parameters[bits] = "4";
    project.setEdits(edits);
}

}  // namespace

SampleProject writeSampleProject(const fs::path& folder, const fs::path& source) {
    requireUnused(folder);
    SampleProject sample{.model = modelPath(folder), .imageSets = {}};
    try {
        fs::create_directories(folder / "sample");
        for (const auto& entry : fs::directory_iterator(source)) fs::copy(entry.path(), folder / "sample" / entry.path().filename());
        for (const SampleSet& set : kSets) {
            writeSet(folder, set);
            sample.imageSets.push_back({set.name, tablePath(folder, set), set.count});
        }
    } catch (const fs::filesystem_error& error) {
        fail(ErrorCode::ioFailure, "the sample cannot be written: " + error.code().message(), error.path1().string());
    }
    project::Project project = project::Project::create(folder, "Sample study");
    describe(project, sample);
    return sample;
}

RunSpec firstSampleRun(const fs::path& folder) {
    ParameterSet parameters(methods::methodInfo("baseline").parameters);
    for (const char* bits : {"weight.bits", "activation.bits"}) parameters.set(bits, std::int64_t{4});
    return {.project = folder,
            .model = modelPath(folder),
            .calibration = {.path = tablePath(folder, kSets[0])},
            .evaluation = {.path = tablePath(folder, kSets[1])},
            .method = "baseline",
            .parameters = std::move(parameters)};
}

}  // namespace vitrine::runs
