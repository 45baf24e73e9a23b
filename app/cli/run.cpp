// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/run.h"

#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/error.h"
#include "job_runner.h"
#include "methods/synthesizer_info.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "project/project.h"
#include "run_output.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string project;
    std::string model;
    std::vector<std::string> modelSet;
    std::string method;
    std::vector<std::string> set;
    std::string preset;
    std::string policy;
    std::vector<std::string> rules;
    DataOptions calibration;
    DataOptions evaluation;
    std::optional<std::uint64_t> seed;
    std::optional<std::int64_t> batch;
    std::string synthetic;
    std::vector<std::string> syntheticSet;
    std::optional<std::int64_t> syntheticCount;
    std::string resume;
    CLI::Option* device = nullptr;
};

void require(bool given, const char* option) {
    if (!given)
        fail(ErrorCode::invalidArgument, std::string("option ") + option + " is missing", {},
             "see 'vitrine-cli run --help'");
}

runs::SyntheticCalibration syntheticCalibration(const Options& options) {
    runs::SyntheticCalibration synthetic{options.synthetic, ParameterSet(methods::synthesizerInfo(options.synthetic).parameters)};
    applyAssignments(synthetic.parameters, options.syntheticSet);
    if (options.syntheticCount) synthetic.parameters.set("synthesis.count", *options.syntheticCount);
    return synthetic;
}

runs::RunSpec newRun(const Options& options, const Settings& settings) {
    require(!options.model.empty(), "--model");
    require(!options.method.empty(), "--method");
    const methods::MethodInfo& method = chosenMethod(options.method);
    require(!options.calibration.path.empty() || !options.synthetic.empty() || !method.needsData, "--calib");
    runs::RunSpec spec;
    spec.project = options.project;
    spec.model = options.model;
    spec.modelOverrides = modelOverrides(options.modelSet);
    spec.calibration = options.calibration.spec();
    if (!options.synthetic.empty()) spec.synthetic = syntheticCalibration(options);
    spec.evaluation = options.evaluation.spec();
    spec.method = options.method;
    spec.parameters = ParameterSet(method.parameters);
    if (!options.preset.empty()) applyPreset(spec.parameters, method, options.preset);
    applyAssignments(spec.parameters, options.set);
    spec.rules = parseRules(options.policy, options.rules);
    spec.seed = options.seed.value_or(0);
    spec.device = settings.device;
    spec.batch = options.batch.value_or(spec.batch);
    return spec;
}

void requireSame(bool same, const char* option) {
    if (!same)
        fail(ErrorCode::invalidArgument, std::string("option ") + option + " differs from the interrupted run", {},
             "leave it out, or start a new run without --resume");
}

/// The interrupted run as it was. Files may have moved; nothing that decides the result may be changed.
runs::RunSpec resumedRun(const Options& options, const Settings& settings) {
    runs::RunSpec spec = runs::resumeSpec(options.project, options.resume);
    spec.resume = options.resume;
    if (!options.model.empty()) spec.model = options.model;
    if (!options.calibration.path.empty()) spec.calibration = options.calibration.spec();
    if (!options.evaluation.path.empty()) spec.evaluation = options.evaluation.spec();
    requireSame(options.method.empty() || options.method == spec.method, "--method");
    requireSame(!options.seed || *options.seed == spec.seed, "--seed");
    requireSame(!options.batch || *options.batch == spec.batch, "--batch");
    requireSame(options.device->empty() || settings.device == spec.device, "--device");
    ParameterSet parameters = spec.parameters;
    if (!options.preset.empty()) applyPreset(parameters, chosenMethod(spec.method), options.preset);
    applyAssignments(parameters, options.set);
    requireSame(toJson(parameters) == toJson(spec.parameters), "--set");
    const std::vector<quant::PolicyRule> rules = parseRules(options.policy, options.rules);
    requireSame(rules.empty() || rules == spec.rules, "--rule");
    ParameterSet overrides = spec.modelOverrides;
    applyAssignments(overrides, options.modelSet, "model.");
    requireSame(toJson(overrides) == toJson(spec.modelOverrides), "--model-set");
    if (options.synthetic.empty()) return spec;
    const runs::SyntheticCalibration synthetic = syntheticCalibration(options);
    requireSame(spec.synthetic && spec.synthetic->method == synthetic.method &&
                    toJson(spec.synthetic->parameters) == toJson(synthetic.parameters),
                "--synthetic");
    return spec;
}

ExitCode perform(const Options& options, const Settings& settings) {
    const runs::RunSpec spec = options.resume.empty() ? newRun(options, settings) : resumedRun(options, settings);
    runs::RunOutcome outcome;
    const jobs::JobState state =
        runJob(settings, "The run", [&](jobs::JobContext& context) { outcome = runs::execute(spec, context); });
    printWarnings(settings, outcome.warnings);
    const project::Project project = project::Project::open(options.project);
    printRun(settings, report::readRun(project, outcome.id));
    return state == jobs::JobState::finished ? ExitCode::done : ExitCode::stopped;
}

void addDataOptions(CLI::App& command, Options& options) {
    command
        .add_option("--calib", options.calibration.path,
                    "Calibration images: CSV 'file,label', or a folder of class folders")
        ->type_name("CSV_OR_DIR");
    command
        .add_option("--root", options.calibration.root,
                    "Folder that the files of --calib are relative to; else the CSV's own")
        ->type_name("DIR");
    command
        .add_option("--rows", options.calibration.rows,
                    "Rows to calibrate with: ranges such as 0-31,40, 0-based, or a file with one number a line")
        ->type_name("FILE|A-B,C");
    command.add_option("--synthetic", options.synthetic, "Calibrate on images that this method makes, instead of --calib: noise, psaq, psaq2, clampvit")
        ->type_name("ID");
    command.add_option("--synthetic-set", options.syntheticSet, "A parameter of --synthetic, such as synthesis.iterations=200; may be given several times")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->take_all();
    command.add_option("--synthetic-count", options.syntheticCount, "How many images are made")->check(CLI::Range(1, 1024))->type_name("N");
    command.add_option("--eval", options.evaluation.path, "Images to measure accuracy on; without it none is measured")
        ->type_name("CSV_OR_DIR");
    command.add_option("--eval-root", options.evaluation.root, "Like --root, for --eval")->type_name("DIR");
    command.add_option("--eval-rows", options.evaluation.rows, "Like --rows, for --eval")->type_name("FILE|A-B");
}

void addPolicyOptions(CLI::App& command, Options& options) {
    command.add_option("--preset", options.preset, "Values for several parameters at once, applied before --set; see 'vitrine-cli methods ID'")
        ->type_name("ID");
    command
        .add_option("--rule", options.rules,
                    "What sits at the sites that match, after the method's own choice; may be given several times, the last match "
                    "decides: 'head*=float', 'role:post_softmax=log2:4', '*.fc1.weight=uniform:8:symmetric:channel'")
        ->type_name("PATTERN=SPEC")
        ->expected(1)
        ->take_all();
    command.add_option("--policy", options.policy, "JSON file with rules, which come before those of --rule")->type_name("FILE");
}

}  // namespace

void addRunCommand(Program& program) {
    CLI::App& command = addCommand(
        program, "run", "Quantize a network by a method, measure it, and keep everything in a project",
        "  vitrine-cli run --project study --model vit.safetensors --calib calib.csv --method repq \\\n"
        "      --set weight.bits=4 --set activation.bits=4 --eval val.csv --eval-root /data/val\n"
        "  vitrine-cli run --project study --resume r0003-repq\n\n"
        "Ctrl+C stops and keeps the result so far (exit code 4); a second Ctrl+C cancels and leaves nothing.");
    const auto options = std::make_shared<Options>();
    command.add_option("--project", options->project, "Project folder; made where there is none")
        ->required()
        ->type_name("DIR");
    command.add_option("--model", options->model, "Checkpoint: safetensors, .pth or .pt")->type_name("FILE");
    addModelSetOption(command, options->modelSet);
    command.add_option("--method", options->method, "Method; 'vitrine-cli methods' lists them")->type_name("ID");
    command
        .add_option("--set", options->set,
                    "A parameter of the method; may be given several times; see 'vitrine-cli methods ID'")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->take_all();
    addPolicyOptions(command, *options);
    addDataOptions(command, *options);
    command.add_option("--seed", options->seed, "Seed of everything random; default 0")->type_name("N");
    command.add_option("--batch", options->batch, "Images evaluated at once; default 32")
        ->check(CLI::Range(1, 4096))
        ->type_name("N");
    command
        .add_option("--resume", options->resume,
                    "Go on with this interrupted run; its settings are taken from the project")
        ->type_name("RUN");
    addComputeOptions(command, program.settings);
    options->device = command.get_option("--device");
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
