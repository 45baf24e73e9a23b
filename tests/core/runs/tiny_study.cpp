// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/tiny_study.h"

#include <nlohmann/json.hpp>

#include "base/files.h"
#include "base/random.h"
#include "core/models/tiny_networks.h"
#include "formats/image.h"
#include "formats/safetensors.h"
#include "methods/method_info.h"
#include "project/project.h"
#include "runs/execution.h"

namespace vitrine::test {
namespace {

constexpr TinyVit kNetwork{.height = 16, .width = 16, .dim = 24, .heads = 3, .headDim = 8, .hidden = 48, .classes = 5};

void writePicture(const std::filesystem::path& path, Random& random) {
    formats::Image image{.width = 20, .height = 18, .rgb = std::vector<std::uint8_t>(20 * 18 * 3)};
    for (std::uint8_t& value : image.rgb) value = static_cast<std::uint8_t>(random.integer(0, 255));
    formats::writePng(path, image);
}

std::vector<std::int64_t> rows(std::int64_t first, std::int64_t end) {
    std::vector<std::int64_t> list;
    for (std::int64_t row = first; row < end; ++row) list.push_back(row);
    return list;
}

}  // namespace

TinyStudy::TinyStudy() {
    formats::writeSafetensors(folder_ / "model.safetensors", randomCheckpoint(kNetwork).tensors);
    Random random(5);
    std::string table = "file,label\n";
    for (std::int64_t k = 0; k < kImages; ++k) {
        const std::string name = std::to_string(k) + ".png";
        writePicture(folder_ / name, random);
        table += name + "," + std::to_string(k % kNetwork.classes) + "\n";
    }
    writeFileAtomically(folder_ / "images.csv", table);
}

runs::RunSpec TinyStudy::spec(const std::string& project) const {
    runs::RunSpec spec{.project = folder_ / project,
                       .model = folder_ / "model.safetensors",
                       .calibration = {.path = folder_ / "images.csv", .rows = rows(0, 6)},
                       .evaluation = {.path = folder_ / "images.csv", .rows = rows(6, kImages)},
                       .method = "baseline",
                       .parameters = ParameterSet(methods::methodInfo("baseline").parameters),
                       .seed = 3,
                       .batch = 4};
    spec.modelOverrides.set("model.heads", kNetwork.heads);
    spec.parameters.set("weight.bits", std::int64_t{4});
    return spec;
}

Calling::Calling(std::function<void(const jobs::ProgressReport&, jobs::Control&)> listener)
    : progress(
          [this, listener](const jobs::ProgressReport& report) {
              if (listener) listener(report, control);
          },
          [this] { return now += 1; }) {}

runs::RunOutcome execute(const runs::RunSpec& spec, const StepMethod& method) {
    Calling calling;
    return runs::executeWith(method, spec, calling.context);
}

runs::RunOutcome executePlain(const runs::RunSpec& spec) {
    Calling calling;
    return runs::execute(spec, calling.context);
}

std::map<std::string, std::string> resultFiles(const std::filesystem::path& project, const std::string& runId) {
    const std::filesystem::path folder = project::Project::open(project).runFolder(runId);
    std::map<std::string, std::string> files;
    for (const char* part : {"artefacts", "model"})
        for (const auto& entry : std::filesystem::directory_iterator(folder / part)) {
            std::string content = readTextFile(entry.path());
            if (std::string(part) == "artefacts") {
                auto json = nlohmann::json::parse(content);
                json["data"].erase("seconds");
                content = json.dump();
            }
            files[std::string(part) + "/" + entry.path().filename().string()] = content;
        }
    return files;
}

}  // namespace vitrine::test
