// SPDX-License-Identifier: GPL-3.0-or-later
#include "program.h"

namespace vitrine::cli {

CLI::App& addCommand(Program& program, const std::string& name, const std::string& help, const std::string& examples,
                     JsonFlag json) {
    CLI::App& command = *program.app.add_subcommand(name, help);
    command.footer("Examples:\n" + examples);
    if (json == JsonFlag::yes)
        command.add_flag("--json", program.settings.json, "Print one machine-readable JSON object on stdout");
    command.add_flag("-q,--quiet", program.settings.quiet, "No progress and no warnings on stderr");
    command.add_flag("-v,--verbose", program.settings.verbose, "Say on stderr what was found and chosen");
    return command;
}

void addComputeOptions(CLI::App& command, Settings& settings) {
    command.add_option("--threads", settings.threads, "Threads of one operation; 0: as many as the process may use")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str()
        ->type_name("N");
    command.add_option("--device", settings.device, "Where to compute: cpu or cuda:N")
        ->capture_default_str()
        ->type_name("NAME");
}

}  // namespace vitrine::cli
