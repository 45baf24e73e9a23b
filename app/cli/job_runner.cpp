// SPDX-License-Identifier: GPL-3.0-or-later
#include "job_runner.h"

#include <utility>

#include "base/error.h"
#include "interrupt.h"
#include "progress_line.h"

namespace vitrine::cli {

jobs::JobState runJob(const Settings& settings, const std::string& title, jobs::Job::Work work) {
    ProgressPrinter printer(stderrStyle());
    jobs::Job::Listeners listeners;
    if (!settings.quiet) listeners.progressed = [&](const jobs::ProgressReport& report) { printer.show(report); };
    jobs::Job job(title, std::move(work), listeners);
    const InterruptWatcher watcher([&](Interrupt interrupt) {
        if (interrupt == Interrupt::stop) {
            job.stopAndKeep();
            if (!settings.quiet) printer.note("Stopping with the result so far. Ctrl+C again cancels.");
        } else {
            job.cancel();
        }
    });
    job.start();
    job.wait();
    printer.clear();
    if (const auto error = job.error()) throw Exception(*error);
    if (job.state() == jobs::JobState::cancelled) fail(ErrorCode::stopped, title + " was cancelled");
    return job.state();
}

}  // namespace vitrine::cli
