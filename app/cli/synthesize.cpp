// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "job_runner.h"
#include "methods/synthesizer_info.h"
#include "options.h"
#include "output.h"
#include "program.h"
#include "report/tables.h"
#include "report/text.h"
#include "runs/synthesis.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string model;
    std::vector<std::string> modelSet;
    std::string method;
    std::vector<std::string> set;
    std::optional<std::int64_t> count;
    std::string output;
    std::uint64_t seed = 0;
};

nlohmann::json resultJson(const runs::SynthesisResult& result, const Options& options, bool complete) {
    nlohmann::json json{{"method", options.method}, {"folder", options.output},   {"table", result.table},
                        {"seconds", result.seconds}, {"warnings", result.warnings}, {"complete", complete}};
    json["images"] = nlohmann::json::array();
    for (std::size_t i = 0; i < result.files.size(); ++i) {
        const auto& image = result.images.images[i];
        json["images"].push_back(
            {{"file", result.files[i]}, {"label", image.label}, {"prediction", image.prediction}, {"confidence", image.confidence}});
    }
    return json;
}

ExitCode perform(const Options& options, const Settings& settings) {
    runs::SynthesisSpec spec;
    spec.model = options.model;
    spec.modelOverrides = modelOverrides(options.modelSet);
    spec.synthetic = {options.method, ParameterSet(methods::synthesizerInfo(options.method).parameters)};
    applyAssignments(spec.synthetic.parameters, options.set);
    if (options.count) spec.synthetic.parameters.set("synthesis.count", *options.count);
    spec.output = options.output;
    spec.seed = options.seed;
    spec.device = settings.device;
    runs::SynthesisResult result;
    const jobs::JobState state =
        runJob(settings, "The synthesis", [&](jobs::JobContext& context) { result = runs::synthesizeImages(spec, context); });
    const bool complete = state == jobs::JobState::finished;
    printWarnings(settings, result.warnings);
    printResult(settings, resultJson(result, options, complete), report::toText(report::syntheticTable(result.images)));
    return complete ? ExitCode::done : ExitCode::stopped;
}

}  // namespace

void addSynthesizeCommand(Program& program) {
    CLI::App& command = addCommand(
        program, "synthesize", "Make calibration images from the network alone",
        "  vitrine-cli synthesize --model vit.safetensors --method psaq --count 32 --out images/\n"
        "  vitrine-cli synthesize --model vit.safetensors --method clampvit --set synthesis.iterations=100 --out images/\n\n"
        "Writes PNGs and images.csv: file,label,prepared,prediction,confidence and the terms of the loss. The table can be given to --calib.\n"
        "Ctrl+C stops and keeps the images as they are (exit code 4); a second Ctrl+C cancels.");
    const auto options = std::make_shared<Options>();
    command.add_option("--model", options->model, "Checkpoint: safetensors, .pth or .pt")->required()->type_name("FILE");
    addModelSetOption(command, options->modelSet);
    command.add_option("--method", options->method, "noise, psaq, psaq2 or clampvit")->required()->type_name("ID");
    command.add_option("--set", options->set, "A parameter of the method, such as synthesis.iterations=200; may be given several times")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->take_all();
    command.add_option("--count", options->count, "How many images are made; default 32")->check(CLI::Range(1, 1024))->type_name("N");
    command.add_option("--out", options->output, "Folder to write to; made where there is none")->required()->type_name("DIR");
    command.add_option("--seed", options->seed, "Seed of everything random; default 0")->type_name("N");
    addComputeOptions(command, program.settings);
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
