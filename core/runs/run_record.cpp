// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/run_record.h"

#include <sys/resource.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/error.h"
#include "base/hash.h"
#include "engine/runtime.h"
#include "methods/method_info.h"
#include "methods/synthesizer_info.h"

namespace vitrine::runs {
namespace fs = std::filesystem;
namespace {

std::vector<project::ParameterRecord> recordsOf(const ParameterSet& parameters) {
    std::vector<project::ParameterRecord> records;
    for (const ParameterSpec& spec : parameters.schema())
        records.push_back({.id = spec.id,
                           .value = parameters.value(spec.id),
                           .provenance = std::string(provenanceName(spec.provenance)),
                           .unit = spec.unit,
                           .isDefault = parameters.isDefault(spec.id)});
    return records;
}

void restore(ParameterSet& parameters, const std::vector<project::ParameterRecord>& records) {
    for (const project::ParameterRecord& record : records) parameters.set(record.id, record.value);
}

std::map<std::string, std::string> versions() {
    const engine::RuntimeInfo runtime = engine::runtimeInfo();
    return {{"vitrine", VITRINE_VERSION}, {"torch", runtime.torchVersion}, {"blas", runtime.blas}, {"simd", runtime.simd}};
}

DataSpec dataOf(const project::Project& project, const project::RunRecord& record, const std::string& role) {
    for (const project::InputRecord& input : record.inputs)
        if (input.role == role)
            return {.path = project.locate(input.path),
                    .root = input.root.empty() ? fs::path() : project.locate(input.root),
                    .rows = input.rows};
    return {};
}

}  // namespace

std::vector<std::string> assumptionLines(const project::RunRecord& record) {
    std::vector<std::string> lines;
    for (const std::string& assumption : record.assumptions) lines.push_back("assumed: " + assumption);
    return lines;
}

project::InputRecord imageInput(const project::Project& project, const std::string& role, const DataSpec& spec,
                                const std::string& contentHash, std::int64_t images) {
    project::InputRecord input{.role = role,
                               .path = project.store(spec.path),
                               .root = project.store(spec.root),
                               .rows = spec.rows,
                               .contentHash = contentHash,
                               .images = images};
    std::error_code ignored;
    if (fs::is_regular_file(spec.path, ignored)) {
        input.size = fs::file_size(spec.path, ignored);
        input.hash = hashFile(spec.path);
    }
    return input;
}

project::RunRecord beginRecord(const project::Project& project, const RunSpec& spec, const models::LoadedModel& model) {
    project::RunRecord record{.method = spec.method,
                              .methodTitle = methods::methodInfo(spec.method).title,
                              .parameters = recordsOf(spec.parameters),
                              .rules = spec.rules,
                              .seed = spec.seed,
                              .device = spec.device,
                              .threads = engine::runtimeInfo().threads,
                              .batch = spec.batch,
                              .family = model.graph->info.family,
                              .architecture = model.graph->info.architecture,
                              .versions = versions(),
                              .assumptions = model.graph->info.assumptions};
    if (spec.synthetic) record.synthetic = {spec.synthetic->method, recordsOf(spec.synthetic->parameters)};
    const std::vector<std::string> assumed = assumptionLines(record);
    for (const std::string& warning : model.warnings)  // the loader lists its assumptions among them
        if (std::find(assumed.begin(), assumed.end(), warning) == assumed.end()) record.warnings.push_back(warning);
    for (project::ParameterRecord& override : recordsOf(spec.modelOverrides))
        if (!override.isDefault) record.modelOverrides.push_back(std::move(override));
    std::error_code ignored;
    record.inputs.push_back({.role = "model",
                             .path = project.store(spec.model),
                             .size = fs::file_size(spec.model, ignored),
                             .hash = model.hash});
    return record;
}

void requireSameInputs(const project::RunRecord& begun, const project::RunRecord& now) {
    if (begun.inputs.size() != now.inputs.size())
        fail(ErrorCode::invalidArgument, "the run began with other inputs", begun.id, "start a new run");
    for (std::size_t k = 0; k < begun.inputs.size(); ++k) {
        const project::InputRecord &before = begun.inputs[k], &after = now.inputs[k];
        if (before.hash == after.hash && before.contentHash == after.contentHash) continue;
        fail(ErrorCode::invalidArgument, "the " + before.role + " input has changed since the run began", before.path.absolute,
             "put the old one back, or start a new run");
    }
}

std::int64_t peakMemory() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::int64_t{usage.ru_maxrss} * 1024;
}

RunSpec resumeSpec(const fs::path& folder, const std::string& runId) {
    const project::Project project = project::Project::open(folder);
    const project::RunRecord record = project.run(runId);
    RunSpec spec{.project = folder,
                 .model = dataOf(project, record, "model").path,
                 .calibration = dataOf(project, record, "calibration"),
                 .evaluation = dataOf(project, record, "evaluation"),
                 .method = record.method,
                 .parameters = ParameterSet(methods::methodInfo(record.method).parameters),
                 .rules = record.rules,
                 .seed = record.seed,
                 .device = record.device,
                 .batch = record.batch,
                 .resume = runId};
    restore(spec.parameters, record.parameters);
    if (record.synthetic) {
        spec.synthetic = SyntheticCalibration{record.synthetic->method,
                                              ParameterSet(methods::synthesizerInfo(record.synthetic->method).parameters)};
        restore(spec.synthetic->parameters, record.synthetic->parameters);
    }
    restore(spec.modelOverrides, record.modelOverrides);
    return spec;
}

}  // namespace vitrine::runs
