// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <thread>

namespace vitrine::cli {

/// What the user's signals ask for.
enum class Interrupt {
    stop,    ///< first Ctrl+C: finish early, keep the result so far
    cancel,  ///< second Ctrl+C, or SIGTERM: end without a result
};

/// While it lives, SIGINT and SIGTERM do not end the program but call `react` on a thread of its own. A third Ctrl+C
/// ends the program at once, with the exit code of a stop. There can be one at a time.
class InterruptWatcher {
  public:
    explicit InterruptWatcher(std::function<void(Interrupt)> react);
    ~InterruptWatcher();
    InterruptWatcher(const InterruptWatcher&) = delete;
    InterruptWatcher& operator=(const InterruptWatcher&) = delete;

  private:
    void watch();

    std::function<void(Interrupt)> react_;
    int readEnd_ = -1;
    std::thread thread_;
};

/// Lets SIGINT and SIGTERM end the program with the exit code of a stop: for commands that have nothing to keep.
void exitOnInterrupt();

}  // namespace vitrine::cli
