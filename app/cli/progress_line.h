// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "jobs/progress.h"

namespace vitrine::cli {

/// How progress can be drawn.
struct TerminalStyle {
    bool redraws = false;  ///< a terminal that can redraw a line; else plain lines
    bool unicode = false;
    bool colour = false;
    int width = 80;
};

/// What stderr is and what the environment says (TERM, LC_ALL, LC_CTYPE, LANG, NO_COLOR).
TerminalStyle stderrStyle();

/// "[#####-----]  50 %  ETA 0:12  calibrate / blocks.3: 12 of 32 sites", at most `style.width` - 1 columns wide.
std::string progressLine(const jobs::ProgressReport& report, const TerminalStyle& style);

/// Progress on stderr: a line that is redrawn in place on a terminal, else a plain line when the stage changes, every
/// tenth, and at least every ten seconds in which something moved. Thread safe.
class ProgressPrinter {
  public:
    explicit ProgressPrinter(TerminalStyle style) : style_(style) {}
    ~ProgressPrinter() { clear(); }
    ProgressPrinter(const ProgressPrinter&) = delete;
    ProgressPrinter& operator=(const ProgressPrinter&) = delete;

    void show(const jobs::ProgressReport& report);
    /// A line of its own that stays.
    void note(const std::string& text);
    /// Removes the redrawn line.
    void clear();

  private:
    void eraseLine();
    bool isDue(const jobs::ProgressReport& report) const;

    std::mutex mutex_;
    TerminalStyle style_;
    bool drawn_ = false;
    std::string lastStage_;
    double lastFraction_ = -1;
    std::chrono::steady_clock::time_point lastPrint_;
};

}  // namespace vitrine::cli
