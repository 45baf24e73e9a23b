// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_line.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace vitrine::cli {
namespace {

constexpr std::size_t kFigureColumns = 19;  ///< " 100 %  ETA 1:02:03"
constexpr double kPlainStep = 0.1;
constexpr std::chrono::seconds kPlainPause{10};

std::string_view variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

bool localeIsUtf8() {
    for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        const std::string_view value = variable(name);
        if (value.empty()) continue;  // the first one that is set decides
        return value.find("UTF-8") != std::string_view::npos || value.find("utf8") != std::string_view::npos;
    }
    return false;
}

std::string clock(double seconds) {
    const long whole = std::lround(std::max(0.0, seconds));
    const auto two = [](long number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    if (whole < 3600) return std::to_string(whole / 60) + ":" + two(whole % 60);
    return std::to_string(whole / 3600) + ":" + two(whole / 60 % 60) + ":" + two(whole % 60);
}

std::string percent(double fraction) {
    const std::string number = std::to_string(static_cast<int>(100 * std::clamp(fraction, 0.0, 1.0)));
    return std::string(4 - std::min<std::size_t>(4, number.size()), ' ') + number + " %";
}

/// The first `columns` characters, without cutting one in two.
std::string clipped(const std::string& text, std::size_t columns) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80 && seen++ == columns) return text.substr(0, i);
    return text;
}

std::string bar(double fraction, std::size_t columns, const TerminalStyle& style) {
    const auto full = static_cast<std::size_t>(std::clamp(fraction, 0.0, 1.0) * static_cast<double>(columns));
    std::string done;
    std::string open;
    for (std::size_t i = 0; i < full; ++i) done += style.unicode ? "\u2588" : "#";
    for (std::size_t i = full; i < columns; ++i) open += style.unicode ? "\u2591" : "-";
    return "[" + (style.colour ? "\x1b[36m" + done + "\x1b[0m" : done) + open + "]";
}

std::string stageText(const jobs::ProgressReport& report) {
    if (report.stage.empty() && report.fraction >= 1) return "done";
    return report.detail.empty() ? report.stage : report.stage + ": " + report.detail;
}

std::string topStage(const std::string& stage) { return stage.substr(0, stage.find(" / ")); }

}  // namespace

TerminalStyle stderrStyle() {
    TerminalStyle style;
    style.redraws = isatty(STDERR_FILENO) == 1 && variable("TERM") != "dumb";
    style.unicode = localeIsUtf8();
    style.colour = style.redraws && variable("NO_COLOR").empty();
    winsize size{};
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) style.width = size.ws_col;
    return style;
}

// What changes its length stands last, so that nothing jumps.
std::string progressLine(const jobs::ProgressReport& report, const TerminalStyle& style) {
    const auto width = static_cast<std::size_t>(std::max(20, style.width)) - 1;
    const std::size_t barColumns = std::min<std::size_t>(30, width / 4);
    std::string line = barColumns >= 8 ? bar(report.fraction, barColumns, style) : "";
    std::size_t used = line.empty() ? 0 : barColumns + 2;
    std::string figures = percent(report.fraction);
    if (report.etaSeconds) figures += "  ETA " + clock(*report.etaSeconds);
    figures.resize(std::max(figures.size(), std::min(kFigureColumns, width - used)), ' ');
    used += figures.size();
    return line + figures + (used + 2 < width ? "  " + clipped(stageText(report), width - used - 2) : "");
}

void ProgressPrinter::eraseLine() {
    if (drawn_) std::fputs("\r\x1b[K", stderr);
    drawn_ = false;
}

bool ProgressPrinter::isDue(const jobs::ProgressReport& report) const {
    if (report.fraction == lastFraction_ && topStage(report.stage) == lastStage_) return false;
    return topStage(report.stage) != lastStage_ || report.fraction >= lastFraction_ + kPlainStep ||
           (report.fraction >= 1 && lastFraction_ < 1) || std::chrono::steady_clock::now() - lastPrint_ >= kPlainPause;
}

void ProgressPrinter::show(const jobs::ProgressReport& report) {
    const std::lock_guard lock(mutex_);
    if (style_.redraws) {
        std::fputs(("\r" + progressLine(report, style_) + "\x1b[K").c_str(), stderr);
        drawn_ = true;
    } else if (isDue(report)) {
        std::string line = percent(report.fraction).substr(1) + "  " + stageText(report);
        if (report.etaSeconds && report.fraction < 1) line += "  (ETA " + clock(*report.etaSeconds) + ")";
        std::fputs((line + "\n").c_str(), stderr);
        lastStage_ = topStage(report.stage);
        lastFraction_ = report.fraction;
        lastPrint_ = std::chrono::steady_clock::now();
    }
    std::fflush(stderr);
}

void ProgressPrinter::note(const std::string& text) {
    const std::lock_guard lock(mutex_);
    eraseLine();
    std::fputs((text + "\n").c_str(), stderr);
}

void ProgressPrinter::clear() {
    const std::lock_guard lock(mutex_);
    eraseLine();
    std::fflush(stderr);
}

}  // namespace vitrine::cli
