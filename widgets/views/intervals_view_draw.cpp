// SPDX-License-Identifier: GPL-3.0-or-later
// What IntervalsView draws.
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "widgets/views/compare_text.h"
#include "widgets/views/intervals_view.h"
#include "widgets/views/plot_style.h"

namespace vitrine::widgets {
namespace {

constexpr double kWidth = 0.76;  ///< of the brackets of a site

using Part = IntervalPlottable::Part;

bool hasMark(const IntervalShapes& shapes) {
    return std::any_of(shapes->begin(), shapes->end(), [](const IntervalShape& shape) { return shape.clipped > IntervalPlottable::kMarkedPercent; });
}

bool hasLevels(const IntervalShapes& shapes) {
    return std::any_of(shapes->begin(), shapes->end(), [](const IntervalShape& shape) { return !shape.levels.empty(); });
}

}  // namespace

void IntervalsView::draw(QCustomPlot& plot, const Theme& theme) {
    std::vector<SiteSlot> places;
    for (const Row& row : rows_) places.push_back({row.site, row.block});
    const std::string& order = optionValues().text("order");
    arrangeSiteAxis(plot, theme, places, order == "depth");
    if (order == "width") plot.xAxis->setLabel(isDifference() ? tr("Sites, largest change first") : tr("Sites, widest covered range first"));
    if (order == "clipped") plot.xAxis->setLabel(tr("Sites, most clipped values first"));
    markSites(plot, theme, places, input().selection);
    if (isDifference()) return drawDifference(plot, theme);
    arrangeValues(plot);
    const bool two = isPair();
    for (const Side& side : shownSides()) drawSide(plot, theme, side, two ? (side.isB ? 0.22 : -0.22) : 0, two ? kWidth / 2 : kWidth);
    addLevelLine(plot, 0, QPen(theme.axis, 1));
}

IntervalShapes IntervalsView::shapes(const Side& side, double offset) const {
    auto list = std::make_shared<std::vector<IntervalShape>>();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto* held = side.of(rows_[i]);
        if (held == nullptr || !std::isfinite(held->minimum) || !std::isfinite(held->maximum) || !std::isfinite(held->low) || !std::isfinite(held->high)) continue;
        IntervalShape shape;
        shape.key = static_cast<double>(i) + offset;
        shape.minimum = mapped(held->minimum);
        shape.maximum = mapped(held->maximum);
        shape.lowQuantile = mapped(std::isfinite(held->lowQuantile) ? held->lowQuantile : held->minimum);
        shape.highQuantile = mapped(std::isfinite(held->highQuantile) ? held->highQuantile : held->maximum);
        shape.isCovered = held->bits > 0;
        shape.low = mapped(held->low);
        shape.high = mapped(held->high);
        shape.clipped = held->bits > 0 ? 100 * held->clippedFraction : 0;
        if (optionValues().boolean("levels"))
            for (const double level : held->levels) shape.levels.push_back(mapped(level));
        list->push_back(std::move(shape));
    }
    return list;
}

void IntervalsView::arrangeValues(QCustomPlot& plot) const {
    double low = 0, high = 0;
    for (const Side& side : shownSides()) {
        const IntervalShapes list = shapes(side, 0);
        for (const IntervalShape& shape : *list) {
            low = std::min({low, shape.minimum, shape.isCovered ? shape.low : low});
            high = std::max({high, shape.maximum, shape.isCovered ? shape.high : high});
        }
    }
    if (!(high > low)) high = low + 1;
    const double room = (high - low) * 0.06;
    plot.yAxis->setRange(low - room, high + 1.6 * room);
    if (isSymlog()) {
        plot.yAxis->setTicker(QSharedPointer<SymlogTicker>::create(scale_, *plot.yAxis));
        plot.yAxis->setLabel(tr("Value (logarithmic, linear below ±%1)").arg(QLocale().toString(scale_.threshold(), 'g', 3)));
    } else {
        plot.yAxis->setLabel(tr("Value"));
    }
}

void IntervalsView::drawSide(QCustomPlot& plot, const Theme& theme, const Side& side, double offset, double width) {
    const IntervalShapes list = shapes(side, offset);
    const bool two = isPair();
    const QColor own = side.isB ? theme.runB : theme.runA;
    const QColor values = two ? own : theme.floatData;
    const auto add = [&](Part part, const QString& name, const QPen& pen, const QBrush& brush) {
        auto* plottable = new IntervalPlottable(plot.xAxis, plot.yAxis, part);
        plottable->setShapes(list, width);
        plottable->setPen(pen);
        plottable->setBrush(brush);
        plottable->setName(name);
    };
    const bool isFirst = !two || !side.isB;  // parts look alike in both runs: the legend tells them once, and the runs by their brackets
    add(Part::band, isFirst ? tr("0.1 % to 99.9 % of the values") : QString(), Qt::NoPen, mixed(values, theme.surface, 0.45));
    add(Part::range, isFirst ? tr("all values") : QString(), QPen(values, 1), Qt::NoBrush);
    if (hasLevels(list)) add(Part::levels, isFirst ? tr("levels") : QString(), QPen(mixed(theme.text, theme.surface, 0.55), 1), Qt::NoBrush);
    const QString covered = two ? (side.isB ? tr("covered by B, right: %1").arg(titleOfB(input())) : tr("covered by A, left: %1").arg(titleOfA(input()))) : tr("covered by the quantizer");
    add(Part::covered, covered, QPen(own, 1.6), Qt::NoBrush);
    if (hasMark(list)) add(Part::clipped, isFirst ? tr("more than 0.1 % clipped") : QString(), QPen(theme.bad, 1), Qt::NoBrush);
}

void IntervalsView::drawDifference(QCustomPlot& plot, const Theme& theme) {
    double low = 0, high = 0;
    const auto add = [&](const QString& name, const QColor& colour) {
        auto* bars = new QCPBars(plot.xAxis, plot.yAxis);
        bars->setName(name);
        bars->setPen(Qt::NoPen);
        bars->setBrush(colour);
        bars->setWidth(0.8);
        return bars;
    };
    QCPBars* wider = add(tr("▲ B covers more"), theme.runB);
    QCPBars* narrower = add(tr("▼ B covers less"), theme.runA);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto change = widening(rows_[i]);
        if (!change) continue;
        (*change > 0 ? wider : narrower)->addData(static_cast<double>(i), *change);
        low = std::min(low, *change);
        high = std::max(high, *change);
    }
    const double room = std::max((high - low) * 0.06, 0.05);
    plot.yAxis->setRange(low - room, high + room);
    plot.yAxis->setLabel(tr("Covered width, log₂(B ÷ A)"));
    addLevelLine(plot, 0, QPen(theme.axis, 1));
}

}  // namespace vitrine::widgets
