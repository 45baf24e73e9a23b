// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vitrine::runs {

/// What one thread of this machine does in a second.
struct MachineSpeed {
    double productMacs = 1;      ///< multiply-accumulates of small float products
    double searchedElements = 1;  ///< values that a percentile search of one scale gets through
};

/// Measured once, at the first call, in about 10 ms on the calling thread alone; the least of several times counts, so that other work on the machine
/// disturbs little. Thread safe.
const MachineSpeed& machineSpeed();

}  // namespace vitrine::runs
