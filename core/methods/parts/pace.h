// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <chrono>

namespace vitrine::methods {

/// Keeps what may be left out (showing and saving what is unfinished) to a share of the time. Not thread safe.
class Pace {
  public:
    /// `share` of the time, in (0, 1), and not before `least` seconds since the last time.
    explicit Pace(double share, double least = 0) : share_(share), least_(least), last_(Clock::now()) {}

    /// Does `action` unless it would take more than its share, judged by how long it took the last time.
    template <typename Action>
    void maybe(const Action& action) {
        if (seconds(last_) < std::max(cost_ / share_, least_)) return;
        const auto begin = Clock::now();
        action();
        cost_ = seconds(begin);
        last_ = Clock::now();
    }

  private:
    using Clock = std::chrono::steady_clock;
    static double seconds(Clock::time_point since) { return std::chrono::duration<double>(Clock::now() - since).count(); }

    double share_;
    double least_;
    double cost_ = 0;
    Clock::time_point last_;
};

}  // namespace vitrine::methods
