// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <algorithm>
#include <fstream>

namespace vitrine::test {

/// Measures how long the UI thread was not there for events: the longest time between two turns of its event loop, less the time
/// in which it was ready and the system let others run. To be made and read on the UI thread.
class UiWatchdog {
  public:
    UiWatchdog() {
        QObject::connect(&heart_, &QTimer::timeout, &heart_, [this] { beat(); });
        heart_.setTimerType(Qt::PreciseTimer);
        heart_.start(kBeat);
        restart();
    }

    double longestMilliseconds() const { return longest_; }

    void restart() {
        longest_ = 0;
        since_.start();
        waited_ = queueMilliseconds();
    }

  private:
    static constexpr int kBeat = 2;  // ms

    void beat() {
        const double gap = static_cast<double>(since_.nsecsElapsed()) / 1e6;
        const double waited = queueMilliseconds();
        longest_ = std::max(longest_, gap - (waited - waited_));
        since_.restart();
        waited_ = waited;
    }

    /// What this thread has spent so far ready to run, but not running; 0 where the system does not say.
    static double queueMilliseconds() {
        std::ifstream file("/proc/thread-self/schedstat");
        double running = 0, queued = 0;
        file >> running >> queued;
        return queued / 1e6;
    }

    QTimer heart_;
    QElapsedTimer since_;
    double waited_ = 0;
    double longest_ = 0;
};

}  // namespace vitrine::test
