// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "jobs/job.h"

namespace vitrine::jobs {

using JobId = std::int64_t;  ///< 1, 2, ... in the order of adding; never reused

/// Jobs that wait for each other: they run in their order, `width` at a time. A paused job gives its place to the next one and
/// takes the next free place when it is resumed: until then it is queued again. Jobs that are over stay listed until removed.
/// Thread safe; listeners run on working threads or on the thread that calls, must not block and may call the queue, except
/// wait() and its destructor.
class JobQueue {
  public:
    struct Listeners {
        std::function<void(JobId, JobState)> stateChanged;
        std::function<void(JobId, const ProgressReport&)> progressed;
    };

    /// What a list of jobs shows.
    struct Entry {
        JobId id = 0;
        std::string title;
        JobState state = JobState::queued;
        ProgressReport progress;
        std::optional<Error> error;  ///< of a failed job
    };

    explicit JobQueue(std::size_t width = 1, Listeners listeners = {});
    ~JobQueue();  ///< cancels everything and waits
    JobQueue(const JobQueue&) = delete;
    JobQueue& operator=(const JobQueue&) = delete;

    /// Adds a job at the end, or (`first`) before all that wait; it starts as soon as there is a place.
    enum class Place { last, first };
    JobId add(std::string title, Job::Work work, Place place = Place::last);

    /// All jobs: those that began, in the order of their beginning, then those that wait, in queue order.
    std::vector<Entry> entries() const;
    /// Absent for an unknown id, also in the calls below, which then do nothing.
    std::optional<Entry> entry(JobId id) const;

    void pause(JobId id);  ///< a waiting job is held back, as paused, until resumed
    void resume(JobId id);
    void stopAndKeep(JobId id);  ///< cancels a job that has not begun
    void cancel(JobId id);
    void move(JobId id, std::ptrdiff_t by);  ///< a waiting job, forward (negative) or back in the queue
    void remove(JobId id);                   ///< forgets a job that is over

    std::size_t unfinished() const;  ///< jobs that wait, run or are paused
    void wait();                     ///< until no job waits or runs; paused ones are not waited for

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
};

}  // namespace vitrine::jobs
