// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vitrine::cli {

/// What every command takes.
struct Settings {
    bool json = false;     ///< one machine-readable object on stdout instead of text
    bool quiet = false;    ///< no progress and no warnings on stderr
    bool verbose = false;  ///< what was found and chosen, on stderr
    int threads = 0;       ///< 0: as many as the process may use
    std::string device = "cpu";
};

}  // namespace vitrine::cli
