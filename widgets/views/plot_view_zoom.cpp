// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plot_view_zoom.h"

#include <algorithm>
#include <cmath>

namespace vitrine::widgets {
namespace {

constexpr std::size_t kHistory = 64;
constexpr double kClosest = 1e-7;  ///< least share of home that can be shown

bool usesLog(const PlotZoom::Axis& axis) { return axis.isLog && axis.home.lower > 0; }

// Zooming and moving are linear in these coordinates.
QCPRange flat(const QCPRange& range, const PlotZoom::Axis& axis) {
    if (!usesLog(axis)) return range;
    const double least = axis.home.lower * 1e-12;
    return {std::log(std::max(range.lower, least)), std::log(std::max(range.upper, least))};
}
QCPRange unflat(const QCPRange& range, const PlotZoom::Axis& axis) {
    return usesLog(axis) ? QCPRange(std::exp(range.lower), std::exp(range.upper)) : range;
}

/// Within home, or nothing where it is all of home.
std::optional<QCPRange> within(const QCPRange& wanted, const PlotZoom::Axis& axis) {
    const QCPRange home = flat(axis.home, axis);
    const double all = home.size();
    if (!(all > 0) || !std::isfinite(wanted.lower) || !std::isfinite(wanted.upper)) return std::nullopt;
    QCPRange part = flat(wanted, axis);
    double size = part.size();
    if (size >= all * (1 - 1e-9)) return std::nullopt;
    if (size < all * kClosest) {
        size = all * kClosest;
        part = QCPRange(part.center() - size / 2, part.center() + size / 2);
    }
    const double lower = std::clamp(part.lower, home.lower, home.upper - size);
    return unflat({lower, lower + size}, axis);
}

}  // namespace

void PlotZoom::setHome(const Axis& x, const Axis& y) {
    x_ = x;
    y_ = y;
}

void PlotZoom::clear() {
    now_ = {};
    history_.clear();
}

void PlotZoom::show(const QCPRange& x, const QCPRange& y, Step step) { go({within(x, x_), within(y, y_)}, step); }

void PlotZoom::scale(double factor, Qt::Orientations axes, const QPointF& about, Step step) {
    const auto scaled = [&](const QCPRange& range, const Axis& axis, double share) {
        const QCPRange part = flat(range, axis);
        const double fixed = part.lower + share * part.size();
        return unflat({fixed - (fixed - part.lower) * factor, fixed + (part.upper - fixed) * factor}, axis);
    };
    Part part = now_;
    if (axes.testFlag(Qt::Horizontal)) part.x = within(scaled(x(), x_, about.x()), x_);
    if (axes.testFlag(Qt::Vertical)) part.y = within(scaled(y(), y_, about.y()), y_);
    go(part, step);
}

void PlotZoom::move(const QCPRange& fromX, const QCPRange& fromY, const QPointF& by, Step step) {
    const auto moved = [](const QCPRange& range, const Axis& axis, double share) {
        const QCPRange part = flat(range, axis);
        return unflat({part.lower + share * part.size(), part.upper + share * part.size()}, axis);
    };
    go({within(moved(fromX, x_, by.x()), x_), within(moved(fromY, y_, by.y()), y_)}, step);
}

void PlotZoom::reset() { go({}, Step::own); }

void PlotZoom::remember() {
    history_.push_back(now_);
    if (history_.size() > kHistory) history_.erase(history_.begin());
}

void PlotZoom::back() {
    while (!history_.empty()) {
        const Part before = history_.back();
        history_.pop_back();
        if (before == now_) continue;  // a gesture that led nowhere
        now_ = before;
        return;
    }
}

void PlotZoom::go(const Part& part, Step step) {
    if (part == now_) return;
    if (step == Step::own) remember();
    now_ = part;
}

}  // namespace vitrine::widgets
