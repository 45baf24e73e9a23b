// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vitrine::runs {

/// What this machine does in a second, with the threads of the process.
struct MachineSpeed {
    double productMacs = 1;      ///< multiply-accumulates of a large float product
    double searchedElements = 1;  ///< values that a percentile search of one scale gets through
};

/// Measured once, at the first call, in less than 50 ms; the least of several times counts, so that other work on the machine
/// disturbs little. Thread safe.
const MachineSpeed& machineSpeed();

}  // namespace vitrine::runs
