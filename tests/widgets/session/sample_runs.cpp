// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/sample_runs.h"

#include <QTest>

#include "base/files.h"
#include "base/resources.h"
#include "data/procedural.h"
#include "formats/image.h"
#include "methods/method_info.h"
#include "project/project.h"
#include "widgets/base/text.h"

namespace vitrine::test {

SampleRuns::SampleRuns(std::int64_t images) {
    std::string table = "file,label\n";
    for (std::int64_t i = 0; i < images; ++i) {
        const data::Scene scene = data::makeScene(5, i);
        const std::string name = std::to_string(i) + ".png";
        formats::writePng(folder_ / name, data::render(scene));
        table += name + "," + std::to_string(data::labelOf(scene)) + "\n";
    }
    writeFileAtomically(folder_ / "images.csv", table);
}

QString SampleRuns::projectText() const { return widgets::pathText(project()); }

runs::RunSpec SampleRuns::spec(const std::string& method) const {
    runs::RunSpec spec;
    spec.project = project();
    spec.model = resourcePath("sample") / "vit_sample.safetensors";
    spec.calibration.path = spec.evaluation.path = folder_ / "images.csv";
    spec.method = method;
    spec.parameters = ParameterSet(methods::methodInfo(method).parameters);
    return spec;
}

bool waitFor(const std::function<bool()>& condition, int seconds) { return QTest::qWaitFor(condition, seconds * 1000); }

std::string addRun(const std::filesystem::path& folder) {
    project::Project project = project::Project::open(folder);
    project::RunRecord record;
    record.method = "repq";
    record.methodTitle = "RepQ-ViT";
    record.device = "cpu";
    record.started = "2026-11-21T01:45:12Z";
    record.ended = "2026-11-21T01:45:42Z";
    record.seconds = 30;
    record.figures = {.floatTop1 = 92.5, .top1 = 91.2, .top5 = 99.0, .count = 1000, .averageWeightBits = 4.02,
                      .averageActivationBits = 4.1, .sizeBytes = 640000, .bops = 3.4e9};
    project::RunWriter writer = project.begin(record);
    writer.put({"trace", "Loss", results::Trace{"loss", "step", "loss", {0, 1, 2}, {3, 2, 1}}});
    results::LayerErrors errors{.reference = "local", .images = 8};
    for (const char* block : {"blocks.0", "blocks.1"})
        for (const char* site : {".attn.qkv", ".mlp.fc1"})
            errors.rows.push_back({.site = std::string(block) + site, .role = "post_layer_norm", .block = block, .quantizer = "uniform 4 bit",
                                   .sqnrDb = 21.5, .cosine = 0.99, .mse = 0.01});
    writer.put({"errors.local", "Error of each quantizer alone", std::move(errors)});
    const std::string id = writer.record().id;
    writer.complete(record, project::RunState::finished);
    return id;
}

void writeRuns(const std::filesystem::path& folder, int count) {
    project::Project::create(folder, "Many runs");
    for (int i = 0; i < count; ++i) addRun(folder);
}

}  // namespace vitrine::test
