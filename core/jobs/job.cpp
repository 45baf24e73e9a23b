// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/job.h"

#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace vitrine::jobs {

std::string_view jobStateName(JobState state) {
    switch (state) {
        case JobState::queued: return "queued";
        case JobState::running: return "running";
        case JobState::paused: return "paused";
        case JobState::finished: return "finished";
        case JobState::kept: return "kept";
        case JobState::cancelled: return "cancelled";
        case JobState::failed: return "failed";
    }
    return "failed";
}

bool isOver(JobState state) { return state >= JobState::finished; }

struct Job::Shared {
    Shared(Work toDo, Listeners toTell)
        : work(std::move(toDo)),
          listeners(std::move(toTell)),
          control([this](bool waiting) { waitingChanged(waiting); }) {}

    Work work;
    Listeners listeners;
    Control control;
    std::optional<Progress> progress;  // the working thread's alone; its clock starts with the work

    mutable std::mutex mutex;
    std::condition_variable over;
    JobState state = JobState::queued;
    bool listenersKnow = false;
    ProgressReport report;
    std::optional<Error> error;
    std::thread thread;

    void setState(JobState next) {
        {
            const std::lock_guard lock(mutex);
            state = next;
        }
        if (listeners.stateChanged) listeners.stateChanged(next);
    }

    void waitingChanged(bool waiting) {
        progress->setPaused(waiting);
        setState(waiting ? JobState::paused : JobState::running);
    }

    void progressed(const ProgressReport& latest) {
        {
            const std::lock_guard lock(mutex);
            report = latest;
        }
        if (listeners.progressed) listeners.progressed(latest);
    }

    JobState doWork() {
        try {
            JobContext context{control, *progress};
            work(context);
            progress->finish();
            return control.endedEarly() ? JobState::kept : JobState::finished;
        } catch (const std::exception& exception) {
            return ended(describe(exception));
        } catch (...) {
            return ended({ErrorCode::internal, "an exception of unknown type was thrown", {}, {}});
        }
    }

    JobState ended(Error reason) {
        progress->flush();
        const Request request = control.request();
        const bool asked = request == Request::cancel || request == Request::leave;
        if (reason.code == ErrorCode::stopped && asked) return JobState::cancelled;
        const std::lock_guard lock(mutex);
        error = std::move(reason);
        return JobState::failed;
    }

    void run() {
        progress.emplace([this](const ProgressReport& latest) { progressed(latest); });
        setState(JobState::running);
        setState(doWork());
        markOver();
    }

    void markOver() {
        {
            const std::lock_guard lock(mutex);
            listenersKnow = true;
        }
        over.notify_all();
    }
};

Job::Job(std::string title, Work work, Listeners listeners)
    : title_(std::move(title)), shared_(std::make_unique<Shared>(std::move(work), std::move(listeners))) {}

Job::~Job() {
    cancel();
    if (shared_->thread.joinable()) shared_->thread.join();
}

void Job::start() {
    const std::lock_guard lock(shared_->mutex);
    if (shared_->state == JobState::cancelled && !shared_->thread.joinable()) return;
    if (shared_->thread.joinable()) fail(ErrorCode::internal, "a job was started twice", title_);
    shared_->thread = std::thread([shared = shared_.get()] { shared->run(); });
}

void Job::pause() { shared_->control.pause(); }
void Job::resume() { shared_->control.resume(); }
void Job::stopAndKeep() { shared_->control.stopAndKeep(); }

void Job::cancel() {
    shared_->control.cancel();
    {
        const std::lock_guard lock(shared_->mutex);
        if (shared_->thread.joinable() || shared_->state != JobState::queued) return;
        shared_->state = JobState::cancelled;
    }
    if (shared_->listeners.stateChanged) shared_->listeners.stateChanged(JobState::cancelled);
    shared_->markOver();
}

void Job::wait() {
    std::unique_lock lock(shared_->mutex);
    if (!shared_->thread.joinable()) return;
    shared_->over.wait(lock, [this] { return shared_->listenersKnow; });
}

JobState Job::state() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->state;
}

ProgressReport Job::progress() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->report;
}

std::optional<Error> Job::error() const {
    const std::lock_guard lock(shared_->mutex);
    return shared_->error;
}

}  // namespace vitrine::jobs
