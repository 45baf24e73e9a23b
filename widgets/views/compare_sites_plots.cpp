// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/compare_sites_plots.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

constexpr int kRow = 14;    ///< least pixels for a site
constexpr int kFrame = 90;  ///< of axis and legend

int decimalsOf(report::SiteMetric metric) { return metric == report::SiteMetric::cosine ? 5 : 2; }

QString valueText(const std::optional<double>& value, report::SiteMetric metric) {
    if (!value) return QStringLiteral("–");
    return metric == report::SiteMetric::mse ? significantText(*value, 3) : decimalText(*value, decimalsOf(metric));
}

QColor faint(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

/// Horizontal names; of rows closer than a line of text only every second, third, ... is named.
class RowTicker : public QCPAxisTicker {
  public:
    RowTicker(QStringList names, const QCPAxis& axis) : names_(std::move(names)), axis_(axis) {}

    void generate(const QCPRange& range, const QLocale&, QChar, int, QVector<double>& ticks, QVector<double>* subTicks,
                  QVector<QString>* labels) override {
        ticks.clear();
        if (subTicks) subTicks->clear();
        if (labels) labels->clear();
        const double pixels = std::abs(axis_.coordToPixel(1) - axis_.coordToPixel(0));
        const int step = pixels <= 0 ? 1 : std::max(1, static_cast<int>(std::ceil(kLine / pixels)));
        for (int row = 0; row < names_.size(); row += step) {
            if (row < range.lower || row > range.upper) continue;
            ticks.append(row);
            if (labels) labels->append(names_[row]);
        }
    }

  private:
    static constexpr double kLine = 13;
    QStringList names_;
    const QCPAxis& axis_;
};

struct Range {
    double low = 0, high = 1;
};

Range rangeOf(const std::vector<report::SitePair>& pairs, std::size_t count) {
    Range range{1e300, -1e300};
    for (std::size_t i = 0; i < count; ++i)
        for (const double value : {*pairs[i].a, *pairs[i].b}) {
            range.low = std::min(range.low, value);
            range.high = std::max(range.high, value);
        }
    return range;
}

/// A little more than `range` on both sides, in the axis's own scale.
QCPRange widened(const Range& range, bool isLog) {
    if (isLog) {
        const double factor = std::pow(range.high / range.low, 0.05) * 1.05;
        return {range.low / factor, range.high * factor};
    }
    const double margin = std::max((range.high - range.low) * 0.05, 1e-6);
    return {range.low - margin, range.high + margin};
}

void scaleAxis(QCPAxis& axis, bool isLog) {
    if (isLog) {
        useLogScale(axis);
        return;
    }
    axis.setScaleType(QCPAxis::stLinear);
    axis.setTicker(QSharedPointer<PlainTicker>::create());
    axis.setNumberFormat(QStringLiteral("gb"));
    axis.setNumberPrecision(6);
}

struct BarShape {
    double width, base;
};

QCPBars* addBars(QCustomPlot& plot, const QString& name, const QColor& colour, BarShape shape) {
    auto* bars = new QCPBars(plot.yAxis, plot.xAxis);
    bars->setName(name);
    bars->setPen(QPen(colour, 1));
    bars->setBrush(faint(colour, 170));
    bars->setWidth(shape.width);
    bars->setBaseValue(shape.base);
    return bars;
}

}  // namespace

QString changeText(const report::SitePair& pair, report::SiteMetric metric) {
    if (!pair.change) return {};
    if (metric == report::SiteMetric::mse) return QStringLiteral("×") + significantText(*pair.change, 3);
    return signedText(*pair.change, decimalsOf(metric));
}

QString pairText(const report::SitePair& pair, report::SiteMetric metric) {
    QString text = SitePlot::tr("%1:  A %2  B %3").arg(toQt(pair.site), valueText(pair.a, metric), valueText(pair.b, metric));
    if (!pair.change) return text;
    const double direction = metric == report::SiteMetric::mse ? std::log(*pair.change) : *pair.change;
    const QString unit = metric == report::SiteMetric::sqnr ? QStringLiteral(" dB") : QString();
    const QString word = pair.better ? (*pair.better ? SitePlot::tr("B is better") : SitePlot::tr("B is worse")) : SitePlot::tr("alike");
    return QStringLiteral("%1  %2 %3%4, %5").arg(text, arrowText(direction), changeText(pair, metric), unit, word);
}

report::Table SitePlot::table() const {
    return hasPairs() ? report::sitePairTable(comparison_->pairs, comparison_->metric, "local") : report::Table{};
}

QString SitePlot::zoomKey() const {
    return PlotView::zoomKey() + QStringLiteral(" %1 %2").arg(hasPairs() ? comparison().metricText : QString(), hasPairs() && comparison().difference ? QStringLiteral("d") : QString());
}

std::size_t SitePlot::selectedPair() const {
    if (!hasPairs()) return 0;
    const auto& pairs = comparison().pairs;
    const std::string site = toStd(input().selection.site);
    return static_cast<std::size_t>(std::find_if(pairs.begin(), pairs.end(), [&](const auto& pair) { return pair.site == site; }) - pairs.begin());
}

SiteBarsPlot::SiteBarsPlot(QWidget* parent) : SitePlot(parent) {
    setObjectName(QStringLiteral("compareSites.bars"));
    setAccessibleName(tr("Sites that changed most"));
}

std::size_t SiteBarsPlot::shownPairs() const { return hasPairs() ? std::min(rows_, comparison().pairs.size()) : 0; }

void SiteBarsPlot::resizeEvent(QResizeEvent* event) {
    SitePlot::resizeEvent(event);
    redraw();  // as many rows as can be read
}

void SiteBarsPlot::draw(QCustomPlot& plot, const Theme& theme) {
    if (!hasPairs()) return;
    const int room = (plot.viewport().height() - kFrame) / kRow;
    rows_ = std::min(comparison().top, static_cast<std::size_t>(std::max(3, room)));
    markSite(plot, theme);
    if (comparison().difference)
        drawDifferences(plot, theme);
    else
        drawPairs(plot, theme);
    nameRows(plot);
}

void SiteBarsPlot::markSite(QCustomPlot& plot, const Theme& theme) const {
    const std::size_t selected = selectedPair();
    if (selected >= shownPairs()) return;
    auto* band = new QCPItemRect(&plot);
    for (QCPItemPosition* corner : {band->topLeft, band->bottomRight}) {
        corner->setTypeX(QCPItemPosition::ptAxisRectRatio);
        corner->setTypeY(QCPItemPosition::ptPlotCoords);
        corner->setAxisRect(plot.axisRect());
    }
    const auto row = static_cast<double>(selected);
    band->topLeft->setCoords(0, row - 0.48);
    band->bottomRight->setCoords(1, row + 0.48);
    band->setPen(QPen(theme.highlight, 1.5));
    band->setBrush(faint(theme.highlight, 45));
}

void SiteBarsPlot::nameRows(QCustomPlot& plot) const {
    QStringList names;
    for (std::size_t i = 0; i < shownPairs(); ++i) names.append(toQt(comparison().pairs[i].site));
    plot.yAxis->setScaleType(QCPAxis::stLinear);
    plot.yAxis->setTicker(QSharedPointer<RowTicker>::create(names, *plot.yAxis));
    plot.yAxis->setRangeReversed(true);
    plot.yAxis->setRange(-0.6, static_cast<double>(shownPairs()) - 0.4);
    plot.yAxis->setSubTicks(false);
    plot.yAxis->grid()->setVisible(false);
    const QLocale locale;
    plot.yAxis->setLabel(tr("%1 of %2 sites, largest change first")
                             .arg(locale.toString(static_cast<qlonglong>(shownPairs())), locale.toString(static_cast<qlonglong>(comparison().pairs.size()))));
}

void SiteBarsPlot::drawPairs(QCustomPlot& plot, const Theme& theme) {
    const auto& pairs = comparison().pairs;
    const bool isLog = comparison().metric == report::SiteMetric::mse;
    scaleAxis(*plot.xAxis, isLog);
    Range range = rangeOf(pairs, shownPairs());
    const double base = isLog ? range.low / 10 : std::min(0.0, range.low);
    const double foot = isLog ? base : 0;
    auto* barsA = addBars(plot, QStringLiteral("A: ") + comparison().titleA, theme.runA, {0.36, foot});
    auto* barsB = addBars(plot, QStringLiteral("B: ") + comparison().titleB, theme.runB, {0.36, foot});
    for (std::size_t i = 0; i < shownPairs(); ++i) {
        const auto row = static_cast<double>(i);
        barsA->addData(row - 0.19, *pairs[i].a - foot);  // lengths of bars count from their base
        barsB->addData(row + 0.19, *pairs[i].b - foot);
    }
    range.low = base;
    const QCPRange wide = widened(range, isLog);
    plot.xAxis->setRange(isLog || base < 0 ? wide.lower : 0, wide.upper);
    plot.xAxis->setLabel(comparison().metricText);
}

void SiteBarsPlot::drawDifferences(QCustomPlot& plot, const Theme& theme) {
    const auto& pairs = comparison().pairs;
    const bool isLog = comparison().metric == report::SiteMetric::mse;
    scaleAxis(*plot.xAxis, isLog);
    const double nothing = isLog ? 1 : 0;
    auto* better = addBars(plot, tr("▲ B is better"), theme.good, {0.66, nothing});
    auto* worse = addBars(plot, tr("▼ B is worse"), theme.bad, {0.66, nothing});
    double low = nothing, high = nothing;
    for (std::size_t i = 0; i < shownPairs(); ++i) {
        const double change = *pairs[i].change;
        (pairs[i].better.value_or(true) ? better : worse)->addData(static_cast<double>(i), change - nothing);
        low = std::min(low, change);
        high = std::max(high, change);
    }
    if (low == high) high = isLog ? 10 : 1;
    plot.xAxis->setRange(widened({low, high}, isLog));
    plot.xAxis->setLabel(isLog ? tr("MSE, B ÷ A") : tr("%1, B − A").arg(comparison().metricText));
    auto* line = new QCPItemStraightLine(&plot);
    line->point1->setCoords(nothing, 0);
    line->point2->setCoords(nothing, 1);
    line->setPen(QPen(theme.axis, 1));
}

PlotView::Readable SiteBarsPlot::readable(std::size_t index) const {
    const report::SitePair& pair = comparison().pairs[index];
    const double x = comparison().difference ? *pair.change : std::max(*pair.a, *pair.b);
    return {x, static_cast<double>(index), pairText(pair, comparison().metric), toQt(pair.site), toQt(pair.block), {}};
}

std::vector<PlotView::Readable> SiteBarsPlot::readables() const {
    std::vector<Readable> list;
    for (std::size_t i = 0; i < shownPairs(); ++i) list.push_back(readable(i));
    return list;
}

std::optional<PlotView::Readable> SiteBarsPlot::readAt(double, double y) const {
    const double row = std::round(y);
    if (row < 0 || row >= static_cast<double>(shownPairs()) || std::abs(row - y) > 0.5) return std::nullopt;
    return readable(static_cast<std::size_t>(row));
}

SiteScatterPlot::SiteScatterPlot(QWidget* parent) : SitePlot(parent) {
    setObjectName(QStringLiteral("compareSites.scatter"));
    setAccessibleName(tr("All sites, B over A"));
}

void SiteScatterPlot::draw(QCustomPlot& plot, const Theme& theme) {
    if (!hasPairs()) return;
    const bool isLog = comparison().metric == report::SiteMetric::mse;
    const auto& pairs = comparison().pairs;
    const Range range = rangeOf(pairs, pairs.size());
    const QCPRange wide = widened(range, isLog);
    for (QCPAxis* axis : {plot.xAxis, plot.yAxis}) {
        scaleAxis(*axis, isLog);
        axis->setRange(wide);
    }
    auto* diagonal = new QCPGraph(plot.xAxis, plot.yAxis);
    diagonal->setPen(QPen(theme.axis, 1, Qt::DashLine));
    diagonal->setName(tr("no change"));
    // The graph stands for it in the legend. The line itself ends at the axes without a clip, which not every reader of SVG knows.
    auto* line = new QCPItemStraightLine(&plot);
    line->setPen(diagonal->pen());
    line->point1->setCoords(wide.lower, wide.lower);
    line->point2->setCoords(wide.upper, wide.upper);
    line->setSelectable(false);
    const auto addPoints = [&](const QString& name, const QColor& colour, QCPScatterStyle::ScatterShape shape, auto belongs) {
        QVector<double> x, y;
        for (const report::SitePair& pair : pairs)
            if (belongs(pair)) {
                x.append(*pair.a);
                y.append(*pair.b);
            }
        if (x.isEmpty()) return;
        auto* graph = new QCPGraph(plot.xAxis, plot.yAxis);
        graph->setLineStyle(QCPGraph::lsNone);
        graph->setScatterStyle(QCPScatterStyle(shape, QPen(colour, 1), faint(colour, 120), 7));
        graph->setPen(QPen(colour, 1));
        graph->setName(QStringLiteral("%1 (%2)").arg(name, QLocale().toString(x.size())));
        graph->addData(x, y);
    };
    addPoints(tr("B is better"), theme.good, QCPScatterStyle::ssTriangle, [](const auto& pair) { return pair.better == true; });
    addPoints(tr("B is worse"), theme.bad, QCPScatterStyle::ssTriangleInverted, [](const auto& pair) { return pair.better == false; });
    addPoints(tr("alike"), theme.mutedText, QCPScatterStyle::ssCircle, [](const auto& pair) { return !pair.better; });
    if (const std::size_t selected = selectedPair(); selected < pairs.size()) {
        auto* mark = new QCPGraph(plot.xAxis, plot.yAxis);
        mark->setName({});
        mark->setLineStyle(QCPGraph::lsNone);
        mark->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(theme.highlight, 2.5), faint(theme.highlight, 60), 15));
        mark->addData(*pairs[selected].a, *pairs[selected].b);
    }
    plot.xAxis->setLabel(tr("A: %1").arg(comparison().metricText));
    plot.yAxis->setLabel(tr("B: %1").arg(comparison().metricText));
}

std::vector<PlotView::Readable> SiteScatterPlot::readables() const {
    std::vector<Readable> list;
    if (hasPairs())
        for (const report::SitePair& pair : comparison().pairs)
            list.push_back({*pair.a, *pair.b, pairText(pair, comparison().metric), toQt(pair.site), toQt(pair.block), {}});
    return list;
}

}  // namespace vitrine::widgets
