// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/intervals_view_plottables.h"

#include <QFontMetricsF>
#include <algorithm>
#include <cmath>

namespace vitrine::widgets {
namespace {

constexpr double kLegRoom = 7;      ///< pixels of width from which on brackets have legs
constexpr double kLevelRoom = 8;    ///< and from which on there is room for ticks of levels
constexpr double kLevelGap = 2.5;   ///< pixels between levels that can be told apart
constexpr double kTextRoom = 40;    ///< pixels between sites for the share of clipped values

}  // namespace

void IntervalPlottable::setShapes(IntervalShapes shapes, double width) {
    shapes_ = std::move(shapes);
    width_ = width;
}

double IntervalPlottable::selectTest(const QPointF&, bool, QVariant*) const { return -1; }

QCPRange IntervalPlottable::getKeyRange(bool& foundRange, QCP::SignDomain) const {
    foundRange = shapes_ && !shapes_->empty();
    return foundRange ? QCPRange(shapes_->front().key - width_ / 2, shapes_->back().key + width_ / 2) : QCPRange();
}

QCPRange IntervalPlottable::getValueRange(bool& foundRange, QCP::SignDomain, const QCPRange&) const {
    foundRange = shapes_ && !shapes_->empty();
    if (!foundRange) return {};
    QCPRange range(shapes_->front().minimum, shapes_->front().maximum);
    for (const IntervalShape& shape : *shapes_) {
        range.expand(QCPRange(shape.minimum, shape.maximum));
        if (shape.isCovered) range.expand(QCPRange(shape.low, shape.high));
    }
    return range;
}

// Far outside of the plot, coordinates would leave what paint engines can do.
double IntervalPlottable::y(double value) const {
    const QRect area = mValueAxis->axisRect()->rect();
    return std::clamp(mValueAxis->coordToPixel(value), area.top() - 50.0, area.bottom() + 50.0);
}

double IntervalPlottable::pixels() const { return std::abs(mKeyAxis->coordToPixel(width_) - mKeyAxis->coordToPixel(0)); }

void IntervalPlottable::draw(QCPPainter* painter) {
    if (!shapes_ || !mKeyAxis || !mValueAxis) return;
    const QCPRange keys = mKeyAxis->range();
    applyDefaultAntialiasingHint(painter);
    painter->setPen(mPen);
    painter->setBrush(mBrush);
    for (const IntervalShape& shape : *shapes_) {
        if (shape.key < keys.lower - width_ || shape.key > keys.upper + width_) continue;
        switch (part_) {
            case Part::range: drawRange(*painter, shape); break;
            case Part::band: drawBand(*painter, shape); break;
            case Part::covered: drawBrackets(*painter, shape); break;
            case Part::levels: drawLevels(*painter, shape); break;
            case Part::clipped: drawClipped(*painter, shape); break;
        }
    }
}

void IntervalPlottable::drawRange(QCPPainter& painter, const IntervalShape& shape) const {
    painter.drawLine(QLineF(x(shape), y(shape.minimum), x(shape), y(shape.maximum)));
}

void IntervalPlottable::drawBand(QCPPainter& painter, const IntervalShape& shape) const {
    const double half = std::clamp(pixels() * 0.3, 1.0, 8.0);
    const double top = y(shape.highQuantile), bottom = y(shape.lowQuantile);
    painter.fillRect(QRectF(x(shape) - half, top, 2 * half, std::max(bottom - top, 1.0)), mBrush);
}

void IntervalPlottable::drawBrackets(QCPPainter& painter, const IntervalShape& shape) const {
    if (!shape.isCovered) return;
    const double half = std::clamp(pixels() / 2, 1.5, 14.0), leg = pixels() >= kLegRoom ? std::min(5.0, std::abs(y(shape.low) - y(shape.high)) / 3) : 0;
    const double left = x(shape) - half, right = x(shape) + half;
    for (const auto& [at, inward] : {std::pair(y(shape.high), leg), std::pair(y(shape.low), -leg)}) {
        QPolygonF bracket;
        if (leg > 0) bracket << QPointF(left, at + inward);
        bracket << QPointF(left, at) << QPointF(right, at);
        if (leg > 0) bracket << QPointF(right, at + inward);
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(bracket);
    }
}

void IntervalPlottable::drawLevels(QCPPainter& painter, const IntervalShape& shape) const {
    if (shape.levels.size() < 2 || pixels() < kLevelRoom) return;
    const double half = std::clamp(pixels() * 0.42, 3.0, 11.0);
    const QRectF area = mValueAxis->axisRect()->rect();
    double before = 1e9;
    for (const double level : shape.levels) {
        const double at = y(level);
        if (before - at < kLevelGap || at < area.top() || at > area.bottom()) continue;
        before = at;
        painter.drawLine(QLineF(x(shape) - half, at, x(shape) + half, at));
    }
}

void IntervalPlottable::drawClipped(QCPPainter& painter, const IntervalShape& shape) const {
    if (shape.clipped <= kMarkedPercent) return;
    const QRectF area = mValueAxis->axisRect()->rect();
    const double size = std::clamp(pixels() * 0.3, 2.5, 5.0);
    const double foot = std::max(std::min(y(shape.maximum), shape.isCovered ? y(shape.high) : y(shape.maximum)) - 4, area.top() + 2 * size);
    painter.setPen(Qt::NoPen);
    painter.setBrush(mPen.color());
    painter.drawPolygon(QPolygonF({QPointF(x(shape), foot), QPointF(x(shape) - size, foot - 1.7 * size), QPointF(x(shape) + size, foot - 1.7 * size)}));
    painter.setPen(mPen);
    if (pixels() / width_ < kTextRoom) return;
    const QString text = mParentPlot->locale().toString(shape.clipped, 'f', shape.clipped < 9.95 ? 1 : 0) + QStringLiteral("\u00a0%");
    painter.setFont(mKeyAxis->tickLabelFont());
    const QFontMetricsF metrics(painter.font());
    const double baseline = foot - 1.7 * size - 3;
    // Beside the mark where there is no room above it.
    if (baseline - metrics.ascent() > area.top())
        painter.drawText(QPointF(x(shape) - metrics.horizontalAdvance(text) / 2, baseline), text);
    else
        painter.drawText(QPointF(x(shape) + size + 3, foot), text);
}

void IntervalPlottable::drawLegendIcon(QCPPainter* painter, const QRectF& box) const {
    const QPointF centre = box.center();
    painter->setPen(mPen);
    painter->setBrush(mBrush);
    switch (part_) {
        case Part::range: painter->drawLine(QLineF(centre.x(), box.top(), centre.x(), box.bottom())); break;
        case Part::band: painter->fillRect(QRectF(centre.x() - 4, box.top(), 8, box.height()), mBrush); break;
        case Part::covered:
            painter->setBrush(Qt::NoBrush);
            for (const auto& [at, inward] : {std::pair(box.top() + 0.5, 3.5), std::pair(box.bottom() - 0.5, -3.5)})
                painter->drawPolyline(QPolygonF({QPointF(centre.x() - 6, at + inward), QPointF(centre.x() - 6, at), QPointF(centre.x() + 6, at), QPointF(centre.x() + 6, at + inward)}));
            break;
        case Part::levels:
            for (const double share : {0.15, 0.5, 0.85}) painter->drawLine(QLineF(centre.x() - 6, box.top() + share * box.height(), centre.x() + 6, box.top() + share * box.height()));
            break;
        case Part::clipped:
            painter->setPen(Qt::NoPen);
            painter->setBrush(mPen.color());
            painter->drawPolygon(QPolygonF({QPointF(centre.x(), box.bottom() - 1), QPointF(centre.x() - 5, box.top() + 2), QPointF(centre.x() + 5, box.top() + 2)}));
            break;
    }
}

}  // namespace vitrine::widgets
