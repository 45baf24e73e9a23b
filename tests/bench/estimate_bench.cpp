// SPDX-License-Identifier: GPL-3.0-or-later
// What runs of projects were estimated at, from the operations of their networks alone, and what they took: one line a run.
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

#include "engine/runtime.h"
#include "models/model.h"
#include "project/project.h"
#include "runs/preview.h"
#include "runs/run.h"

namespace {

using namespace vitrine;

std::int64_t imagesOf(const project::RunRecord& record, std::string_view role) {
    for (const project::InputRecord& input : record.inputs)
        if (input.role == role) return input.images;
    return 0;
}

/// The parameters that are not at their defaults.
std::string settingsOf(const runs::RunSpec& spec) {
    std::string text;
    for (const ParameterSpec& parameter : spec.parameters.schema())
        if (!spec.parameters.isDefault(parameter.id)) text += " " + parameter.id + "=" + parameterText(spec.parameters.value(parameter.id));
    return text;
}

void compare(const project::Project& project, const std::string& id) {
    const project::RunRecord record = project.run(id);
    if (record.state != project::RunState::finished) return;
    const runs::RunSpec spec = runs::resumeSpec(project.folder(), id);
    const models::LoadedModel model = models::loadModel(spec.model, models::overridesFrom(spec.modelOverrides));
    engine::configureRuntime({.threads = record.threads});
    const runs::Estimate estimate = runs::estimate({.network = *model.graph,
                                                    .method = spec.method,
                                                    .parameters = spec.parameters,
                                                    .calibrationImages = imagesOf(record, "calibration"),
                                                    .evaluationImages = imagesOf(record, "evaluation"),
                                                    .batch = spec.batch,
                                                    .runs = {}});
    std::printf("%-16s estimated %6.1f s, took %6.1f s, ratio %.2f;%s;", id.c_str(), estimate.seconds, record.seconds,
                estimate.seconds / record.seconds, settingsOf(spec).c_str());
    for (const project::StageRecord& stage : record.stages) std::printf(" %s %.1f s", stage.id.c_str(), stage.seconds);
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        for (int i = 1; i < argc; ++i) {
            const project::Project project = project::Project::open(argv[i]);
            for (const project::RunSummary& run : project.runs()) compare(project, run.id);
        }
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
