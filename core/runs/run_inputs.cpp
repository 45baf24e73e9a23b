// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/run_inputs.h"

#include <algorithm>
#include <cstdint>

#include "base/error.h"
#include "graph/sites.h"
#include "methods/parts/site_specs.h"
#include "runs/image_data.h"
#include "runs/policy.h"
#include "runs/run_record.h"

namespace vitrine::runs {
namespace {

std::int64_t calibrationLimit(const ParameterSet& parameters, std::int64_t available) {
    for (const ParameterSpec& spec : parameters.schema())
        if (spec.id == "calibration.count") return std::min(parameters.integer(spec.id), available);
    return available;
}

}  // namespace

RunInputs loadInputs(const methods::MethodInfo& method, const RunSpec& spec, const jobs::Control& control) {
    if (spec.batch < 1) fail(ErrorCode::invalidArgument, "must be at least 1", "batch");
    if (spec.synthetic && !spec.calibration.path.empty())
        fail(ErrorCode::invalidArgument, "calibration images are either made or read", "calibration", "leave out one of them");
    if (method.needsData && spec.calibration.path.empty() && !spec.synthetic)
        fail(ErrorCode::invalidArgument, "the method needs calibration images", spec.method, "name a table or a folder of images");
    RunInputs inputs{.model = models::loadModel(spec.model, models::overridesFrom(spec.modelOverrides))};
    methods::resolveSpecs(runPolicy(method, spec.parameters, spec.rules), graph::findSites(*inputs.model.graph));
    const graph::ModelInfo& info = inputs.model.graph->info;
    if (!spec.calibration.path.empty()) {
        const data::ImageSet all = openData(spec.calibration, info);
        inputs.calibration = firstImages(all, calibrationLimit(spec.parameters, all.size()));
        inputs.calibrationHash = contentHash(inputs.calibration, spec.calibration, control);
    }
    if (!spec.evaluation.path.empty()) {
        inputs.evaluation = openLabelled(spec.evaluation, info);
        inputs.evaluationHash = contentHash(inputs.evaluation, spec.evaluation, control);
    }
    return inputs;
}

project::RunRecord describeRun(const methods::MethodInfo& method, const project::Project& project, const RunSpec& spec,
                               const RunInputs& inputs) {
    project::RunRecord record = beginRecord(project, spec, inputs.model);
    record.methodTitle = method.title;
    const auto add = [&](const std::string& role, const DataSpec& data, const data::ImageSet& images, const std::string& hash) {
        if (data.path.empty()) return;
        record.inputs.push_back(imageInput(project, role, data, hash, images.size()));
        record.warnings.insert(record.warnings.end(), images.warnings().begin(), images.warnings().end());
    };
    add("calibration", spec.calibration, inputs.calibration, inputs.calibrationHash);
    add("evaluation", spec.evaluation, inputs.evaluation, inputs.evaluationHash);
    return record;
}

std::string floatKey(const RunInputs& inputs, const project::RunRecord& record, const std::string& device) {
    const graph::ModelInfo& info = inputs.model.graph->info;
    std::string key = inputs.model.hash + " " + inputs.evaluationHash + " " + VITRINE_VERSION + " " + device + " " + info.interpolation +
                      " " + std::to_string(info.cropFraction) + " " + std::to_string(info.imageHeight) + "x" + std::to_string(info.imageWidth);
    for (const double value : info.mean) key += " " + std::to_string(value);
    for (const double value : info.standardDeviation) key += " " + std::to_string(value);
    for (const project::ParameterRecord& override : record.modelOverrides) key += " " + override.id + "=" + parameterText(override.value);
    return key;
}

}  // namespace vitrine::runs
