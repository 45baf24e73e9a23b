// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/log.h"

#include <algorithm>

namespace vitrine::widgets {
namespace {

constexpr std::size_t kLines = 10'000;
constexpr std::size_t kDropped = 1'000;  // at once, so that views move their rows rarely

QString keyOf(const QString& source, const QString& text) { return source + u'\n' + text; }

}  // namespace

int Log::foldInto(LogLevel level, const QString& source, const QString& text) const {
    const auto same = [&](const LogLine& line) { return line.level == level && line.source == source && line.text == text; };
    if (!lines_.empty() && same(lines_.back())) return static_cast<int>(lines_.size()) - 1;
    if (level == LogLevel::info) return -1;
    const auto known = places_.constFind(keyOf(source, text));
    if (known == places_.cend() || *known < gone_) return -1;
    const auto index = static_cast<int>(*known - gone_);
    return same(lines_[static_cast<std::size_t>(index)]) ? index : -1;
}

void Log::add(LogLevel level, const QString& source, const QString& text) {
    const QDateTime now = QDateTime::currentDateTime();
    if (const int index = foldInto(level, source, text); index >= 0) {
        LogLine& line = lines_[static_cast<std::size_t>(index)];
        line.last = now;
        ++line.count;
        Q_EMIT updated(index);
        return;
    }
    if (lines_.size() >= kLines) dropOldest();
    if (level != LogLevel::info) {
        ++warnings_;
        places_.insert(keyOf(source, text), gone_ + static_cast<qint64>(lines_.size()));
    }
    lines_.push_back({now, now, level, source, text, 1});
    Q_EMIT appended(static_cast<int>(lines_.size()) - 1);
}

void Log::dropOldest() {
    const auto end = lines_.begin() + static_cast<std::ptrdiff_t>(kDropped);
    warnings_ -= static_cast<int>(std::count_if(lines_.begin(), end, [](const LogLine& line) { return line.level != LogLevel::info; }));
    lines_.erase(lines_.begin(), end);
    gone_ += static_cast<qint64>(kDropped);
    places_.removeIf([this](const auto& place) { return place.value() < gone_; });
    Q_EMIT dropped(static_cast<int>(kDropped));
}

void Log::clear() {
    gone_ += static_cast<qint64>(lines_.size());
    lines_.clear();
    places_.clear();
    warnings_ = 0;
    Q_EMIT cleared();
}

}  // namespace vitrine::widgets
