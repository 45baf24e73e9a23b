// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/exit_code.h"
#include "command_line.h"

namespace vitrine::desktop {

/// Does what needs no window: lists views, draws figures. Errors go to stderr, one line each. Needs an application
/// object.
cli::ExitCode render(const CommandLine& line);

}  // namespace vitrine::desktop
