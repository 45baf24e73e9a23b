// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/plot_style.h"

#include <QFontMetricsF>
#include <QLocale>
#include <QRegularExpression>
#include <QSet>
#include <algorithm>
#include <numeric>

namespace vitrine::widgets {
namespace {

constexpr int kIconWidth = 18, kIconHeight = 12;  ///< of an entry of the legend
constexpr int kEntryGap = 16;
constexpr int kFewEntries = 4;  ///< that may have a line each
constexpr const char* kFullName = "vitrine.fullName";  ///< of a plottable whose name was cut

void resetAxis(QCPAxis& axis, const Theme& theme, const QFont& font) {
    axis.setScaleType(QCPAxis::stLinear);
    axis.setTicker(QSharedPointer<PlainTicker>::create());
    axis.setNumberFormat(QStringLiteral("gb"));
    axis.setNumberPrecision(6);
    axis.setRangeReversed(false);
    axis.setRange(0, 1);
    axis.setLabel({});
    axis.setTicks(true);
    axis.setTickLabels(true);
    axis.setTickLabelRotation(0);
    axis.setSubTicks(false);
    axis.setTickLabelFont(font);
    axis.setLabelFont(font);
    axis.setTickLabelColor(theme.text);
    axis.setLabelColor(theme.text);
    const QPen line(theme.axis, 1);
    axis.setBasePen(line);
    axis.setTickPen(line);
    axis.setSubTickPen(line);
    axis.setTickLengthIn(0);
    axis.setTickLengthOut(4);
    axis.setSubTickLengthIn(0);
    axis.setSubTickLengthOut(2);
    axis.setTickLabelPadding(4);
    axis.setLabelPadding(4);
    axis.setPadding(4);
    axis.grid()->setVisible(true);
    axis.grid()->setPen(QPen(theme.grid, 1));
    axis.grid()->setSubGridVisible(false);
    axis.grid()->setZeroLinePen(QPen(theme.grid, 1));
}

void resetLegend(QCustomPlot& plot, const Theme& theme, const QFont& font) {
    QCPLegend& legend = *plot.legend;
    legend.clearItems();
    legend.setFont(font);
    legend.setTextColor(theme.text);
    legend.setBrush(Qt::NoBrush);
    legend.setBorderPen(Qt::NoPen);
    legend.setIconSize(kIconWidth, kIconHeight);
    legend.setIconTextPadding(6);
    legend.setMargins(QMargins(0, 0, 0, 0));
    legend.setColumnSpacing(kEntryGap);
    legend.setRowSpacing(0);
    legend.setFillOrder(QCPLegend::foColumnsFirst);
    legend.setVisible(false);
}

QString fullName(const QCPAbstractPlottable& plottable) {
    const QVariant kept = plottable.property(kFullName);
    return kept.isValid() ? kept.toString() : plottable.name();
}

QList<double> columnWidths(const std::vector<double>& widths, std::size_t columns) {
    QList<double> widest(static_cast<qsizetype>(columns), 1.0);
    for (std::size_t i = 0; i < widths.size(); ++i) {
        double& column = widest[static_cast<qsizetype>(i % columns)];
        column = std::max(column, widths[i]);
    }
    return widest;
}

double totalOf(const QList<double>& columns) {
    return std::accumulate(columns.begin(), columns.end(), kEntryGap * static_cast<double>(columns.size() - 1));
}

void placeLegend(QCustomPlot& plot, bool above) {
    QCPLayoutGrid& layout = *plot.plotLayout();
    const bool isAbove = plot.legend->layout() == &layout;
    if (isAbove == above) return;
    if (above) {
        layout.insertRow(0);
        layout.addElement(0, 0, plot.legend);
        layout.setRowStretchFactor(0, 0.001);
    } else {
        layout.take(plot.legend);
        layout.simplify();
        plot.axisRect()->insetLayout()->addElement(plot.legend, Qt::AlignRight | Qt::AlignTop);
    }
}

/// `text`, or what of it fits.
QString fittingLabel(const QString& text, const QFontMetricsF& metrics, double room) {
    if (metrics.horizontalAdvance(text) <= room) return text;
    for (const QString& mark : {QStringLiteral(" ("), QStringLiteral(", ")})
        if (const QString part = text.left(text.indexOf(mark)); text.contains(mark) && metrics.horizontalAdvance(part) <= room) return part;
    return metrics.elidedText(text, Qt::ElideRight, room);
}

void fitLabels(QCustomPlot& plot) {
    const QRect area = plot.axisRect()->rect();
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        const double length = axis->orientation() == Qt::Horizontal ? area.width() : area.height();
        axis->setLabel(fittingLabel(axis->label(), QFontMetricsF(axis->labelFont()), length));
    }
}

}  // namespace

void resetPlot(QCustomPlot& plot, const Theme& theme, const QFont& font) {
    plot.clearPlottables();
    plot.clearItems();
    placeLegend(plot, false);
    QCPLayoutGrid& layout = *plot.plotLayout();
    for (int i = layout.elementCount() - 1; i >= 0; --i)
        if (QCPLayoutElement* element = layout.elementAt(i); element != nullptr && element != plot.axisRect()) layout.remove(element);
    layout.simplify();
    layout.setRowSpacing(4);
    plot.setLocale(QLocale());
    plot.setFont(font);
    plot.setBackground(QBrush(theme.surface));
    plot.axisRect()->setVisible(true);
    plot.axisRect()->setAutoMargins(QCP::msAll);
    plot.axisRect()->setMinimumMargins(QMargins(12, 10, 14, 4));
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) resetAxis(*axis, theme, font);
    resetLegend(plot, theme, font);
}

void arrangeLegend(QCustomPlot& plot, int width) {
    QCPLegend& legend = *plot.legend;
    for (int i = 0; i < plot.plottableCount(); ++i)
        if (plot.plottable(i)->name().isEmpty()) plot.plottable(i)->removeFromLegend();
    const int count = legend.itemCount();
    legend.setVisible(count > 0);
    placeLegend(plot, count > 0);
    if (count == 0) return;
    const QFontMetricsF metrics(legend.font());
    const double room = std::max(60, width - 40);
    std::vector<double> widths;
    for (int i = 0; i < count; ++i) {
        auto* entry = qobject_cast<QCPPlottableLegendItem*>(legend.item(i));
        if (entry == nullptr) continue;
        QCPAbstractPlottable& plottable = *entry->plottable();
        entry->setMargins(QMargins(0, 1, 0, 3));  // an entry is clipped at its edge, and unhinted text is taller than it says
        const QString name = fullName(plottable);
        const double most = std::max(40.0, (count > kFewEntries ? (room - kEntryGap) / 2 : room) - kIconWidth - 13);
        plottable.setProperty(kFullName, name);
        plottable.setName(metrics.elidedText(name, Qt::ElideMiddle, most));
        widths.push_back(metrics.horizontalAdvance(plottable.name()) + kIconWidth + 12);
    }
    std::size_t columns = std::max<std::size_t>(1, widths.size());
    while (columns > 1 && totalOf(columnWidths(widths, columns)) > room) --columns;
    legend.setWrap(static_cast<int>(columns));
    legend.setFillOrder(QCPLegend::foColumnsFirst);  // once more: arranges the entries anew
    const QList<double> wanted = columnWidths(widths, columns);
    legend.setColumnStretchFactors(wanted);
    // The margin takes what the entries leave free, so that they stay together.
    const int left = plot.axisRect()->minimumMargins().left();
    legend.setMargins(QMargins(left, 6, std::max(0, static_cast<int>(width - left - totalOf(wanted))), 0));
    legend.setMaximumSize(QWIDGETSIZE_MAX, legend.minimumOuterSizeHint().height());
}

// The room for labels depends on the ticks and the ticks on the room: two rounds settle it.
void settleLayout(QCustomPlot& plot) {
    for (int round = 0; round < 2; ++round)
        for (const auto phase : {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
            plot.plotLayout()->update(phase);
    fitLabels(plot);
}

QColor withAlpha(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

QColor mixed(const QColor& colour, const QColor& ground, double share) {
    const auto part = [&](double one, double other) { return static_cast<float>(share * one + (1 - share) * other); };
    return QColor::fromRgbF(part(colour.redF(), ground.redF()), part(colour.greenF(), ground.greenF()), part(colour.blueF(), ground.blueF()));
}

namespace {

QCPItemRect* addBand(QCustomPlot& plot, const QCPRange& range) {
    auto* band = new QCPItemRect(&plot);
    band->setLayer(QStringLiteral("background"));
    band->topLeft->setTypeX(QCPItemPosition::ptPlotCoords);
    band->topLeft->setTypeY(QCPItemPosition::ptAxisRectRatio);
    band->bottomRight->setTypeX(QCPItemPosition::ptPlotCoords);
    band->bottomRight->setTypeY(QCPItemPosition::ptAxisRectRatio);
    band->topLeft->setCoords(range.lower, 0);
    band->bottomRight->setCoords(range.upper, 1);
    band->setSelectable(false);
    return band;
}

}  // namespace

void markSelected(QCustomPlot& plot, const Theme& theme, const QCPRange& range) {
    QCPItemRect* band = addBand(plot, range);
    band->setPen(QPen(theme.highlight, 1.5));
    band->setBrush(withAlpha(theme.highlight, theme.dark ? 70 : 45));
}

void markSites(QCustomPlot& plot, const Theme& theme, const std::vector<SiteSlot>& places, const Selection& selection) {
    const QSet<QString> marked(selection.marked.cbegin(), selection.marked.cend());
    for (std::size_t i = 0; i < places.size(); ++i) {
        if (places[i].site == selection.site) markSelected(plot, theme, QCPRange(static_cast<double>(i) - 0.5, static_cast<double>(i) + 0.5));
        if (!marked.contains(places[i].site)) continue;
        const double begin = static_cast<double>(i) - 0.5;
        while (i + 1 < places.size() && marked.contains(places[i + 1].site) && places[i + 1].site != selection.site) ++i;
        QCPItemRect* band = addBand(plot, QCPRange(begin, static_cast<double>(i) + 0.5));
        band->setPen(QPen(theme.highlight, 1.2, Qt::DashLine));
        band->setBrush(withAlpha(theme.highlight, theme.dark ? 36 : 24));
    }
}

void addLevelLine(QCustomPlot& plot, double y, const QPen& pen) {
    auto* line = new QCPItemStraightLine(&plot);
    line->setLayer(QStringLiteral("grid"));
    line->point1->setCoords(0, y);
    line->point2->setCoords(1, y);
    line->setPen(pen);
    line->setSelectable(false);
}

QStringList readoutLines(const QString& text) {
    static const QRegularExpression gap(QStringLiteral(" {2,}"));
    return text.split(gap, Qt::SkipEmptyParts);
}

namespace {

constexpr double kReadoutDistance = 12;  ///< of a label from its point

/// Above and to the right of the point, else on another side of it: the first place inside of the area that covers no other label.
QPointF readoutCorner(const QRectF& area, const ReadoutLabel& label, const QSizeF& size) {
    const double right = label.point.x() + kReadoutDistance, left = label.point.x() - kReadoutDistance - size.width();
    const double above = label.point.y() - kReadoutDistance - size.height(), below = label.point.y() + kReadoutDistance;
    const bool fitsRight = right + size.width() <= area.right(), fitsAbove = above >= area.top();
    const double firstX = fitsRight ? right : left, secondX = fitsRight ? left : right, firstY = fitsAbove ? above : below, secondY = fitsAbove ? below : above;
    const auto inside = [&](double x, double y) {
        return QPointF(std::clamp(x, area.left() + 2, std::max(area.left() + 2, area.right() - size.width() - 2)),
                       std::clamp(y, area.top() + 2, std::max(area.top() + 2, area.bottom() - size.height() - 2)));
    };
    std::vector<QPointF> places{inside(firstX, firstY), inside(firstX, secondY), inside(secondX, firstY), inside(secondX, secondY)};
    for (const QRectF& other : label.others)
        for (const double x : {firstX, secondX}) {
            places.push_back(inside(x, other.top() - size.height() - 4));
            places.push_back(inside(x, other.bottom() + 4));
        }
    const auto covered = [&](const QPointF& place) {
        double sum = 0;
        for (const QRectF& other : label.others) {
            const QRectF both = QRectF(place, size).intersected(other);
            sum += std::max(0.0, both.width()) * std::max(0.0, both.height());
        }
        return sum;
    };
    return *std::min_element(places.begin(), places.end(), [&](const QPointF& a, const QPointF& b) { return covered(a) < covered(b); });
}

}  // namespace

QRectF paintReadout(QPainter& painter, const QRectF& area, const ReadoutLabel& label, const Theme& theme, const QFont& font) {
    constexpr double kPadding = 6, kRadius = 4;
    QStringList lines = readoutLines(label.text);
    QFont heading = font;
    heading.setBold(lines.size() > 1);
    const QFontMetricsF headingMetrics(heading), metrics(font);
    const double most = std::max(40.0, area.width() - 2 * kPadding - 4);
    double width = 0;
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QFontMetricsF& own = i == 0 ? headingMetrics : metrics;
        lines[i] = own.elidedText(lines[i], Qt::ElideMiddle, most);
        width = std::max(width, own.horizontalAdvance(lines[i]));
    }
    const double line = std::ceil(metrics.height());
    QRectF box(0, 0, std::ceil(width) + 2 * kPadding, line * static_cast<double>(lines.size()) + 2 * kPadding - 2);
    const QPointF corner = readoutCorner(area, label, box.size());
    box.moveTo(std::round(corner.x()) + 0.5, std::round(corner.y()) + 0.5);

    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    if (label.pinned) {
        painter.setPen(QPen(theme.axis, 1));
        painter.drawLine(label.point, QPointF(std::clamp(label.point.x(), box.left(), box.right()), std::clamp(label.point.y(), box.top(), box.bottom())));
    }
    painter.setPen(QPen(label.pinned ? theme.axis : theme.border, 1));
    painter.setBrush(theme.raised);
    painter.drawRoundedRect(box, kRadius, kRadius);
    painter.setPen(QPen(theme.text, 2));
    painter.setBrush(theme.surface);
    painter.drawEllipse(label.point, 4, 4);
    painter.setPen(theme.text);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        painter.setFont(i == 0 ? heading : font);
        painter.drawText(QPointF(box.left() + kPadding, box.top() + kPadding - 1 + metrics.ascent() + line * static_cast<double>(i)), lines[i]);
    }
    painter.restore();
    return box;
}

}  // namespace vitrine::widgets
