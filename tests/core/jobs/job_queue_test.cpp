// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/job_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <mutex>
#include <thread>

namespace vitrine::jobs {
namespace {

/// Work that goes on until it is let go, with a safe point in each round.
class Gate {
  public:
    Job::Work work() {
        return [this](JobContext& context) {
            began_ = true;
            while (!open_ && !context.control.shouldFinish()) {
                context.control.safePoint([] {});
                std::this_thread::yield();
            }
        };
    }
    void open() { open_ = true; }
    bool began() const { return began_; }

  private:
    std::atomic<bool> open_{false}, began_{false};
};

void waitForState(const JobQueue& queue, JobId id, JobState state) {
    while (queue.entry(id)->state != state && !isOver(queue.entry(id)->state)) std::this_thread::yield();
    ASSERT_EQ(queue.entry(id)->state, state);
}

std::vector<JobId> idsOf(const JobQueue& queue) {
    std::vector<JobId> ids;
    for (const JobQueue::Entry& entry : queue.entries()) ids.push_back(entry.id);
    return ids;
}

TEST(JobQueue, RunsOneAfterTheOtherInItsOrder) {
    std::mutex mutex;
    std::vector<int> order;
    std::atomic<int> running{0}, most{0};
    JobQueue queue;
    for (int k = 0; k < 20; ++k)
        queue.add("job", [&, k](JobContext&) {
            most = std::max<int>(most, ++running);
            const std::lock_guard lock(mutex);
            order.push_back(k);
            --running;
        });
    queue.wait();
    ASSERT_EQ(order.size(), 20u);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(most, 1);
    EXPECT_EQ(queue.unfinished(), 0u);
    EXPECT_EQ(idsOf(queue).front(), 1);
}

TEST(JobQueue, WidthJobsRunAtATime) {
    Gate gates[3];
    JobQueue queue(2);
    std::vector<JobId> ids;
    for (Gate& gate : gates) ids.push_back(queue.add("gate", gate.work()));
    waitForState(queue, ids[0], JobState::running);
    waitForState(queue, ids[1], JobState::running);
    EXPECT_EQ(queue.entry(ids[2])->state, JobState::queued);
    gates[1].open();
    waitForState(queue, ids[2], JobState::running);
    gates[0].open();
    gates[2].open();
    queue.wait();
    EXPECT_EQ(queue.unfinished(), 0u);
}

TEST(JobQueue, APausedJobGivesItsPlaceAndTakesTheNextFreeOne) {
    Gate first, second, third;
    JobQueue queue;
    const JobId a = queue.add("a", first.work()), b = queue.add("b", second.work()), c = queue.add("c", third.work());
    waitForState(queue, a, JobState::running);
    queue.pause(a);
    waitForState(queue, b, JobState::running);
    EXPECT_EQ(queue.entry(a)->state, JobState::paused);
    queue.resume(a);
    EXPECT_EQ(queue.entry(a)->state, JobState::queued) << "the only place is taken";
    first.open();
    second.open();
    waitForState(queue, c, JobState::running);
    EXPECT_EQ(queue.entry(a)->state, JobState::finished) << "before those that never began";
    third.open();
    queue.wait();
    EXPECT_EQ(idsOf(queue), (std::vector<JobId>{a, b, c}));
}

TEST(JobQueue, AWaitingJobCanBeHeldBackMovedAndPutFirst) {
    Gate gate, held;
    JobQueue queue;
    const JobId a = queue.add("a", gate.work());
    const JobId b = queue.add("b", held.work()), c = queue.add("c", [](JobContext&) {}), d = queue.add("d", [](JobContext&) {});
    const JobId e = queue.add("e", [](JobContext&) {}, JobQueue::Place::first);
    EXPECT_EQ(idsOf(queue), (std::vector<JobId>{a, e, b, c, d}));
    queue.move(d, -2);
    EXPECT_EQ(idsOf(queue), (std::vector<JobId>{a, e, d, b, c}));
    queue.move(e, 99);
    EXPECT_EQ(idsOf(queue), (std::vector<JobId>{a, d, b, c, e}));
    queue.move(a, 1);
    queue.pause(b);
    EXPECT_EQ(queue.entry(b)->state, JobState::paused);
    gate.open();
    queue.wait();
    EXPECT_EQ(queue.entry(c)->state, JobState::finished);
    EXPECT_FALSE(held.began());
    EXPECT_EQ(queue.unfinished(), 1u);
    held.open();
    queue.resume(b);
    queue.wait();
    EXPECT_EQ(queue.entry(b)->state, JobState::finished);
    EXPECT_EQ(idsOf(queue), (std::vector<JobId>{a, d, c, e, b}));
}

TEST(JobQueue, WhatHasNotBegunIsCancelledAtOnce) {
    Gate gate;
    std::mutex mutex;
    std::vector<std::pair<JobId, JobState>> told;
    JobQueue queue(1, {.stateChanged = [&](JobId id, JobState state) {
        const std::lock_guard lock(mutex);
        told.emplace_back(id, state);
    }});
    const JobId a = queue.add("a", gate.work());
    const auto never = [](JobContext&) { FAIL() << "must not begin"; };
    const JobId b = queue.add("b", never), c = queue.add("c", never);
    queue.cancel(b);
    queue.stopAndKeep(c);
    EXPECT_EQ(queue.entry(b)->state, JobState::cancelled);
    EXPECT_EQ(queue.entry(c)->state, JobState::cancelled);
    waitForState(queue, a, JobState::running);
    queue.stopAndKeep(a);
    queue.wait();
    EXPECT_EQ(queue.entry(a)->state, JobState::kept);
    const std::lock_guard lock(mutex);
    EXPECT_EQ(std::count(told.begin(), told.end(), std::pair(b, JobState::cancelled)), 1);
    EXPECT_EQ(told.back(), std::pair(a, JobState::kept));
}

TEST(JobQueue, AFailedJobTellsItsErrorAndTheNextOneRuns) {
    JobQueue queue;
    const JobId a = queue.add("a", [](JobContext&) { fail(ErrorCode::badFormat, "is torn", "a.png"); });
    const JobId b = queue.add("b", [](JobContext& context) { context.progress.update(0.5, "half"); });
    queue.wait();
    EXPECT_EQ(queue.entry(a)->error->where, "a.png");
    EXPECT_EQ(queue.entry(b)->state, JobState::finished);
    EXPECT_EQ(queue.entry(b)->progress.fraction, 1.0);
}

TEST(JobQueue, OnlyWhatIsOverIsRemovedAndUnknownIdsDoNothing) {
    Gate gate;
    JobQueue queue;
    const JobId a = queue.add("a", gate.work());
    queue.remove(a);
    EXPECT_TRUE(queue.entry(a));
    for (const JobId id : {JobId{0}, JobId{77}}) {
        queue.pause(id);
        queue.resume(id);
        queue.stopAndKeep(id);
        queue.cancel(id);
        queue.move(id, 1);
        queue.remove(id);
        EXPECT_FALSE(queue.entry(id));
    }
    gate.open();
    queue.wait();
    queue.remove(a);
    EXPECT_FALSE(queue.entry(a));
    EXPECT_EQ(queue.add("b", [](JobContext&) {}), a + 1) << "ids are not used again";
}

TEST(JobQueue, AListenerMayCallTheQueue) {
    std::atomic<int> done{0};
    std::promise<JobQueue*> made;
    const std::shared_future<JobQueue*> queueLater = made.get_future().share();
    JobQueue queue(2, {.stateChanged = [&](JobId id, JobState state) {
        JobQueue* self = queueLater.get();
        self->entries();
        if (!isOver(state)) return;
        self->remove(id);
        if (++done < 50) self->add("next", [](JobContext&) {});
    }});
    made.set_value(&queue);
    queue.add("first", [](JobContext&) {});
    while (done < 50) std::this_thread::yield();
    queue.wait();
    EXPECT_TRUE(queue.entries().empty());
}

TEST(JobQueue, DestructorCancelsAndWaits) {
    std::atomic<int> inside{0};
    {
        JobQueue queue(2);
        for (int k = 0; k < 5; ++k)
            queue.add("spin", [&](JobContext& context) {
                ++inside;
                try {
                    while (true) {
                        context.control.safePoint([] {});
                        std::this_thread::yield();
                    }
                } catch (const Exception&) {
                    --inside;
                    throw;
                }
            });
        queue.pause(1);
        while (inside == 0) std::this_thread::yield();
    }
    EXPECT_EQ(inside, 0);
}

TEST(JobQueue, SurvivesRequestsFromManyThreads) {
    JobQueue queue(2, {.stateChanged = [](JobId, JobState) {}, .progressed = [](JobId, const ProgressReport&) {}});
    for (int k = 0; k < 12; ++k)
        queue.add("loop", [](JobContext& context) {
            for (int step = 0; step < 2000 && !context.control.shouldFinish(); ++step) {
                context.control.safePoint([] {});
                context.progress.update(step / 2000.0);
            }
        });
    std::vector<std::thread> users;
    for (int user = 0; user < 3; ++user)
        users.emplace_back([&queue, user] {
            for (int k = 0; k < 60; ++k) {
                const JobId id = 1 + (k * 7 + user) % 12;
                queue.pause(id);
                queue.entries();
                queue.move(id, k % 3 - 1);
                queue.resume(id);
                if (k % 20 == 19) queue.stopAndKeep(id);
                if (k % 25 == 24) queue.cancel(id);
                queue.remove(id - 1);
            }
        });
    for (std::thread& user : users) user.join();
    for (JobId id = 1; id <= 12; ++id) queue.resume(id);
    queue.wait();
    EXPECT_EQ(queue.unfinished(), 0u);
}

}  // namespace
}  // namespace vitrine::jobs
