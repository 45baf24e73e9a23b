// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/job.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

namespace vitrine::jobs {
namespace {

/// Listeners that write down what they hear.
class Journal {
  public:
    Job::Listeners listeners() {
        return {[this](JobState state) {
                    const std::lock_guard lock(mutex_);
                    states_.push_back(state);
                },
                [this](const ProgressReport& report) {
                    const std::lock_guard lock(mutex_);
                    reports_.push_back(report);
                }};
    }
    std::vector<JobState> states() const {
        const std::lock_guard lock(mutex_);
        return states_;
    }
    std::vector<ProgressReport> reports() const {
        const std::lock_guard lock(mutex_);
        return reports_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<JobState> states_;
    std::vector<ProgressReport> reports_;
};

void waitForState(const Job& job, JobState state) {
    while (job.state() != state && !isOver(job.state())) std::this_thread::yield();
    ASSERT_EQ(job.state(), state);
}

void spinUntilCancelled(JobContext& context) {
    while (true) {
        context.control.check();
        std::this_thread::yield();
    }
}

TEST(Job, RunsAndTellsItsStates) {
    Journal journal;
    std::thread::id worker;
    Job job("count", [&](JobContext& context) {
        worker = std::this_thread::get_id();
        context.progress.update(0.5, "half");
    }, journal.listeners());
    EXPECT_EQ(job.state(), JobState::queued);
    job.start();
    job.wait();
    EXPECT_EQ(job.state(), JobState::finished);
    EXPECT_NE(worker, std::this_thread::get_id());
    EXPECT_EQ(journal.states(), (std::vector{JobState::running, JobState::finished}));
    EXPECT_EQ(journal.reports().back().fraction, 1.0);
    EXPECT_EQ(job.progress().fraction, 1.0);
    EXPECT_FALSE(job.error());
}

TEST(Job, AnExceptionIsAnErrorValue) {
    Job ours("ours", [](JobContext&) { fail(ErrorCode::badFormat, "is torn", "a.png", "replace it"); });
    ours.start();
    ours.wait();
    EXPECT_EQ(ours.state(), JobState::failed);
    ASSERT_TRUE(ours.error());
    EXPECT_EQ(ours.error()->code, ErrorCode::badFormat);
    EXPECT_EQ(ours.error()->where, "a.png");

    Job foreign("foreign", [](JobContext&) { throw std::out_of_range("index 7"); });
    foreign.start();
    foreign.wait();
    EXPECT_EQ(foreign.error()->code, ErrorCode::internal);

    Job strange("strange", [](JobContext&) { throw 42; });
    strange.start();
    strange.wait();
    EXPECT_EQ(strange.state(), JobState::failed);
}

TEST(Job, CancelEndsItWithoutAnError) {
    Journal journal;
    Job job("spin", spinUntilCancelled, journal.listeners());
    job.start();
    job.cancel();
    job.wait();
    EXPECT_EQ(job.state(), JobState::cancelled);
    EXPECT_FALSE(job.error());
    EXPECT_EQ(journal.states().back(), JobState::cancelled);
}

TEST(Job, StopAndKeepIsKeptOnlyWhenTheWorkEndedEarly) {
    Job early("early", [](JobContext& context) {
        while (!context.control.shouldFinish()) std::this_thread::yield();
    });
    early.start();
    early.stopAndKeep();
    early.wait();
    EXPECT_EQ(early.state(), JobState::kept);

    Job deaf("deaf", [](JobContext&) {});
    deaf.stopAndKeep();
    deaf.start();
    deaf.wait();
    EXPECT_EQ(deaf.state(), JobState::finished);
}

TEST(Job, PauseSavesAndWaitsThenGoesOn) {
    Journal journal;
    std::atomic<int> saves{0};
    std::atomic<bool> enough{false};
    Job job("loop", [&](JobContext& context) {
        while (!enough) context.control.safePoint([&] { ++saves; });
    }, journal.listeners());
    job.start();
    for (int round = 1; round <= 3; ++round) {
        job.pause();
        waitForState(job, JobState::paused);
        EXPECT_EQ(saves, round);
        job.resume();
        waitForState(job, JobState::running);
    }
    enough = true;
    job.wait();
    EXPECT_EQ(job.state(), JobState::finished);
    EXPECT_EQ(journal.states().size(), 8u);
}

TEST(Job, APausedJobCanBeCancelled) {
    Job job("loop", [](JobContext& context) {
        while (true) context.control.safePoint([] {});
    });
    job.start();
    job.pause();
    waitForState(job, JobState::paused);
    job.cancel();
    job.wait();
    EXPECT_EQ(job.state(), JobState::cancelled);
}

TEST(Job, DestructorCancelsAndWaits) {
    std::atomic<bool> left{false};
    {
        Job job("spin", [&](JobContext& context) {
            try {
                spinUntilCancelled(context);
            } catch (const Exception&) {
                left = true;
                throw;
            }
        });
        job.start();
    }
    EXPECT_TRUE(left);
}

TEST(Job, CancelledBeforeItStartsNeverRuns) {
    Journal journal;
    Job job("never", [](JobContext&) { FAIL() << "must not run"; }, journal.listeners());
    job.wait();
    job.cancel();
    job.start();
    job.wait();
    EXPECT_EQ(job.state(), JobState::cancelled);
    EXPECT_EQ(journal.states(), std::vector{JobState::cancelled});
}

TEST(Job, StartsOnlyOnce) {
    Job job("once", [](JobContext&) {});
    job.start();
    EXPECT_THROW(job.start(), Exception);
    job.wait();
}

TEST(Job, SurvivesRequestsFromManyThreads) {
    for (int round = 0; round < 20; ++round) {
        Job job("loop", [](JobContext& context) {
            for (int step = 0; !context.control.shouldFinish(); ++step) {
                context.control.safePoint([] {});
                context.progress.update(step / 1e6, "step");
            }
        });
        job.start();
        std::vector<std::thread> users;
        for (int user = 0; user < 3; ++user)
            users.emplace_back([&job] {
                for (int k = 0; k < 50; ++k) {
                    job.pause();
                    job.progress();
                    job.resume();
                    job.state();
                }
            });
        for (std::thread& user : users) user.join();
        job.stopAndKeep();
        job.wait();
        EXPECT_EQ(job.state(), JobState::kept);
    }
}

}  // namespace
}  // namespace vitrine::jobs
