// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "job_runner.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "project/project.h"
#include "report/run_json.h"
#include "report/tables.h"
#include "report/text.h"
#include "runs/evaluation.h"

namespace vitrine::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
    std::string model;
    std::vector<std::string> modelSet;
    DataOptions images;
    std::string quantized;
    std::string project;
    std::int64_t batch = 32;
};

/// The folder of a quantized model: of a run of --project, a folder, or the folder of a file in it.
fs::path quantizedFolder(const Options& options) {
    const fs::path path = options.quantized;
    if (fs::is_directory(path)) return path;
    if (fs::exists(path)) return path.has_parent_path() ? path.parent_path() : fs::path(".");
    if (!options.project.empty()) return project::Project::open(options.project).modelFolder(options.quantized);
    fail(ErrorCode::notFound, "there is no such run folder or quantized model", options.quantized,
         "for the id of a run, name its project with --project");
}

nlohmann::json evaluationJson(const runs::Evaluation& evaluation, bool complete) {
    nlohmann::json json = report::accuracyToJson(evaluation.quantized ? *evaluation.quantized : evaluation.floating);
    json["float"] = report::accuracyToJson(evaluation.floating);
    if (evaluation.quantized) json["quantized"] = report::accuracyToJson(*evaluation.quantized);
    json["complete"] = complete;
    json["warnings"] = evaluation.warnings;
    return json;
}

ExitCode perform(const Options& options, const Settings& settings) {
    runs::EvaluationSpec spec;
    spec.model = options.model;
    spec.modelOverrides = modelOverrides(options.modelSet);
    if (!options.quantized.empty()) spec.quantized = quantizedFolder(options);
    spec.data = options.images.spec();
    spec.device = settings.device;
    spec.batch = options.batch;

    runs::Evaluation evaluation;
    const jobs::JobState state =
        runJob(settings, "Evaluation", [&](jobs::JobContext& context) { evaluation = runs::evaluate(spec, context); });
    const bool complete = state == jobs::JobState::finished;
    printWarnings(settings, evaluation.warnings);
    std::vector<results::Accuracy> accuracies{evaluation.floating};
    if (evaluation.quantized) accuracies.push_back(*evaluation.quantized);
    printResult(settings, evaluationJson(evaluation, complete), report::toText(report::accuracyTable(accuracies)));
    return complete ? ExitCode::done : ExitCode::stopped;
}

}  // namespace

void addEvalCommand(Program& program) {
    CLI::App& command =
        addCommand(program, "eval", "Accuracy of a network on labelled images",
                   "  vitrine-cli eval vit.safetensors --images val.csv --root /data/imagenet/val\n"
                   "  vitrine-cli eval vit.safetensors --images val/ --rows 0-999 --json\n"
                   "  vitrine-cli eval vit.safetensors --images val/ --project study --quantized r0001-repq");
    const auto options = std::make_shared<Options>();
    command.add_option("MODEL", options->model, "Checkpoint: safetensors, .pth or .pt")->required()->type_name("FILE");
    command.add_option("--images", options->images.path, "CSV 'file,label', or a folder of class folders")
        ->required()
        ->type_name("CSV_OR_DIR");
    command
        .add_option("--root,--eval-root", options->images.root,
                    "Folder that the files of the CSV are relative to; else its own")
        ->type_name("DIR");
    command
        .add_option("--rows,--eval-rows", options->images.rows,
                    "Rows to use: FIRST-LAST, 0-based, or a file with one number a line")
        ->type_name("FILE|A-B");
    command
        .add_option("--quantized", options->quantized,
                    "Also measure this quantized form: a run folder, a folder with a quantized model, or with "
                    "--project a run id")
        ->type_name("RUN_OR_FILE");
    command.add_option("--project", options->project, "Project of the run that --quantized names")->type_name("DIR");
    command.add_option("--batch", options->batch, "Images evaluated at once")
        ->check(CLI::Range(1, 4096))
        ->capture_default_str()
        ->type_name("N");
    addModelSetOption(command, options->modelSet);
    addComputeOptions(command, program.settings);
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
