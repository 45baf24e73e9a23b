// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <functional>
#include <string>

#include "exit_code.h"
#include "settings.h"

namespace vitrine::cli {

/// The command line: a parser with every command, and what the chosen command does once everything is parsed.
struct Program {
    CLI::App app{"Post-training quantization of vision transformers: load, quantize, measure, save, report."};
    Settings settings;
    std::function<ExitCode()> action;
};

/// Whether a command has the flag --json.
enum class JsonFlag { yes, no };

/// A new command with the options that all commands take. `examples` are the lines below its help.
CLI::App& addCommand(Program& program, const std::string& name, const std::string& help, const std::string& examples,
                     JsonFlag json = JsonFlag::yes);

/// --threads and --device, for commands that compute.
void addComputeOptions(CLI::App& command, Settings& settings);

// One for each file of this folder that is named after a command.
void addInfoCommand(Program& program);
void addForwardCommand(Program& program);
void addMethodsCommand(Program& program);
void addEvalCommand(Program& program);
void addRunCommand(Program& program);
void addRunsCommand(Program& program);
void addShowCommand(Program& program);
void addCompareCommand(Program& program);
void addExportCommand(Program& program);
void addReportCommand(Program& program);
void addValidateCommand(Program& program);
void addSampleCommand(Program& program);
void addSynthesizeCommand(Program& program);

}  // namespace vitrine::cli
