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
constexpr double kTextRoom = 32;    ///< and for the share of clipped values

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

// Rectangles on the raster of the screen: strokes with smooth edges would take longer than a frame for 600 sites.
void IntervalPlottable::draw(QCPPainter* painter) {
    if (!shapes_ || !mKeyAxis || !mValueAxis) return;
    const QCPRange keys = mKeyAxis->range();
    painter->setAntialiasing(part_ == Part::clipped);
    painter->setPen(Qt::NoPen);
    painter->setBrush(part_ == Part::band ? mBrush : QBrush(mPen.color()));
    QVector<QRectF> boxes;
    for (const IntervalShape& shape : *shapes_) {
        if (shape.key < keys.lower - width_ || shape.key > keys.upper + width_) continue;
        switch (part_) {
            case Part::range: addRange(boxes, shape); break;
            case Part::band: addBand(boxes, shape); break;
            case Part::covered: addBrackets(boxes, shape); break;
            case Part::levels: addLevels(boxes, shape); break;
            case Part::clipped: drawMark(*painter, shape); break;
        }
    }
    painter->drawRects(boxes);
    if (part_ == Part::clipped) nameClipped(*painter);
}

void IntervalPlottable::addRange(QVector<QRectF>& boxes, const IntervalShape& shape) const {
    const double top = std::round(y(shape.maximum));
    boxes.append(QRectF(std::round(x(shape) - 0.5), top, 1, std::max(1.0, std::round(y(shape.minimum)) - top)));
}

void IntervalPlottable::addBand(QVector<QRectF>& boxes, const IntervalShape& shape) const {
    const double half = std::round(std::clamp(pixels() * 0.3, 1.0, 8.0));
    const double top = std::round(y(shape.highQuantile));
    boxes.append(QRectF(std::round(x(shape) - 0.5) - half, top, 2 * half + 1, std::max(1.0, std::round(y(shape.lowQuantile)) - top)));
}

void IntervalPlottable::addBrackets(QVector<QRectF>& boxes, const IntervalShape& shape) const {
    if (!shape.isCovered) return;
    const double half = std::round(std::clamp(pixels() / 2, 1.0, 14.0));
    const double left = std::round(x(shape) - 0.5) - half, width = 2 * half + 1;
    const double top = std::round(y(shape.high)), bottom = std::round(y(shape.low));
    const double thick = pixels() >= kLegRoom ? 2 : 1;
    const double leg = pixels() >= kLegRoom ? std::min(5.0, std::floor((bottom - top) / 3)) : 0;
    boxes.append(QRectF(left, top - thick / 2, width, thick));
    boxes.append(QRectF(left, bottom - thick / 2, width, thick));
    if (leg < 1) return;
    for (const double side : {left, left + width - thick}) {
        boxes.append(QRectF(side, top, thick, leg));
        boxes.append(QRectF(side, bottom - leg, thick, leg));
    }
}

void IntervalPlottable::addLevels(QVector<QRectF>& boxes, const IntervalShape& shape) const {
    if (shape.levels.size() < 2 || pixels() < kLevelRoom) return;
    const double half = std::round(std::clamp(pixels() * 0.42, 3.0, 11.0));
    const QRectF area = mValueAxis->axisRect()->rect();
    double before = 1e9;
    for (const double level : shape.levels) {
        const double at = std::round(y(level));
        if (before - at < kLevelGap || at < area.top() || at > area.bottom()) continue;
        before = at;
        boxes.append(QRectF(std::round(x(shape) - 0.5) - half, at, 2 * half + 1, 1));
    }
}

double IntervalPlottable::markSize() const { return std::clamp(pixels() * 0.3, 2.5, 5.0); }

double IntervalPlottable::markFoot(const IntervalShape& shape) const {
    const double top = shape.isCovered ? std::min(y(shape.maximum), y(shape.high)) : y(shape.maximum);
    return std::max(top - 4, mValueAxis->axisRect()->top() + 2 * markSize());
}

void IntervalPlottable::drawMark(QCPPainter& painter, const IntervalShape& shape) const {
    if (shape.clipped <= kMarkedPercent) return;
    const double size = markSize(), foot = markFoot(shape);
    painter.drawPolygon(QPolygonF({QPointF(x(shape), foot), QPointF(x(shape) - size, foot - 1.7 * size), QPointF(x(shape) + size, foot - 1.7 * size)}));
}

void IntervalPlottable::nameClipped(QCPPainter& painter) const {
    if (pixels() < kTextRoom) return;
    painter.setPen(mPen);
    painter.setFont(mKeyAxis->tickLabelFont());
    const QFontMetricsF metrics(painter.font());
    const QRectF area = mValueAxis->axisRect()->rect();
    for (const IntervalShape& shape : *shapes_) {
        if (shape.clipped <= kMarkedPercent || !mKeyAxis->range().contains(shape.key)) continue;
        const QString text = mParentPlot->locale().toString(shape.clipped, 'f', shape.clipped < 9.95 ? 1 : 0) + QStringLiteral("\u00a0%");
        const double foot = markFoot(shape), baseline = foot - 1.7 * markSize() - 3;
        // Beside the mark where there is no room above it.
        const bool fits = baseline - metrics.ascent() > area.top();
        painter.drawText(fits ? QPointF(x(shape) - metrics.horizontalAdvance(text) / 2, baseline) : QPointF(x(shape) + markSize() + 3, foot), text);
    }
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
