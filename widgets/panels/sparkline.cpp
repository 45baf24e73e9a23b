// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/sparkline.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/base/theme.h"

namespace vitrine::widgets {
namespace {

constexpr int kPlotWidth = 120;
constexpr int kPad = 4;
constexpr int kTextWidth = 150;  // at most

}  // namespace

Sparkline::Sparkline(QWidget* parent) : QWidget(parent) {
    setObjectName(QStringLiteral("sparkline"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void Sparkline::setSeries(const QString& name, const std::vector<double>& values) {
    name_ = name;
    values_.clear();
    std::copy_if(values.begin(), values.end(), std::back_inserter(values_), [](double value) { return std::isfinite(value); });
    setVisible(!values_.empty());
    if (values_.empty()) return;
    const auto [low, high] = std::minmax_element(values_.begin(), values_.end());
    const QString summary = tr("%1: %2 now, lowest %3, highest %4").arg(name_, numberText(values_.back()), numberText(*low), numberText(*high));
    setAccessibleName(name_);
    setAccessibleDescription(summary);
    setToolTip(summary);
    updateGeometry();
    update();
}

QSize Sparkline::sizeHint() const {
    const QFontMetrics metrics(font());
    const QString text = name_ + u' ' + numberText(values_.empty() ? 0 : values_.back(), 3);
    return {kPlotWidth + kPad * 3 + std::min(kTextWidth, metrics.horizontalAdvance(text) + kPad),
            metrics.height() + kPad * 2};
}

void Sparkline::paintEvent(QPaintEvent*) {
    if (values_.empty()) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const Theme& theme = Theme::of(palette());
    const QRectF plot(kPad, kPad, std::min(kPlotWidth, width() - 2 * kPad), height() - 2 * kPad);
    const auto [lowest, highest] = std::minmax_element(values_.begin(), values_.end());
    const double low = *lowest, high = *highest;
    const double span = high > low ? high - low : 1;
    const auto point = [&](std::size_t i) {
        const double across = values_.size() > 1 ? static_cast<double>(i) / static_cast<double>(values_.size() - 1) : 1;
        const double up = high > low ? (values_[i] - low) / span : 0.5;
        return QPointF(plot.left() + across * plot.width(), plot.bottom() - up * plot.height());
    };
    QPainterPath line(point(0));
    for (std::size_t i = 1; i < values_.size(); ++i) line.lineTo(point(i));
    painter.setPen(QPen(theme.accent, 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPath(line);
    painter.setBrush(theme.accent);
    painter.drawEllipse(point(values_.size() - 1), 2, 2);

    const QString value = numberText(values_.back(), 3);
    const QRectF text(plot.right() + 2 * kPad, 0, width() - plot.right() - 2 * kPad, height());
    if (text.width() < 10) return;
    painter.setPen(theme.text);
    painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter, value);
    const qreal valueWidth = painter.fontMetrics().horizontalAdvance(value + u' ');
    painter.setPen(theme.mutedText);
    const QRectF nameRect = text.adjusted(valueWidth, 0, 0, 0);
    painter.drawText(nameRect, Qt::AlignLeft | Qt::AlignVCenter,
                     painter.fontMetrics().elidedText(name_, Qt::ElideRight, static_cast<int>(nameRect.width())));
}

}  // namespace vitrine::widgets
