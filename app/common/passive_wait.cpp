// SPDX-License-Identifier: GPL-3.0-or-later
#include "passive_wait.h"

#include <unistd.h>

#include <cstdlib>

namespace vitrine {

void waitPassively(char** argv) {
    if (std::getenv("OMP_WAIT_POLICY") != nullptr) return;
    ::setenv("OMP_WAIT_POLICY", "passive", 1);
    ::execv("/proc/self/exe", argv);
}

}  // namespace vitrine
