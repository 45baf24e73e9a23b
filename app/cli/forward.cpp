// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/forward.h"

#include <memory>
#include <nlohmann/json.hpp>

#include "options.h"
#include "output.h"
#include "program.h"

namespace vitrine::cli {
namespace {

struct Options {
    std::string model;
    std::vector<std::string> modelSet;
    std::string input;
    std::string output;
    std::vector<std::string> capture;
};

ExitCode perform(const Options& options, const Settings& settings) {
    runs::ForwardSpec spec;
    spec.model = options.model;
    spec.modelOverrides = modelOverrides(options.modelSet);
    spec.input = options.input;
    spec.output = options.output;
    spec.capture = options.capture;
    spec.device = settings.device;
    const runs::ForwardResult result = runs::forward(spec);
    printWarnings(settings, result.warnings);
    const nlohmann::json json = {{"output", options.output},
                                 {"input_shape", result.input},
                                 {"tensors", result.written},
                                 {"seconds", result.seconds},
                                 {"warnings", result.warnings}};
    printResult(settings, json, options.output + ": " + std::to_string(result.written.size()) + " tensors\n");
    return ExitCode::done;
}

}  // namespace

void addForwardCommand(Program& program) {
    CLI::App& command =
        addCommand(program, "forward", "Run one batch through the float network",
                   "  vitrine-cli forward vit.safetensors --input batch.safetensors --out out.safetensors\n"
                   "  vitrine-cli forward vit.safetensors --input batch.safetensors --out out.safetensors \\\n"
                   "      --capture 'blocks.*.attn.softmax' --capture norm");
    const auto options = std::make_shared<Options>();
    command.add_option("MODEL", options->model, "Checkpoint: safetensors, .pth or .pt")->required()->type_name("FILE");
    command.add_option("--input", options->input, "Safetensors file with 'input': float32 [B,C,H,W], preprocessed")
        ->required()
        ->type_name("FILE");
    command.add_option("--out", options->output, "Safetensors file to write: 'logits' and the captured values")
        ->required()
        ->type_name("FILE");
    command
        .add_option("--capture", options->capture,
                    "Also write the values with these ids; '*' and '?' are wildcards; may be given several times")
        ->type_name("PATTERN")
        ->expected(1)
        ->take_all();
    addModelSetOption(command, options->modelSet);
    addComputeOptions(command, program.settings);
    command.callback(
        [&program, options] { program.action = [&program, options] { return perform(*options, program.settings); }; });
}

}  // namespace vitrine::cli
