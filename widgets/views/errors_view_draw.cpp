// SPDX-License-Identifier: GPL-3.0-or-later
// What ErrorsView draws.
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

#include "widgets/views/errors_view.h"
#include "widgets/views/plot_style.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

constexpr double kWidth = 0.8;  ///< of all bars of one site
constexpr std::size_t kFew = 12;  ///< sites whose bars would be as wide as signs

/// Of all bars of one of `sites` sites.
double widthOf(std::size_t sites) { return kWidth * std::min(1.0, static_cast<double>(std::max<std::size_t>(sites, 2)) / static_cast<double>(kFew)); }

struct Range {
    double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
    bool isEmpty() const { return low > high; }
    void include(double value) {
        low = std::min(low, value);
        high = std::max(high, value);
    }
};

/// On the screen each bar is one fill on the raster: as polygons with smooth edges, hundreds of them take longer than a frame.
class PlainBars : public QCPBars {
  public:
    using QCPBars::QCPBars;

  protected:
    void draw(QCPPainter* painter) override {
        if (painter->modes().testFlag(QCPPainter::pmVectorized) || mDataContainer->isEmpty()) return QCPBars::draw(painter);
        const QRectF area = mKeyAxis->axisRect()->rect();
        QCPBarsDataContainer::const_iterator from, to;
        getVisibleDataBounds(from, to);
        painter->setAntialiasing(false);
        for (auto bar = from; bar != to; ++bar)
            if (const QRectF box = getBarRect(bar->key, bar->value).normalized().intersected(area); box.isValid()) painter->fillRect(box, mBrush.color());
    }
};

QCPBars* barsOf(QCustomPlot& plot, const QString& name, const QPen& pen, const QBrush& brush, double width, double base) {
    auto* bars = new PlainBars(plot.xAxis, plot.yAxis);
    bars->setName(name);
    bars->setPen(pen);
    bars->setBrush(brush);
    bars->setWidth(width);
    bars->setBaseValue(base);
    return bars;
}

QCPGraph* marksOf(QCustomPlot& plot, const QString& name, QCPScatterStyle::ScatterShape shape, const QColor& colour) {
    auto* marks = new QCPGraph(plot.xAxis, plot.yAxis);
    marks->setName(name);
    marks->setLineStyle(QCPGraph::lsNone);
    marks->setPen(QPen(colour, 1.3));
    marks->setScatterStyle(QCPScatterStyle(shape, QPen(colour, 1.3), QBrush(Qt::NoBrush), 6));
    return marks;
}

}  // namespace

void ErrorsView::draw(QCustomPlot& plot, const Theme& theme) {
    std::vector<SiteSlot> places;
    for (const ErrorRow& row : rows_) places.push_back({row.site, row.block});
    const bool byDepth = optionValues().text("order") == "depth";
    arrangeSiteAxis(plot, theme, places, byDepth);
    if (!byDepth) plot.xAxis->setLabel(isDifference() ? tr("Sites, largest change first") : tr("Sites, largest error first"));
    markSites(plot, theme, places, input().selection);
    if (isLog()) useLogScale(*plot.yAxis);
    if (isDifference())
        drawDifference(plot, theme);
    else
        drawSeries(plot, theme);
}

void ErrorsView::drawSeries(QCustomPlot& plot, const Theme& theme) {
    Range range;
    for (const ErrorRow& row : rows_)
        for (const ErrorSeries& series : shownSeries())
            if (const ErrorValue value = errorValue(row.of(series), chosenMetric()); value.isNumber()) range.include(value.value);
    if (isLog()) {
        if (range.isEmpty()) range = {1e-3, 1e-1};
        base_ = std::pow(10.0, std::floor(std::log10(range.low * 0.8)));
        top_ = range.high * 1.8;
        plot.yAxis->setRange(base_, top_ * 1.3);
    } else {
        if (range.isEmpty()) range = {0, 1};
        base_ = 0;
        const double room = std::max(std::max(range.high, 0.0) - std::min(range.low, 0.0), 1e-3);
        top_ = std::max(range.high, 0.0) + 0.05 * room;
        plot.yAxis->setRange(range.low < 0 ? range.low - 0.05 * room : 0, top_ + 0.03 * room);
    }
    const QString label = chosenMetric() == ErrorMetric::sqnr     ? tr("SQNR (dB), higher is better")
                          : chosenMetric() == ErrorMetric::cosine ? tr("1 − cosine similarity, lower is better")
                                                            : tr("Mean squared error, lower is better");
    plot.yAxis->setLabel(label);
    const auto all = shownSeries();
    const auto bars = static_cast<double>(isPair() ? 2 : 1);
    const double width = widthOf(rows_.size());
    for (const ErrorSeries& series : all) {
        const bool asMarks = series.accumulated && shownReferences().size() == 2;
        if (asMarks)
            drawMarks(plot, theme, series);
        else
            drawBars(plot, theme, series, isPair() ? (series.isB ? 0.25 : -0.25) * width : 0, width / bars);
    }
    drawSpecial(plot, theme);
    if (!isLog() && base_ == 0) addLevelLine(plot, 0, QPen(theme.axis, 1));
}

void ErrorsView::drawBars(QCustomPlot& plot, const Theme& theme, const ErrorSeries& series, double offset, double width) {
    const QColor colour = series.isB ? theme.runB : theme.runA;
    QCPBars* bars = barsOf(plot, seriesName(series), Qt::NoPen, colour, width, base_);
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (const ErrorValue value = errorValue(rows_[i].of(series), chosenMetric()); value.isNumber())
            bars->addData(static_cast<double>(i) + offset, value.value - base_);  // lengths of bars count from their base
}

void ErrorsView::drawMarks(QCustomPlot& plot, const Theme& theme, const ErrorSeries& series) {
    const QColor colour = isPair() ? (series.isB ? theme.runB : theme.runA) : theme.seriesColour(1);
    // A line from weights to activations and back would say nothing.
    QCPGraph* marks = marksOf(plot, seriesName(series), series.isB ? QCPScatterStyle::ssSquare : QCPScatterStyle::ssCircle, colour);
    marks->setScatterStyle(QCPScatterStyle(series.isB ? QCPScatterStyle::ssSquare : QCPScatterStyle::ssCircle, QPen(theme.surface, 1), colour, 6));
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (const ErrorValue value = errorValue(rows_[i].of(series), chosenMetric()); value.isNumber()) marks->addData(static_cast<double>(i), value.value);
}

// Sites without error have no place on the axis, nor have those whose error is no number: marks say that they are there.
void ErrorsView::drawSpecial(QCustomPlot& plot, const Theme& theme) {
    QVector<double> exact, broken;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        bool isExact = false, isBroken = false, isNumber = false;
        for (const ErrorSeries& series : shownSeries()) {
            const ErrorValue::Kind kind = errorValue(rows_[i].of(series), chosenMetric()).kind;
            isExact = isExact || kind == ErrorValue::Kind::exact;
            isBroken = isBroken || kind == ErrorValue::Kind::broken;
            isNumber = isNumber || kind == ErrorValue::Kind::number;
        }
        if (isBroken)
            broken.append(static_cast<double>(i));
        else if (isExact && !isNumber)
            exact.append(static_cast<double>(i));
    }
    const double exactAt = isLog() ? base_ * 1.15 : top_;
    const auto add = [&](const QVector<double>& places, const QString& name, QCPScatterStyle::ScatterShape shape, const QColor& colour, double height) {
        if (places.isEmpty()) return;
        marksOf(plot, name, shape, colour)->setData(places, QVector<double>(places.size(), height), true);
    };
    add(exact, tr("exact (%1)").arg(QLocale().toString(exact.size())), QCPScatterStyle::ssDiamond, theme.good, exactAt);
    add(broken, tr("no finite number (%1)").arg(QLocale().toString(broken.size())), QCPScatterStyle::ssCross, theme.bad, isLog() ? top_ : top_ / 2);
}

void ErrorsView::drawDifference(QCustomPlot& plot, const Theme& theme) {
    base_ = isLog() ? 1 : 0;
    Range range;
    range.include(base_);
    const bool accumulatedBars = shownReferences().front();
    QCPBars* better = barsOf(plot, tr("▲ B is better"), Qt::NoPen, theme.good, widthOf(rows_.size()), base_);
    QCPBars* worse = barsOf(plot, tr("▼ B is worse"), Qt::NoPen, theme.bad, widthOf(rows_.size()), base_);
    QCPGraph* marks = nullptr;
    if (shownReferences().size() == 2) {
        marks = marksOf(plot, tr("with everything before it quantized"), QCPScatterStyle::ssCircle, theme.text);
        marks->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.surface, 1), theme.text, 6));
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const auto x = static_cast<double>(i);
        if (const ErrorValue change = differenceOf(rows_[i], accumulatedBars); change.isNumber()) {
            const bool isBetter = chosenMetric() == ErrorMetric::mse ? change.value < 1 : change.value > 0;
            (isBetter ? better : worse)->addData(x, change.value - base_);
            range.include(change.value);
        }
        if (marks == nullptr) continue;
        if (const ErrorValue change = differenceOf(rows_[i], true); change.isNumber()) {
            marks->addData(x, change.value);
            range.include(change.value);
        }
    }
    if (isLog()) {
        const double factor = std::max(1.2, std::pow(range.high / range.low, 0.06));
        plot.yAxis->setRange(range.low / factor, range.high * factor);
        plot.yAxis->setLabel(tr("Mean squared error, B ÷ A"));
    } else {
        const double room = std::max(range.high - range.low, 1e-9) * 0.06;
        plot.yAxis->setRange(range.low < 0 ? range.low - room : -room, range.high > 0 ? range.high + room : room);
        plot.yAxis->setLabel(chosenMetric() == ErrorMetric::sqnr ? tr("SQNR, B − A (dB)") : tr("Cosine similarity, B − A"));
    }
    top_ = plot.yAxis->range().upper;
    addLevelLine(plot, base_, QPen(theme.axis, 1));
}

}  // namespace vitrine::widgets
