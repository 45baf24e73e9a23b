// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/histogram_view_plottables.h"

#include <algorithm>
#include <cmath>

namespace vitrine::widgets {
namespace {

constexpr double kLeastGap = 4;   ///< pixels between levels that are drawn from bottom to top
constexpr double kTick = 7;       ///< length of a level's short line
constexpr int kLongOutline = 300;  ///< points
constexpr double kHatchStep = 7;  ///< pixels between lines of a hatching

QCPRange nothing(bool& foundRange) {
    foundRange = false;
    return {};
}

/// Diagonal lines over `box`, each cut at its edges.
void drawHatching(QCPPainter* painter, const QRectF& box) {
    // Lines y = x + c, on a raster of the drawing, so that neighbouring parts join.
    const double first = std::floor((box.top() - box.right()) / kHatchStep) * kHatchStep;
    for (double c = first; c <= box.bottom() - box.left(); c += kHatchStep) {
        const double from = std::max(box.left(), box.top() - c), to = std::min(box.right(), box.bottom() - c);
        if (from < to) painter->drawLine(QPointF(from, from + c), QPointF(to, to + c));
    }
}

/// Fills upright boxes inside of `area` with one colour. QPainter spends more on starting each of them than on its pixels.
void drawBoxes(QCPPainter* painter, const QRectF& area, const QVector<QRectF>& boxes, const QColor& colour) {
    const double density = painter->device()->devicePixelRatioF();
    QImage image((area.size() * density).toSize(), QImage::Format_ARGB32_Premultiplied);
    if (image.isNull()) return;
    image.fill(Qt::transparent);
    const QRgb pixel = qPremultiply(colour.rgba());
    const auto place = [&](double value, double origin, int most) { return std::clamp(static_cast<int>(std::lround((value - origin) * density)), 0, most); };
    for (const QRectF& box : boxes) {
        const int left = place(box.left(), area.left(), image.width()), right = place(box.right(), area.left(), image.width());
        const int bottom = place(box.bottom(), area.top(), image.height());
        for (int y = place(box.top(), area.top(), image.height()); y < bottom; ++y) {
            auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
            std::fill(line + left, line + right, pixel);
        }
    }
    painter->drawImage(area, image);
}

}  // namespace

Steps joinedSteps(double low, double high, const std::vector<std::int64_t>& counts, std::int64_t merge) {
    Steps steps{low, high, 1, {}};
    const auto join = static_cast<std::size_t>(std::max<std::int64_t>(merge, 1));
    if (counts.empty()) return steps;
    steps.width = (high - low) / static_cast<double>(counts.size()) * static_cast<double>(join);
    steps.heights.assign((counts.size() + join - 1) / join, 0);
    for (std::size_t i = 0; i < counts.size(); ++i) steps.heights[i / join] += static_cast<double>(counts[i]);
    return steps;
}

double StepPlottable::selectTest(const QPointF&, bool, QVariant*) const { return -1; }

QCPRange StepPlottable::getKeyRange(bool& foundRange, QCP::SignDomain) const {
    foundRange = !steps_.heights.empty();
    return {steps_.low, steps_.high};
}

QCPRange StepPlottable::getValueRange(bool& foundRange, QCP::SignDomain domain, const QCPRange&) const {
    if (steps_.heights.empty()) return nothing(foundRange);
    const auto [least, most] = std::minmax_element(steps_.heights.begin(), steps_.heights.end());
    foundRange = domain != QCP::sdPositive || *most > 0;
    return {domain == QCP::sdPositive ? std::min(1.0, *most) : std::min(0.0, *least), *most};
}

StepPlottable::Outline StepPlottable::outline(const QRectF& area) const {
    const QCPAxis* keys = mKeyAxis;
    const QCPAxis* values = mValueAxis;
    const auto y = [&](double height) {
        const bool isBelow = values->scaleType() == QCPAxis::stLogarithmic && height <= 0;
        return isBelow ? area.bottom() : std::clamp(values->coordToPixel(height), area.top(), area.bottom());
    };
    const double count = static_cast<double>(steps_.heights.size());
    const auto place = [&](double key) { return std::clamp((key - steps_.low) / steps_.width, 0.0, count); };
    const auto first = static_cast<std::size_t>(std::floor(place(keys->range().lower)));
    const auto last = static_cast<std::size_t>(std::ceil(place(keys->range().upper)));
    const auto x = [&](std::size_t bin) { return std::clamp(keys->coordToPixel(steps_.edge(bin)), area.left(), area.right()); };
    Outline outline;
    if (first >= last) return outline;
    if (x(first + 1) - x(first) >= 1 || last - first < 4) {
        for (std::size_t bin = first; bin < last; ++bin) outline.top << QPointF(x(bin), y(steps_.heights[bin])) << QPointF(x(bin + 1), y(steps_.heights[bin]));
        return outline;
    }
    // Narrower bins than pixels: of each column of pixels the least and the largest.
    for (std::size_t bin = first; bin < last;) {
        const double column = std::floor(x(bin));
        double low = steps_.heights[bin], high = low;
        for (; bin < last && std::floor(x(bin)) == column; ++bin) {
            low = std::min(low, steps_.heights[bin]);
            high = std::max(high, steps_.heights[bin]);
        }
        QLineF line(column + 0.5, y(high), column + 0.5, y(low));
        outline.top << (high >= -low ? line.p1() : line.p2());
        if (!outline.columns.isEmpty()) {  // touches the one before
            line.setP1(QPointF(line.x1(), std::min(line.y1(), outline.columns.back().y2())));
            line.setP2(QPointF(line.x2(), std::max(line.y2(), outline.columns.back().y1())));
        }
        outline.columns << line;
    }
    return outline;
}

void StepPlottable::draw(QCPPainter* painter) {
    if (steps_.heights.empty() || !mKeyAxis || !mValueAxis) return;
    const QRectF area = mKeyAxis->axisRect()->rect();
    const Outline lines = outline(area);
    if (lines.top.isEmpty()) return;
    const QCPAxis* values = mValueAxis;
    const bool isLog = values->scaleType() == QCPAxis::stLogarithmic;
    const double foot = isLog ? area.bottom() : std::clamp(values->coordToPixel(0), area.top(), area.bottom());
    QPolygonF line = lines.top;
    line.prepend(QPointF(line.front().x(), foot));
    line.append(QPointF(line.back().x(), foot));
    if (mBrush.style() != Qt::NoBrush) fill(painter, lines, line, foot);
    if (mPen.style() != Qt::NoPen) stroke(painter, lines, line);
}

void StepPlottable::stroke(QCPPainter* painter, const Outline& lines, const QPolygonF& closed) const {
    const bool isVector = painter->modes().testFlag(QCPPainter::pmVectorized);
    if (lines.columns.isEmpty() && (isVector || closed.size() <= kLongOutline)) {
        applyDefaultAntialiasingHint(painter);
        painter->setBrush(Qt::NoBrush);
        painter->setPen(mPen);
        painter->drawPolyline(closed);
        return;
    }
    QVector<QLineF> parts = lines.columns;
    if (parts.isEmpty())
        for (qsizetype i = 1; i < closed.size(); ++i) parts.append(QLineF(closed[i - 1], closed[i]));
    if (isVector) {
        painter->setPen(QPen(mPen.color(), 1));
        painter->drawLines(parts);
        return;
    }
    // All parts are level or upright: as boxes they are filled at once.
    QVector<QRectF> boxes;
    for (const QLineF& part : parts) {
        const QRectF box = QRectF(part.p1(), part.p2()).normalized();
        boxes.append(QRectF(box.left() - 0.5, box.top() - 0.5, box.width() + 1, box.height() + 1));
    }
    drawBoxes(painter, mKeyAxis->axisRect()->rect(), boxes, mPen.color());
}

void StepPlottable::fill(QCPPainter* painter, const Outline& lines, const QPolygonF& closed, double foot) const {
    painter->setPen(Qt::NoPen);
    painter->setBrush(mBrush);
    // On the screen a jagged polygon of many points takes a hundred times as long as its rectangles.
    if (closed.size() <= kLongOutline || painter->modes().testFlag(QCPPainter::pmVectorized)) {
        applyFillAntialiasingHint(painter);
        painter->drawPolygon(closed);
        return;
    }
    QVector<QRectF> boxes;
    const auto add = [&](double left, double right, double top) { boxes.append(QRectF(QPointF(left, std::min(top, foot)), QPointF(right, std::max(top, foot)))); };
    if (lines.columns.isEmpty())
        for (qsizetype i = 0; i + 1 < lines.top.size(); i += 2) add(lines.top[i].x(), lines.top[i + 1].x(), lines.top[i].y());
    else
        for (const QPointF& point : lines.top) add(point.x() - 0.5, point.x() + 0.5, point.y());
    drawBoxes(painter, mKeyAxis->axisRect()->rect(), boxes, mBrush.color());
}

void StepPlottable::drawLegendIcon(QCPPainter* painter, const QRectF& box) const {
    const QRectF icon = box.adjusted(1, 3, -1, -3);
    painter->setPen(mPen);
    painter->setBrush(mBrush);
    painter->drawRect(icon);
}

double LevelPlottable::selectTest(const QPointF&, bool, QVariant*) const { return -1; }
QCPRange LevelPlottable::getKeyRange(bool& foundRange, QCP::SignDomain) const { return nothing(foundRange); }
QCPRange LevelPlottable::getValueRange(bool& foundRange, QCP::SignDomain, const QCPRange&) const { return nothing(foundRange); }

void LevelPlottable::draw(QCPPainter* painter) {
    if (levels_.empty() || !mKeyAxis) return;
    const QRectF area = mKeyAxis->axisRect()->rect();
    const QCPRange range = mKeyAxis->range();
    const auto from = std::lower_bound(levels_.begin(), levels_.end(), range.lower), to = std::upper_bound(levels_.begin(), levels_.end(), range.upper);
    painter->setPen(mPen);
    painter->setBrush(Qt::NoBrush);
    applyDefaultAntialiasingHint(painter);
    double before = -1e9;
    for (auto level = from; level < to; ++level) {
        const double x = mKeyAxis->coordToPixel(*level);
        if (x - before < 1) continue;
        const bool isFree = x - before >= kLeastGap && (level + 1 == levels_.end() || mKeyAxis->coordToPixel(*(level + 1)) - x >= kLeastGap);
        painter->drawLine(QPointF(x, area.top()), QPointF(x, isFree ? area.bottom() : area.top() + kTick));
        before = x;
    }
}

void LevelPlottable::drawLegendIcon(QCPPainter* painter, const QRectF& box) const {
    painter->setPen(mPen);
    for (const double share : {0.25, 0.5, 0.75})
        painter->drawLine(QPointF(box.left() + share * box.width(), box.top() + 2), QPointF(box.left() + share * box.width(), box.bottom() - 2));
}

double HatchPlottable::selectTest(const QPointF&, bool, QVariant*) const { return -1; }
QCPRange HatchPlottable::getKeyRange(bool& foundRange, QCP::SignDomain) const { return nothing(foundRange); }
QCPRange HatchPlottable::getValueRange(bool& foundRange, QCP::SignDomain, const QCPRange&) const { return nothing(foundRange); }

void HatchPlottable::draw(QCPPainter* painter) {
    if (!mKeyAxis) return;
    const QRectF area = mKeyAxis->axisRect()->rect();
    applyDefaultAntialiasingHint(painter);
    for (const QCPRange& part : parts_) {
        QRectF box = area;
        box.setLeft(std::clamp(mKeyAxis->coordToPixel(part.lower), area.left(), area.right()));
        box.setRight(std::clamp(mKeyAxis->coordToPixel(part.upper), area.left(), area.right()));
        if (box.width() < 0.5) continue;
        painter->setPen(mPen);
        drawHatching(painter, box);
    }
}

void HatchPlottable::drawLegendIcon(QCPPainter* painter, const QRectF& box) const {
    painter->setPen(mPen);
    drawHatching(painter, box.adjusted(1, 3, -1, -3));
}

}  // namespace vitrine::widgets
