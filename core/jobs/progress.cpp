// SPDX-License-Identifier: GPL-3.0-or-later
#include "jobs/progress.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace vitrine::jobs {
namespace {

constexpr double kReportInterval = 0.05;    // seconds: 20 reports a second
constexpr double kEtaDelay = 1.0;           // seconds of work before the first estimate
constexpr double kEtaSmoothing = 5.0;       // seconds over which estimates are averaged
constexpr double kSmallestFraction = 1e-4;  // below it an estimate means nothing

double monotonicSeconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

struct Progress::Root {
    Listener listener;
    Clock clock;
    double started = 0;
    double pausedSince = -1;  // negative while the clock runs
    double pausedTotal = 0;
    double lastReport = -1;  // by elapsed time; negative before the first
    bool heldBack = false;
    double smoothedTotal = -1;  // expected duration of the whole job; negative before the first estimate
    double lastEstimate = 0;
    ProgressReport report;

    double elapsed() const {
        const double now = pausedSince >= 0 ? pausedSince : clock();
        return now - started - pausedTotal;
    }

    void set(double fraction, const std::string& stage, const std::string& detail) {
        if (fraction > report.fraction) report.fraction = std::min(fraction, 1.0);  // also refuses NaN
        report.stage = stage;
        report.detail = detail;
        heldBack = true;
        if (lastReport < 0 || elapsed() - lastReport >= kReportInterval) deliver();
    }

    void deliver() {
        if (!heldBack) return;
        heldBack = false;
        report.elapsedSeconds = elapsed();
        report.etaSeconds = estimate();
        lastReport = report.elapsedSeconds;
        if (listener) listener(report);
    }

    // Remaining time if the rest goes at the average speed so far. The expected total is averaged over a few seconds,
    // because the fractions of stages are guesses and jump.
    std::optional<double> estimate() {
        if (report.fraction >= 1) return 0.0;
        const double now = report.elapsedSeconds;
        if (now < kEtaDelay || report.fraction < kSmallestFraction) return std::nullopt;
        const double total = now / report.fraction;
        if (smoothedTotal < 0)
            smoothedTotal = total;
        else
            smoothedTotal += (1 - std::exp((lastEstimate - now) / kEtaSmoothing)) * (total - smoothedTotal);
        lastEstimate = now;
        return std::max(0.0, smoothedTotal - now);
    }
};

Progress::Progress(Listener listener, Clock clock) : root_(std::make_shared<Root>()) {
    root_->listener = std::move(listener);
    root_->clock = clock ? std::move(clock) : Clock(monotonicSeconds);
    root_->started = root_->clock();
}

Progress::Progress(std::shared_ptr<Root> root, double start, double share, std::string path)
    : root_(std::move(root)), start_(start), share_(share), path_(std::move(path)) {}

Progress Progress::child(double share, const std::string& title) {
    const double begin = childrenEnd_;
    childrenEnd_ = std::clamp(begin + share, begin, 1.0);
    Progress made(root_, start_ + share_ * begin, share_ * (childrenEnd_ - begin),
                  path_.empty() ? title : path_ + " / " + title);
    made.update(0);
    return made;
}

void Progress::update(double fraction, const std::string& detail) {
    root_->set(start_ + share_ * std::clamp(fraction, 0.0, 1.0), path_, detail);
}

void Progress::finish() {
    update(1);
    if (root_->report.fraction >= 1) flush();
}

void Progress::flush() { root_->deliver(); }

void Progress::setPaused(bool paused) {
    const bool isPaused = root_->pausedSince >= 0;
    if (paused == isPaused) return;
    const double now = root_->clock();
    if (paused) {
        root_->pausedSince = now;
    } else {
        root_->pausedTotal += now - root_->pausedSince;
        root_->pausedSince = -1;
    }
}

}  // namespace vitrine::jobs
