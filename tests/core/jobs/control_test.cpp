// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/control.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/error.h"

namespace vitrine::jobs {
namespace {

TEST(Control, LaterRequestsWin) {
    Control control;
    EXPECT_EQ(control.request(), Request::run);
    control.pause();
    EXPECT_EQ(control.request(), Request::pause);
    control.stopAndKeep();
    control.pause();
    control.resume();
    EXPECT_EQ(control.request(), Request::stopAndKeep);
    control.cancel();
    control.stopAndKeep();
    EXPECT_EQ(control.request(), Request::cancel);
}

TEST(Control, ResumeUndoesOnlyAPause) {
    Control control;
    control.pause();
    control.resume();
    EXPECT_EQ(control.request(), Request::run);
    control.cancel();
    control.resume();
    EXPECT_EQ(control.request(), Request::cancel);
}

TEST(Control, CheckThrowsOnlyWhenCancelled) {
    Control control;
    control.check();
    control.stopAndKeep();
    control.check();
    control.cancel();
    try {
        control.check();
        FAIL() << "a cancelled control must throw";
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::stopped);
    }
}

TEST(Control, EndsEarlyOnlyWhenTheWorkLearnsOfIt) {
    Control control;
    EXPECT_FALSE(control.shouldFinish());
    control.stopAndKeep();
    EXPECT_FALSE(control.endedEarly());
    EXPECT_TRUE(control.shouldFinish());
    EXPECT_TRUE(control.endedEarly());
}

TEST(Control, WhatIsCancelledIsNeverKept) {
    Control control;
    control.stopAndKeep();
    EXPECT_TRUE(control.shouldFinish());
    control.cancel();
    EXPECT_THROW(control.shouldFinish(), Exception);
}

TEST(Control, LeavingSavesOnceAndThrowsAtASafePoint) {
    Control control;
    int saved = 0;
    control.leave();
    control.check();  // only a safe point may be left
    EXPECT_FALSE(control.shouldFinish());
    EXPECT_THROW(control.safePoint([&] { ++saved; }), Exception);
    EXPECT_EQ(saved, 1);
    EXPECT_FALSE(control.endedEarly());
}

TEST(Control, APausedWorkCanBeLeft) {
    Control control;
    int saved = 0;
    bool left = false;
    control.pause();
    std::thread work([&] {
        try {
            control.safePoint([&] { ++saved; });
        } catch (const Exception& exception) {
            left = exception.error().code == ErrorCode::stopped;
        }
    });
    while (!control.isPaused()) std::this_thread::yield();
    control.leave();
    work.join();
    EXPECT_TRUE(left);
    EXPECT_EQ(saved, 1);
}

TEST(Control, SafePointWithoutPauseDoesNotSave) {
    Control control;
    control.safePoint([] { FAIL() << "nobody asked for a pause"; });
}

TEST(Control, SafePointSavesOnceAndWaitsUntilResumed) {
    int saves = 0;
    bool sawWaiting = false;
    std::thread user;
    Control* shared = nullptr;
    Control control([&](bool waiting) {
        if (!waiting) return;
        sawWaiting = true;
        user = std::thread([&] {
            while (!shared->isPaused()) std::this_thread::yield();
            shared->resume();
        });
    });
    shared = &control;
    control.pause();
    control.safePoint([&] { ++saves; });
    user.join();
    EXPECT_TRUE(sawWaiting);
    EXPECT_EQ(saves, 1);
    EXPECT_FALSE(control.isPaused());
}

TEST(Control, CancelEndsAPause) {
    std::thread user;
    Control* shared = nullptr;
    Control control([&](bool waiting) {
        if (waiting) user = std::thread([&] { shared->cancel(); });
    });
    shared = &control;
    control.pause();
    EXPECT_THROW(control.safePoint([] {}), Exception);
    user.join();
}

}  // namespace
}  // namespace vitrine::jobs
