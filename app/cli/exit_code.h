// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

namespace vitrine::cli {

/// Exit codes of vitrine-cli; scripts rely on them.
enum class ExitCode {
    done = 0,
    ourFault = 1,
    usage = 2,
    badInput = 3,
    stopped = 4,  ///< by the user, whether the result so far was kept or not
};

/// The one place that maps failures to exit codes.
ExitCode exitCodeOf(ErrorCode code);

}  // namespace vitrine::cli
