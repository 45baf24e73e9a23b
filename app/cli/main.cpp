// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "base/parameters.h"
#include "engine/runtime.h"
#include "interrupt.h"
#include "output.h"
#include "passive_wait.h"
#include "program.h"

namespace vitrine::cli {
namespace {

const char* const kFooter =
    R"(Results go to stdout, progress and warnings to stderr. With --json every command prints one object; a failure is
{"error": {"code", "what", "where", "remedy"}}.

Exit codes: 0 done, 1 fault of the program, 2 wrong usage, 3 bad input, 4 stopped by the user.
Ctrl+C stops a run and keeps the result so far; twice cancels it.

First steps:
  vitrine-cli sample study
  vitrine-cli run --project study --model study/sample/vit_sample.safetensors --method repq \
      --calib study/sample/calibration.csv --eval study/sample/evaluation.csv
  vitrine-cli report study --html study/report.html)";

std::string runtimeText() {
    const engine::RuntimeInfo info = engine::runtimeInfo();
    std::string text = "LibTorch " + info.torchVersion + ", BLAS " + info.blas + ", SIMD " + info.simd + ", " +
                       std::to_string(info.threads) + " threads; devices:";
    for (const std::string& device : info.devices) text += " " + device;
    return text;
}

std::string versionText() {
    const engine::RuntimeInfo info = engine::runtimeInfo();
    return "vitrine-cli " VITRINE_VERSION "\nLibTorch " + info.torchVersion + "\nBLAS " + info.blas + "\nSIMD " +
           info.simd;
}

void addCommands(Program& program) {
    program.app.name("vitrine-cli");
    program.app.get_formatter()->column_width(34);
    program.app.footer(kFooter);
    program.app.require_subcommand(1);
    program.app.set_version_flag("--version", versionText, "Versions of the program and its libraries");
    program.app.add_flag("--json", program.settings.json, "Print one machine-readable JSON object on stdout");
    program.app.add_flag("-q,--quiet", program.settings.quiet, "No progress and no warnings on stderr");
    program.app.add_flag("-v,--verbose", program.settings.verbose, "Say on stderr what was found and chosen");
    addInfoCommand(program);
    addForwardCommand(program);
    addMethodsCommand(program);
    addEvalCommand(program);
    addRunCommand(program);
    addRunsCommand(program);
    addShowCommand(program);
    addCompareCommand(program);
    addExportCommand(program);
    addReportCommand(program);
    addValidateCommand(program);
    addSampleCommand(program);
    addSynthesizeCommand(program);
}

/// A first word that is no command: CLI11 would only say that a command is required.
std::optional<Error> unknownCommand(const Program& program, const std::vector<std::string>& words) {
    const auto first = std::find_if(words.begin(), words.end(), [](const std::string& word) { return word.rfind('-', 0) != 0; });
    std::vector<std::string> names;
    for (const CLI::App* command : program.app.get_subcommands(nullptr)) names.push_back(command->get_name());
    if (first == words.end() || std::find(names.begin(), names.end(), *first) != names.end()) return std::nullopt;
    const std::string near = nearestName(*first, names);
    return Error{ErrorCode::invalidArgument, "there is no command '" + *first + "'", {},
                 near.empty() ? "see 'vitrine-cli --help'" : "did you mean '" + near + "'?"};
}

ExitCode usageFailure(const Program& program, const CLI::ParseError& error, const std::vector<std::string>& words) {
    std::string what = error.what();
    std::replace(what.begin(), what.end(), '\n', ' ');
    const Error failure{ErrorCode::invalidArgument, what, {}, "see 'vitrine-cli --help' or 'vitrine-cli COMMAND --help'"};
    const bool json = std::find(words.begin(), words.end(), "--json") != words.end();
    printError(unknownCommand(program, words).value_or(failure), json);
    return ExitCode::usage;
}

ExitCode perform(Program& program) {
    const std::vector<std::string> warnings = engine::configureRuntime({program.settings.threads});
    const bool computes = program.app.get_subcommands().front()->get_option_no_throw("--threads") != nullptr;
    if (computes) {
        printWarnings(program.settings, warnings);
        if (program.settings.verbose) printDetail(program.settings, runtimeText());
    }
    exitOnInterrupt();
    const ExitCode code = program.action();
    finishOutput();
    return code;
}

ExitCode runProgram(int argc, char** argv) {
    Program program;
    try {
        addCommands(program);
        program.app.parse(argc, argv);
        return perform(program);
    } catch (const CLI::Success& success) {  // --help and --version
        program.app.exit(success);
        return ExitCode::done;
    } catch (const CLI::ParseError& error) {
        return usageFailure(program, error, {argv + 1, argv + argc});
    } catch (const std::exception& exception) {
        const Error error = describe(exception);
        printError(error, program.settings.json);
        return exitCodeOf(error.code);
    }
}

}  // namespace
}  // namespace vitrine::cli

int main(int argc, char** argv) {
    vitrine::waitPassively(argv);
    return static_cast<int>(vitrine::cli::runProgram(argc, argv));
}
