// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <algorithm>
#include <ctime>

namespace vitrine::test {

// Code that a sanitizer watches is not the code that users run.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr double kSlowdown = 8;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr double kSlowdown = 8;
#else
inline constexpr double kSlowdown = 1;
#endif
#else
inline constexpr double kSlowdown = 1;
#endif

/// The longest that the window's thread may work at a stretch, in ms: what users feel as stuttering begins here.
inline constexpr double kLongestWork = 50 * kSlowdown;

/// Measures the longest piece of work that the UI thread did at a stretch: its processor time between two beats of a timer in its event loop.
/// Processor time is what the thread itself did: a machine that is busy with other things does not change it. What the thread waits for without
/// working, a lock or a disk, is not in it. To be made and read on the UI thread.
class UiWork {
  public:
    UiWork() {
        QObject::connect(&heart_, &QTimer::timeout, &heart_, [this] { mark(); });
        heart_.setTimerType(Qt::PreciseTimer);
        heart_.start(1);
        restart();
    }

    double longestMilliseconds() const { return longest_; }
    void restart() {
        longest_ = 0;
        last_ = now();
    }

  private:
    void mark() {
        const double time = now();
        longest_ = std::max(longest_, time - last_);
        last_ = time;
    }
    static double now() {
        timespec time{};
        ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
        return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
    }

    QTimer heart_;
    double longest_ = 0;
    double last_ = 0;
};

}  // namespace vitrine::test
