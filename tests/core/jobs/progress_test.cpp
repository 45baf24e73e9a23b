// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/progress.h"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

namespace vitrine::jobs {
namespace {

struct Recorder {
    double now = 100;
    std::vector<ProgressReport> reports;
    Progress root{[this](const ProgressReport& report) { reports.push_back(report); }, [this] { return now; }};
};

TEST(Progress, ChildrenCoverTheirShares) {
    Recorder recorder;
    Progress first = recorder.root.child(0.25, "load");
    first.finish();
    Progress second = recorder.root.child(0.75, "search");
    Progress inner = second.child(0.5, "blocks.3");
    recorder.now += 1;
    inner.update(0.5, "7 of 14");
    const ProgressReport& last = recorder.reports.back();
    EXPECT_DOUBLE_EQ(last.fraction, 0.25 + 0.75 * 0.5 * 0.5);
    EXPECT_EQ(last.stage, "search / blocks.3");
    EXPECT_EQ(last.detail, "7 of 14");
}

TEST(Progress, NeverFallsAndNeverLeavesTheUnitInterval) {
    Recorder recorder;
    const double hostile[] = {0.5, 0.2, -3.0, std::numeric_limits<double>::quiet_NaN(), 7.0};
    double previous = 0;
    for (const double fraction : hostile) {
        recorder.now += 1;
        recorder.root.update(fraction);
        EXPECT_GE(recorder.reports.back().fraction, previous);
        EXPECT_LE(recorder.reports.back().fraction, 1.0);
        previous = recorder.reports.back().fraction;
    }
    EXPECT_EQ(previous, 1.0);
}

TEST(Progress, SharesBeyondTheWholeAreCut) {
    Recorder recorder;
    recorder.root.child(0.8, "a").finish();
    recorder.root.child(0.8, "b").finish();
    recorder.root.flush();
    EXPECT_DOUBLE_EQ(recorder.reports.back().fraction, 1.0);
}

TEST(Progress, ReportsAtMostTwentyASecondAndTheLastOne) {
    Recorder recorder;
    constexpr int steps = 10000;  // over ten seconds
    for (int step = 0; step < steps; ++step) {
        recorder.now += 0.001;
        recorder.root.update(0.9 * step / steps, std::to_string(step));
    }
    EXPECT_LE(recorder.reports.size(), 201u);
    EXPECT_GE(recorder.reports.size(), 150u);
    recorder.root.flush();
    EXPECT_EQ(recorder.reports.back().detail, std::to_string(steps - 1));
    const std::size_t delivered = recorder.reports.size();
    recorder.root.flush();
    EXPECT_EQ(recorder.reports.size(), delivered) << "nothing new to deliver";
}

TEST(Progress, FinishOfTheRootArrivesAtOnce) {
    Recorder recorder;
    recorder.root.update(0.1);
    recorder.root.finish();
    EXPECT_EQ(recorder.reports.back().fraction, 1.0);
    EXPECT_EQ(recorder.reports.back().etaSeconds, 0.0);
}

TEST(Progress, EtaOfSteadyWorkIsExactAndAbsentAtFirst) {
    Recorder recorder;
    recorder.root.update(0);
    EXPECT_FALSE(recorder.reports.back().etaSeconds);
    for (int second = 1; second <= 20; ++second) {
        recorder.now += 1;
        recorder.root.update(second / 40.0);
        ASSERT_TRUE(recorder.reports.back().etaSeconds);
        EXPECT_NEAR(*recorder.reports.back().etaSeconds, 40 - second, 1e-9);
    }
}

TEST(Progress, EtaIsSmoothedWhenTheSpeedJumps) {
    Recorder recorder;
    for (int second = 1; second <= 10; ++second) {
        recorder.now += 1;
        recorder.root.update(second / 100.0);
    }
    recorder.now += 0.1;
    recorder.root.update(0.5);  // the plain estimate falls from 90 s to 10 s at once
    EXPECT_GT(*recorder.reports.back().etaSeconds, 80.0);
}

TEST(Progress, PausesAreNotCounted) {
    Recorder recorder;
    recorder.now += 2;
    recorder.root.setPaused(true);
    recorder.now += 1000;
    recorder.root.setPaused(true);
    recorder.root.setPaused(false);
    recorder.now += 3;
    recorder.root.update(0.5);
    EXPECT_DOUBLE_EQ(recorder.reports.back().elapsedSeconds, 5.0);
    EXPECT_NEAR(*recorder.reports.back().etaSeconds, 5.0, 1e-9);
}

}  // namespace
}  // namespace vitrine::jobs
