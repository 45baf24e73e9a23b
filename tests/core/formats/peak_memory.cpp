// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/peak_memory.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"

namespace vitrine::test {

long peakGrowth(const std::function<void()>& work) {
    constexpr unsigned kSeconds = 60;
    const pid_t child = ::fork();
    if (child == 0) {
        ::alarm(kSeconds);
        try {
            work();
        } catch (const Exception&) {
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    struct rusage usage = {};
    ::wait4(child, &status, 0, &usage);
    struct rusage own = {};
    ::getrusage(RUSAGE_SELF, &own);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return -1;
    return std::max(0L, usage.ru_maxrss - own.ru_maxrss) * 1024;
}

}  // namespace vitrine::test
