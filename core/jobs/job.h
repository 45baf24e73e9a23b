// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "jobs/control.h"
#include "jobs/progress.h"

namespace vitrine::jobs {

enum class JobState {
    queued,
    running,
    paused,
    finished,   ///< with its full result
    kept,       ///< stopped early, with the best so far
    cancelled,  ///< without a result
    failed,     ///< without a result; see Job::error()
};
std::string_view jobStateName(JobState state);  ///< "queued", "running", ...
bool isOver(JobState state);

/// What the work gets to talk to the outside.
struct JobContext {
    Control& control;
    Progress& progress;
};

/// A piece of work on a thread of its own. Starting never blocks; an exception ends the job as an Error value, never the
/// program. A request that comes when the work is already done changes nothing.
/// Thread safe, except that listeners run on the working thread; they must neither throw nor wait for the job.
class Job {
  public:
    using Work = std::function<void(JobContext&)>;

    struct Listeners {
        std::function<void(JobState)> stateChanged;
        std::function<void(const ProgressReport&)> progressed;
    };

    explicit Job(std::string title, Work work, Listeners listeners = {});
    ~Job();  ///< cancels and waits
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    const std::string& title() const { return title_; }
    void start();  ///< once; does nothing when the job was cancelled before
    void pause();
    void resume();
    void stopAndKeep();
    void cancel();  ///< a job that was not started is cancelled at once
    void wait();    ///< until the job is over and its listeners know; at once when it was never started

    JobState state() const;
    ProgressReport progress() const;
    std::optional<Error> error() const;  ///< of a failed job

  private:
    struct Shared;
    std::string title_;
    std::unique_ptr<Shared> shared_;
};

}  // namespace vitrine::jobs
