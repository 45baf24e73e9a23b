// SPDX-License-Identifier: GPL-3.0-or-later
#include "exit_code.h"

namespace vitrine::cli {

ExitCode exitCodeOf(ErrorCode code) {
    switch (code) {
        case ErrorCode::invalidArgument:
            return ExitCode::usage;
        case ErrorCode::notFound:
        case ErrorCode::badFormat:
        case ErrorCode::unsupported:
        case ErrorCode::tooLarge:
        case ErrorCode::ioFailure:
            return ExitCode::badInput;
        case ErrorCode::stopped:
            return ExitCode::stopped;
        case ErrorCode::internal:
            return ExitCode::ourFault;
    }
    return ExitCode::ourFault;
}

}  // namespace vitrine::cli
