// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/histogram_view.h"

#include <QLocale>
#include <algorithm>
#include <cmath>

#include "report/run_pair.h"
#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

const results::Histogram* histogramOf(const report::RunContent& run, std::string_view site) {
    for (const auto& artefact : run.artefacts)
        if (const auto* histograms = std::get_if<results::Histograms>(&artefact->payload))
            for (const auto& histogram : histograms->sites)
                if (histogram.site == site) return &histogram;
    return nullptr;
}

const results::Intervals::Row* intervalOf(const report::RunContent& run, std::string_view site) {
    if (const auto* intervals = run.intervals())
        for (const auto& row : intervals->rows)
            if (row.site == site) return &row;
    return nullptr;
}

QString countText(double count) { return QLocale().toString(static_cast<qlonglong>(std::llround(count))); }

QColor faint(QColor colour, int alpha) {
    colour.setAlpha(alpha);
    return colour;
}

double mostOf(const std::vector<Steps>& list) {
    double most = 0;
    for (const Steps& steps : list)
        for (const double height : steps.heights) most = std::max(most, height);
    return most;
}

std::size_t binAt(const Steps& steps, double x) {
    if (steps.heights.empty() || x < steps.low || x > steps.high) return steps.heights.size();
    return std::min(steps.heights.size() - 1, static_cast<std::size_t>((x - steps.low) / steps.width));
}

}  // namespace

HistogramView::HistogramView(QWidget* parent) : PlotView(parent) {
    setObjectName(QStringLiteral("histogramView"));
    setAccessibleName(tr("Histogram of a site"));
}

ParameterSchema HistogramView::options() const {
    return {switchOption("log", true, tr("Logarithmic counts.")),
            countOption("merge", 1, 1, 1024, tr("How many neighbouring bins are joined into one.")),
            switchOption("levels", true, tr("Lines at the values that the codes stand for.")),
            switchOption("clipped", true, tr("Hatching over the values that the quantizer does not cover."))};
}

HistogramView::Side HistogramView::sideOf(const RunDataPtr& run) const {
    if (!run) return {};
    return {run.get(), histogramOf(*run, site_), intervalOf(*run, site_)};
}

std::string HistogramView::chooseSite() const {
    if (!input().selection.site.isEmpty()) return toStd(input().selection.site);
    const RunDataPtr& run = input().selection.mode == CompareMode::b && input().b ? input().b : input().a;
    if (!run) return {};
    if (const auto* errors = run->errors("local"))
        for (const auto& row : report::weakestSites(*errors, errors->rows.size()).rows)
            if (histogramOf(*run, row.site) != nullptr) return row.site;
    for (const auto& artefact : run->artefacts)
        if (const auto* histograms = std::get_if<results::Histograms>(&artefact->payload); histograms != nullptr && !histograms->sites.empty())
            return histograms->sites.front().site;
    return {};
}

bool HistogramView::isDifference() const { return input().selection.mode == CompareMode::difference && input().a && input().b; }

std::vector<const HistogramView::Side*> HistogramView::shownSides() const {
    const CompareMode mode = input().selection.mode;
    if (mode == CompareMode::a || !input().b) return {&a_};
    if (mode == CompareMode::b) return {&b_};
    return {&a_, &b_};
}

void HistogramView::prepare() {
    site_ = chooseSite();
    a_ = sideOf(input().a);
    b_ = sideOf(input().b);
    float_.clear();
    quantized_.clear();
    difference_ = {};
    const std::int64_t merge = optionValues().integer("merge");
    for (const Side* side : shownSides()) {
        if (side->histogram == nullptr) continue;
        const results::Histogram& held = *side->histogram;
        float_.push_back(joinedSteps(held.low, held.high, held.floatCounts, merge));
        quantized_.push_back(joinedSteps(held.low, held.high, held.quantizedCounts, merge));
    }
    if (isDifference() && quantized_.size() == 2 && report::sameBins(*a_.histogram, *b_.histogram)) {
        difference_ = quantized_[1];
        for (std::size_t i = 0; i < difference_.heights.size(); ++i) difference_.heights[i] -= quantized_[0].heights[i];
    }
    askForMissing();
}

void HistogramView::askForMissing() {
    if (site_.empty()) return;
    bool isNew = false;
    for (const Side* side : shownSides()) {
        if (side->run == nullptr || side->histogram != nullptr || !project::isComplete(side->run->record.state)) continue;
        if (side->interval != nullptr && side->interval->bits == 0) continue;  // left in float
        isNew = asked_.emplace(side->run->record.id, site_).second || isNew;
    }
    if (!isNew) return;
    // Not from within setInput(): whoever answers calls it again.
    QMetaObject::invokeMethod(this, [this, site = toQt(site_)] { Q_EMIT histogramsAsked({site}); }, Qt::QueuedConnection);
}

report::Table HistogramView::table() const {
    const auto sides = shownSides();
    if (sides.size() == 2) return report::histogramComparison(a_.histogram, b_.histogram);
    const results::Histogram* histogram = sides.front()->histogram;
    return report::histogramTable(histogram == nullptr ? results::Histograms{} : results::Histograms{{*histogram}});
}

QString HistogramView::emptyText() const {
    if (!input().a && !input().b) return noRunText(input());
    if (site_.empty()) return tr("This run has no histograms yet. Select a site to see its values.");
    const bool isPair = shownSides().size() == 2;
    for (const Side* side : shownSides()) {
        if (side->histogram != nullptr) continue;
        const QString run = isPair ? (side == &a_ ? tr("Run A") : tr("Run B")) : tr("The run");
        if (side->interval != nullptr && side->interval->bits == 0)
            return tr("%1 leaves %2 in float: nothing was quantized there.").arg(run, toQt(site_));
        if (side->run != nullptr && !project::isComplete(side->run->record.state))
            return tr("%1 has no histogram of %2 yet. It can be computed when the run is finished.").arg(run, toQt(site_));
        const auto failure = side->run == nullptr ? input().failures.end() : input().failures.find({toQt(side->run->record.id), toQt(site_)});
        if (failure != input().failures.end()) return tr("%1 has no histogram of %2. %3", "a sentence").arg(run, toQt(site_), failure->second);
        return tr("%1 has no histogram of %2. It is being computed.").arg(run, toQt(site_));
    }
    if (isDifference() && difference_.heights.empty())
        return tr("The runs counted %1 over different ranges, so that their counts cannot be subtracted. Choose the overlay.").arg(toQt(site_));
    return {};
}

QString HistogramView::clippedText(const Side& side) const {
    if (side.interval == nullptr || side.interval->bits == 0) return {};
    if (side.interval->clippedFraction <= 0) return tr("nothing clipped");
    const double percent = 100 * side.interval->clippedFraction;
    if (percent < 0.01) return tr("less than 0.01 % clipped");
    return tr("%1 clipped").arg(percentText(percent, 2));
}

QString HistogramView::summary() const {
    if (!emptyText().isEmpty()) return {};
    QStringList parts;
    const bool isPair = shownSides().size() == 2;
    for (const Side* side : shownSides()) {
        const results::Histogram& held = *side->histogram;
        QString text = tr("values from %1 to %2 in %3 bins").arg(numberText(held.low), numberText(held.high), countText(static_cast<double>(held.floatCounts.size())));
        if (!held.levels.empty()) text += tr(", %1 levels").arg(held.levels.size());
        if (const QString clipped = clippedText(*side); !clipped.isEmpty()) text += QStringLiteral(", ") + clipped;
        parts.append(isPair ? QStringLiteral("%1: %2").arg(side == &a_ ? titleOfA(input()) : titleOfB(input()), text) : text);
    }
    return QStringLiteral("%1: %2.").arg(toQt(site_), parts.join(QStringLiteral("; ")));
}

void HistogramView::draw(QCustomPlot& plot, const Theme& theme) {
    drawGuides(plot, theme);
    if (isDifference())
        drawDifference(plot, theme);
    else
        drawSides(plot, theme);
}

void HistogramView::drawGuides(QCustomPlot& plot, const Theme& theme) {
    for (const Side* side : shownSides()) {
        const bool isB = side == &b_;
        const bool isPair = shownSides().size() == 2;
        const QColor colour = isB ? theme.runB : (isPair ? theme.runA : theme.quantizedData);
        const results::Histogram& held = *side->histogram;
        const QString letter = isPair ? (isB ? tr(" by B") : tr(" by A")) : QString();
        if (optionValues().boolean("clipped") && side->interval != nullptr && side->interval->bits > 0 && side->interval->clippedFraction > 0) {
            std::vector<QCPRange> parts;
            if (side->interval->low > held.low) parts.emplace_back(held.low, std::min(side->interval->low, held.high));
            if (side->interval->high < held.high) parts.emplace_back(std::max(side->interval->high, held.low), held.high);
            auto* hatch = new HatchPlottable(plot.xAxis, plot.yAxis);
            hatch->setParts(std::move(parts));
            hatch->setPen(QPen(faint(isPair ? colour : theme.bad, 150), 1));
            hatch->setName(clippedText(*side) + letter);
        }
        if (optionValues().boolean("levels") && !held.levels.empty()) {
            auto* levels = new LevelPlottable(plot.xAxis, plot.yAxis);
            levels->setLevels(held.levels);
            levels->setPen(QPen(faint(colour, 70), 1, isB && isPair ? Qt::DashLine : Qt::SolidLine));
            levels->setName(tr("%1 levels").arg(held.levels.size()) + letter);
        }
    }
}

void HistogramView::drawSides(QCustomPlot& plot, const Theme& theme) {
    const auto sides = shownSides();
    const bool isPair = sides.size() == 2;
    const auto add = [&](const Steps& steps, const QString& name, const QPen& pen, const QBrush& brush) {
        auto* plottable = new StepPlottable(plot.xAxis, plot.yAxis);
        plottable->setSteps(steps);
        plottable->setName(name);
        plottable->setPen(pen);
        plottable->setBrush(brush);
    };
    for (std::size_t i = 0; i < sides.size(); ++i) {
        // Two runs of one network mostly share the float values: drawn once.
        if (i == 1 && sides[0]->histogram->floatCounts == sides[1]->histogram->floatCounts && report::sameBins(*a_.histogram, *b_.histogram)) break;
        const QString name = isPair && i == 1 ? tr("float, of B") : tr("float");
        add(float_[i], name, QPen(theme.floatData, 1, i == 1 ? Qt::DashLine : Qt::SolidLine), i == 1 ? QBrush(Qt::NoBrush) : QBrush(faint(theme.floatData, 70)));
    }
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const bool isB = sides[i] == &b_;
        const QColor colour = isB ? theme.runB : (isPair ? theme.runA : theme.quantizedData);
        add(quantized_[i], isPair ? (isB ? tr("quantized by B") : tr("quantized by A")) : tr("quantized"),
            QPen(colour, 1.3, isB && isPair ? Qt::DashLine : Qt::SolidLine), isPair ? QBrush(faint(colour, 45)) : QBrush(faint(colour, 60)));
    }
    arrangeAxes(plot, 0, std::max(mostOf(float_), mostOf(quantized_)));
}

void HistogramView::drawDifference(QCustomPlot& plot, const Theme& theme) {
    double least = 0, most = 0;
    for (const bool isMore : {true, false}) {
        Steps part = difference_;
        for (double& height : part.heights) {
            height = isMore ? std::max(height, 0.0) : std::min(height, 0.0);
            least = std::min(least, height);
            most = std::max(most, height);
        }
        auto* plottable = new StepPlottable(plot.xAxis, plot.yAxis);
        plottable->setSteps(std::move(part));
        plottable->setName(isMore ? tr("▲ more values in B") : tr("▼ more values in A"));
        const QColor colour = isMore ? theme.runB : theme.runA;
        plottable->setPen(QPen(colour, 1.3));
        plottable->setBrush(faint(colour, 90));
    }
    arrangeAxes(plot, least, most);
}

void HistogramView::arrangeAxes(QCustomPlot& plot, double least, double most) const {
    double low = float_.front().low, high = float_.front().high;
    for (const Steps& steps : float_) {
        low = std::min(low, steps.low);
        high = std::max(high, steps.high);
    }
    const double margin = (high - low) * 0.02;
    plot.xAxis->setRange(low - margin, high + margin);
    plot.xAxis->setLabel(tr("Value at %1").arg(toQt(site_)));
    const bool isLog = optionValues().boolean("log") && !isDifference();
    if (isLog) {
        useLogScale(*plot.yAxis);
        plot.yAxis->setRange(0.7, std::max(most * 2, 10.0));
    } else {
        plot.yAxis->setScaleType(QCPAxis::stLinear);
        plot.yAxis->setTicker(QSharedPointer<PlainTicker>::create());
        plot.yAxis->setNumberFormat(QStringLiteral("gb"));
        plot.yAxis->setNumberPrecision(5);
        const double room = std::max(most - least, 1.0) * 0.06;
        plot.yAxis->setRange(least < 0 ? least - room : 0, most > 0 ? most + room : room);
    }
    const std::int64_t merge = optionValues().integer("merge");
    const QString what = isDifference() ? tr("Quantized values per bin, B − A") : tr("Values per bin");
    plot.yAxis->setLabel(merge > 1 ? tr("%1 (%2 joined)").arg(what).arg(merge) : what);
}

QString HistogramView::binText(std::size_t bin) const {
    const Steps& first = float_.front();
    QString text = tr("%1 to %2:  float %3").arg(numberText(first.edge(bin)), numberText(first.edge(bin + 1)), countText(first.heights[bin]));
    const auto sides = shownSides();
    for (std::size_t i = 0; i < sides.size(); ++i) {
        const std::size_t own = i == 0 ? bin : binAt(quantized_[i], (first.edge(bin) + first.edge(bin + 1)) / 2);
        if (own >= quantized_[i].heights.size()) continue;
        const QString name = sides.size() == 1 ? tr("quantized") : (i == 0 ? tr("quantized A") : tr("quantized B"));
        text += QStringLiteral("  %1 %2").arg(name, countText(quantized_[i].heights[own]));
    }
    if (!difference_.heights.empty()) text += QStringLiteral("  B − A %1").arg(signedText(difference_.heights[bin], 0));
    return text;
}

std::optional<PlotView::Readable> HistogramView::readable(std::size_t bin) const {
    if (!emptyText().isEmpty() || bin >= float_.front().heights.size()) return std::nullopt;
    const Steps& first = float_.front();
    const double height = difference_.heights.empty() ? std::max(first.heights[bin], quantized_.front().heights[bin]) : difference_.heights[bin];
    return Readable{(first.edge(bin) + first.edge(bin + 1)) / 2, height, {}, toQt(site_), {}, {}};
}

std::vector<PlotView::Readable> HistogramView::readables() const {
    std::vector<Readable> list;
    if (!emptyText().isEmpty()) return list;
    for (std::size_t bin = 0; bin < float_.front().heights.size(); ++bin)
        if (auto each = readable(bin); each && each->y != 0) list.push_back(std::move(*each));
    return list;
}

std::optional<PlotView::Readable> HistogramView::readAt(double x, double) const {
    if (!emptyText().isEmpty()) return std::nullopt;
    const std::size_t bin = binAt(float_.front(), x);
    auto each = readable(bin);
    if (each) each->text = binText(bin);
    return each;
}

QString HistogramView::readoutText(const Readable& each) const {
    const std::size_t bin = emptyText().isEmpty() ? binAt(float_.front(), each.x) : 0;
    return readable(bin) ? binText(bin) : QString();
}

QString HistogramView::zoomKey() const { return PlotView::zoomKey() + QLatin1Char(' ') + toQt(site_); }

}  // namespace vitrine::widgets
