// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/job_queue.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace vitrine::jobs {

struct JobQueue::Shared {
    struct Item {
        JobId id = 0;
        std::unique_ptr<Job> job;
        JobState state = JobState::queued;
        ProgressReport progress;
        std::optional<Error> error;
        bool begun = false;
        bool held = false;         ///< not begun, and the user does not want it to begin
        bool pauseWanted = false;  ///< begun: what the user asked last
        bool asleep = false;       ///< begun: waits in a safe point
        bool wantsPlace = false;   ///< begun and resumed, but all places are taken
        bool hasPlace = false;
        bool told = false;  ///< over, and the listener knows: its thread calls nobody any more
    };
    using ItemPtr = std::shared_ptr<Item>;
    using Lock = std::unique_lock<std::mutex>;

    Shared(std::size_t places, Listeners toTell) : width(std::max<std::size_t>(places, 1)), listeners(std::move(toTell)) {}

    const std::size_t width;
    const Listeners listeners;
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::vector<ItemPtr> begun, waiting;
    std::vector<ItemPtr> removed;  ///< until their threads have ended
    JobId last = 0;
    bool closing = false;

    ItemPtr find(JobId id) const {
        for (const auto* list : {&begun, &waiting})
            for (const ItemPtr& item : *list)
                if (item->id == id) return item;
        return nullptr;
    }

    void tell(JobId id, JobState state) const {
        if (listeners.stateChanged) listeners.stateChanged(id, state);
    }

    /// Gives the free places away: first to those that were resumed, then in queue order. With the lock held.
    void fill() {
        if (closing) return;
        auto taken = static_cast<std::size_t>(std::count_if(begun.begin(), begun.end(), [](const ItemPtr& item) { return item->hasPlace; }));
        for (const ItemPtr& item : begun) {
            if (taken >= width) return;
            if (!item->wantsPlace) continue;
            item->wantsPlace = false;
            item->hasPlace = true;
            item->job->resume();
            ++taken;
        }
        for (; taken < width; ++taken) {
            const auto next = std::find_if(waiting.begin(), waiting.end(), [](const ItemPtr& item) { return !item->held; });
            if (next == waiting.end()) return;
            const ItemPtr item = *next;
            waiting.erase(next);
            item->begun = item->hasPlace = true;
            begun.push_back(item);
            item->job->start();
        }
    }

    void stateChanged(Item* item, JobState state) {
        {
            const std::lock_guard lock(mutex);
            item->state = state;
            item->asleep = state == JobState::paused;
            if (state == JobState::running) item->hasPlace = true;
            // A pause that was taken back before it took effect keeps its place: the job is about to go on.
            if (state == JobState::paused && item->pauseWanted) item->hasPlace = false;
            if (isOver(state)) end(item);
            fill();
        }
        tell(item->id, state);
        {
            const std::lock_guard lock(mutex);
            item->told = isOver(state);
        }
        changed.notify_all();
    }

    void end(Item* item) {
        item->hasPlace = item->wantsPlace = item->held = false;
        if (item->state == JobState::failed) item->error = item->job->error();
        if (item->begun) return;
        const auto place = std::find_if(waiting.begin(), waiting.end(), [&](const ItemPtr& other) { return other.get() == item; });
        item->begun = true;
        begun.push_back(*place);
        waiting.erase(place);
    }

    void progressed(Item* item, const ProgressReport& report) {
        {
            const std::lock_guard lock(mutex);
            item->progress = report;
        }
        if (listeners.progressed) listeners.progressed(item->id, report);
    }

    /// Lets a job that sleeps go on, place or not: it is about to end.
    static void wakeToEnd(Item& item) {
        item.wantsPlace = item.pauseWanted = false;
        item.hasPlace = true;
    }

    Entry entryOf(const Item& item) const {
        const bool waitsAgain = item.wantsPlace || (item.asleep && item.hasPlace && !isOver(item.state));
        const JobState state = item.held ? JobState::paused : waitsAgain ? JobState::queued : item.state;
        return {item.id, item.job->title(), state, item.progress, item.error};
    }

    /// Jobs whose threads have nothing left to call, taken out to be joined without the lock.
    std::vector<ItemPtr> takeEnded() {
        std::vector<ItemPtr> ended;
        for (const ItemPtr& item : removed)
            if (item->told) ended.push_back(item);
        std::erase_if(removed, [](const ItemPtr& item) { return item->told; });
        return ended;
    }
};

JobQueue::JobQueue(std::size_t width, Listeners listeners) : shared_(std::make_shared<Shared>(width, std::move(listeners))) {}

JobQueue::~JobQueue() {
    std::vector<Shared::ItemPtr> all;
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->closing = true;
        for (const auto* list : {&shared_->begun, &shared_->waiting, &shared_->removed}) all.insert(all.end(), list->begin(), list->end());
    }
    for (const Shared::ItemPtr& item : all) item->job->cancel();
    for (const Shared::ItemPtr& item : all) item->job->wait();
}

JobId JobQueue::add(std::string title, Job::Work work, Place place) {
    Shared& shared = *shared_;
    const auto item = std::make_shared<Shared::Item>();
    Shared::Item* const self = item.get();  // outlives the job; a thread of its own must not, or it would wait for itself
    Job::Listeners listeners{.stateChanged = [&shared, self](JobState state) { shared.stateChanged(self, state); },
                             .progressed = [&shared, self](const ProgressReport& report) { shared.progressed(self, report); }};
    item->job = std::make_unique<Job>(std::move(title), std::move(work), std::move(listeners));
    std::vector<Shared::ItemPtr> ended;  // joined when the lock is gone
    const std::lock_guard lock(shared.mutex);
    ended = shared.takeEnded();
    item->id = ++shared.last;
    shared.waiting.insert(place == Place::first ? shared.waiting.begin() : shared.waiting.end(), item);
    shared.fill();
    return item->id;
}

std::vector<JobQueue::Entry> JobQueue::entries() const {
    const std::lock_guard lock(shared_->mutex);
    std::vector<Entry> result;
    for (const auto* list : {&shared_->begun, &shared_->waiting})
        for (const Shared::ItemPtr& item : *list) result.push_back(shared_->entryOf(*item));
    return result;
}

std::optional<JobQueue::Entry> JobQueue::entry(JobId id) const {
    const std::lock_guard lock(shared_->mutex);
    const Shared::ItemPtr item = shared_->find(id);
    return item == nullptr ? std::nullopt : std::optional(shared_->entryOf(*item));
}

void JobQueue::pause(JobId id) {
    Shared::Lock lock(shared_->mutex);
    const Shared::ItemPtr item = shared_->find(id);
    if (item == nullptr || isOver(item->state)) return;
    const JobState before = shared_->entryOf(*item).state;
    if (!item->begun) {
        item->held = true;
    } else {
        item->pauseWanted = true;
        item->wantsPlace = false;
        item->job->pause();
        if (item->asleep) item->hasPlace = false;
        shared_->fill();
    }
    const JobState after = shared_->entryOf(*item).state;
    lock.unlock();
    if (after != before) shared_->tell(id, after);
    shared_->changed.notify_all();
}

void JobQueue::resume(JobId id) {
    Shared::Lock lock(shared_->mutex);
    const Shared::ItemPtr item = shared_->find(id);
    if (item == nullptr || isOver(item->state) || (!item->held && !item->pauseWanted)) return;
    const bool sleeps = item->asleep && !item->hasPlace;
    item->held = item->pauseWanted = false;
    if (sleeps)
        item->wantsPlace = true;
    else if (item->begun)
        item->job->resume();
    const bool queued = sleeps || !item->begun;
    lock.unlock();
    if (queued) shared_->tell(id, JobState::queued);
    lock.lock();
    shared_->fill();
}

void JobQueue::stopAndKeep(JobId id) {
    {
        const std::lock_guard lock(shared_->mutex);
        const Shared::ItemPtr item = shared_->find(id);
        if (item == nullptr || isOver(item->state)) return;
        if (item->begun) {
            Shared::wakeToEnd(*item);
            item->job->stopAndKeep();
            return;
        }
    }
    cancel(id);
}

void JobQueue::cancel(JobId id) {
    Shared::ItemPtr item;
    {
        const std::lock_guard lock(shared_->mutex);
        item = shared_->find(id);
        if (item == nullptr || isOver(item->state)) return;
        if (item->begun) Shared::wakeToEnd(*item);
    }
    item->job->cancel();  // without the lock: a job that has not begun tells so at once
}

void JobQueue::move(JobId id, std::ptrdiff_t by) {
    const std::lock_guard lock(shared_->mutex);
    std::vector<Shared::ItemPtr>& waiting = shared_->waiting;
    const auto found = std::find_if(waiting.begin(), waiting.end(), [&](const Shared::ItemPtr& item) { return item->id == id; });
    if (found == waiting.end()) return;
    const Shared::ItemPtr item = *found;
    const std::ptrdiff_t from = found - waiting.begin(), last = static_cast<std::ptrdiff_t>(waiting.size()) - 1;
    const std::ptrdiff_t to = from + std::clamp(by, -from, last - from);
    waiting.erase(found);
    waiting.insert(waiting.begin() + to, item);
}

void JobQueue::remove(JobId id) {
    std::vector<Shared::ItemPtr> ended;  // joined when the lock is gone
    const std::lock_guard lock(shared_->mutex);
    const Shared::ItemPtr item = shared_->find(id);
    if (item == nullptr || !isOver(item->state)) return;
    std::erase(shared_->begun, item);
    shared_->removed.push_back(item);
    ended = shared_->takeEnded();
}

std::size_t JobQueue::unfinished() const {
    const std::lock_guard lock(shared_->mutex);
    const auto open = std::count_if(shared_->begun.begin(), shared_->begun.end(),
                                    [](const Shared::ItemPtr& item) { return !isOver(item->state); });
    return shared_->waiting.size() + static_cast<std::size_t>(open);
}

void JobQueue::wait() {
    Shared::Lock lock(shared_->mutex);
    shared_->changed.wait(lock, [this] {
        const auto idle = [](const Shared::ItemPtr& item) {
            if (isOver(item->state)) return item->told;
            return item->held || (item->asleep && item->pauseWanted);
        };
        return std::all_of(shared_->begun.begin(), shared_->begun.end(), idle) &&
               std::all_of(shared_->waiting.begin(), shared_->waiting.end(), idle);
    });
}

}  // namespace vitrine::jobs
