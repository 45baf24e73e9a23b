// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/traces_view.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/plot_style.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

constexpr double kMostHalfLife = 10000;
constexpr std::size_t kMarkedPoints = 40;  ///< of a series whose points have marks

struct Held {
    std::string id;
    const results::Trace* trace;
    QString title;
};

std::vector<Held> tracesOf(const RunDataPtr& run) {
    std::vector<Held> list;
    if (!run) return list;
    for (const auto& artefact : run->artefacts)
        if (const auto* trace = std::get_if<results::Trace>(&artefact->payload))
            list.push_back({artefact->id, trace, toQt(trace->name.empty() ? artefact->id : trace->name)});
    return list;
}

/// Series on one pair of axes.
using AxisLabels = std::pair<std::string, std::string>;

AxisLabels labelsOf(const Held& held) { return {held.trace->xLabel, held.trace->yLabel}; }

/// "auto" takes those that share the axes of the newest one: a loss and decibels on one axis would flatten each other.
bool isWanted(const std::string& chosen, const Held& held, const std::optional<AxisLabels>& newest) {
    return chosen == "all" || chosen == held.id || (chosen == "auto" && newest && labelsOf(held) == *newest);
}

std::optional<AxisLabels> newestLabels(const RunDataPtr& run) {
    std::optional<AxisLabels> labels;
    for (const Held& held : tracesOf(run))
        if (!held.trace->x.empty()) labels = labelsOf(held);
    return labels;
}

/// Labels of core are words within a sentence.
QString capitalised(QString text) {
    if (!text.isEmpty()) text[0] = text[0].toUpper();
    return text;
}

}  // namespace

std::vector<double> exponentialMean(const std::vector<double>& y, double halfLife) {
    if (!(halfLife > 0) || y.empty()) return y;
    const double share = 1 - std::exp2(-1 / halfLife);
    std::vector<double> smooth{y.front()};
    smooth.reserve(y.size());
    for (std::size_t i = 1; i < y.size(); ++i) smooth.push_back(smooth.back() + share * (y[i] - smooth.back()));
    return smooth;
}

TracesView::TracesView(QWidget* parent) : PlotView(parent) {
    setObjectName(QStringLiteral("tracesView"));
    setAccessibleName(tr("Traces"));
}

ParameterSchema TracesView::options() const {
    std::vector<std::string> choices{"auto", "all"};
    choices.insert(choices.end(), names_.begin(), names_.end());
    ParameterSpec halfLife{.id = "half_life", .type = ParameterType::real, .defaultValue = 0.0,
                           .help = toStd(tr("Smooths by an exponential mean, in which the weight of a point halves after this many points. 0: not smoothed.")),
                           .unit = "points", .minimum = 0.0, .maximum = kMostHalfLife};
    return {choiceOption("series", "auto", std::move(choices), tr("Which series. auto: the newest one and those that share its axes.")), switchOption("log", false, tr("Logarithmic values.")), std::move(halfLife)};
}

bool TracesView::isPair() const {
    const CompareMode mode = input().selection.mode;
    return input().a && input().b && (mode == CompareMode::overlay || mode == CompareMode::difference);
}

bool TracesView::isDifference() const { return isPair() && input().selection.mode == CompareMode::difference; }

bool TracesView::isLog() const { return optionValues().boolean("log") && !isDifference(); }

// A run that has come to know another series is the same run.
QString TracesView::zoomKey() const {
    const auto id = [](const RunDataPtr& run) { return run ? toQt(run->record.id) : QString(); };
    return QStringList{id(input().a), id(input().b), isDifference() ? QStringLiteral("B - A") : QString(), toQt(optionValues().text("series")),
                       isLog() ? QStringLiteral("log") : QString()}
        .join(u'\n');
}

std::optional<std::pair<std::string, std::string>> TracesView::shownLabels() const {
    const bool onlyB = !isPair() && input().selection.mode == CompareMode::b && input().b;
    const auto ofA = newestLabels(input().a), ofB = newestLabels(input().b);
    return onlyB || !ofA ? ofB : ofA;
}

void TracesView::take(const RunDataPtr& run, bool isB) {
    const std::string& chosen = optionValues().text("series");
    for (const Held& held : tracesOf(run)) {
        if (!isWanted(chosen, held, shownLabels())) continue;
        const auto place = std::find(names_.begin(), names_.end(), held.id);
        Series series{held.title, held.id, toQt(held.trace->xLabel), toQt(held.trace->yLabel), static_cast<std::size_t>(place - names_.begin()), isB, {}, {}, {}};
        const std::size_t count = std::min(held.trace->x.size(), held.trace->y.size());
        series.x.reserve(count);
        series.y.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            const double x = held.trace->x[i], y = held.trace->y[i];
            if (!std::isfinite(x) || !std::isfinite(y) || (isLog() && y <= 0)) continue;
            series.x.push_back(x);
            series.y.push_back(y);
        }
        series_.push_back(std::move(series));
    }
}

/// Leaves B - A of what both runs have at the same places.
void TracesView::subtract() {
    std::vector<Series> differences;
    for (const Series& b : series_) {
        if (!b.isB) continue;
        const auto a = std::find_if(series_.begin(), series_.end(), [&](const Series& series) { return !series.isB && series.id == b.id; });
        if (a == series_.end()) continue;
        const std::map<double, double> ofA = [&] {
            std::map<double, double> values;
            for (std::size_t i = 0; i < a->x.size(); ++i) values[a->x[i]] = a->y[i];
            return values;
        }();
        Series difference{b.name, b.id, b.xLabel, b.yLabel, b.index, true, {}, {}, {}};
        for (std::size_t i = 0; i < b.x.size(); ++i)
            if (const auto at = ofA.find(b.x[i]); at != ofA.end()) {
                difference.x.push_back(b.x[i]);
                difference.y.push_back(b.y[i] - at->second);
            }
        if (!difference.x.empty()) differences.push_back(std::move(difference));
    }
    series_ = std::move(differences);
}

void TracesView::prepare() {
    names_.clear();
    series_.clear();
    const bool onlyB = !isPair() && input().selection.mode == CompareMode::b && input().b;
    for (const RunDataPtr& run : {input().a, input().b})
        for (const Held& held : tracesOf(run))
            if (std::find(names_.begin(), names_.end(), held.id) == names_.end()) names_.push_back(held.id);
    // What was chosen stays among the choices, even if these runs lack it.
    if (const std::string chosen = optionValues().text("series"); chosen != "all" && chosen != "auto" && std::find(names_.begin(), names_.end(), chosen) == names_.end())
        names_.push_back(chosen);
    if (!onlyB) take(input().a, false);
    if (onlyB || isPair()) take(input().b, true);
    if (isDifference()) subtract();
    if (halfLife() > 0)
        for (Series& series : series_) series.smooth = exponentialMean(series.y, halfLife());
}

report::Table TracesView::table() const {
    const std::string& chosen = optionValues().text("series");
    const bool onlyB = !isPair() && input().selection.mode == CompareMode::b && input().b;
    std::vector<std::pair<std::string, Held>> shown;  // run id
    for (const bool isB : {false, true}) {
        const RunDataPtr& run = isB ? input().b : input().a;
        if (!run || (isB ? !onlyB && !isPair() : onlyB)) continue;
        for (const Held& held : tracesOf(run))
            if (isWanted(chosen, held, shownLabels())) shown.emplace_back(run->record.id, held);
    }
    if (shown.size() == 1) return report::traceTable(*shown.front().second.trace);
    report::Table table = report::traceTable({});
    table.id = "traces";
    table.columns.insert(table.columns.begin(), {{"run", "Run", "", report::Format::identifier}, {"series", "Series", "", report::Format::identifier}});
    for (const auto& [run, held] : shown)
        for (auto& row : report::traceTable(*held.trace).rows) table.rows.push_back({run, held.id, row[0], row[1]});
    return table;
}

QString TracesView::emptyText() const {
    if (!input().a && !input().b) return noRunText(input());
    const bool hasPoints = std::any_of(series_.begin(), series_.end(), [](const Series& series) { return !series.x.empty(); });
    if (hasPoints) return {};
    if (isDifference()) return tr("The runs have no series with values at the same steps. Choose the overlay.");
    const std::string& chosen = optionValues().text("series");
    if (isLog() && !series_.empty()) return tr("No value is larger than 0. Switch the logarithmic axis off.");
    if (chosen != "all" && chosen != "auto" && series_.empty()) return tr("The run has no series %1. Choose another in the options.").arg(toQt(chosen));
    const RunDataPtr& run = input().a ? input().a : input().b;
    if (!project::isComplete(run->record.state)) return tr("No series yet. They come where the method of the run keeps some.");
    return tr("The method of this run keeps no series over steps.");
}

QString TracesView::seriesLabel(const Series& series) const {
    QString text = series.name;
    if (isPair() && !isDifference()) text = (series.isB ? tr("B: %1") : tr("A: %1")).arg(text);
    if (series.x.empty()) return text;
    return tr("%1, last %2").arg(text, significantText(series.y.back(), 4));
}

QString TracesView::summary() const {
    if (!emptyText().isEmpty()) return {};
    QStringList parts;
    for (const Series& series : series_) {
        if (series.x.empty()) continue;
        const auto [least, most] = std::minmax_element(series.y.begin(), series.y.end());
        parts.append(tr("%1: %2 points, %3 to %4, last %5")
                         .arg(isPair() && !isDifference() ? (series.isB ? QStringLiteral("B ") : QStringLiteral("A ")) + series.name : series.name,
                              QLocale().toString(static_cast<qlonglong>(series.x.size())), significantText(*least, 4), significantText(*most, 4),
                              significantText(series.y.back(), 4)));
    }
    QString text = (isDifference() ? tr("B − A. ") : QString()) + parts.join(QStringLiteral("; ")) + QLatin1Char('.');
    std::set<std::string> drawn;
    for (const Series& series : series_) drawn.insert(series.id);
    if (optionValues().text("series") == "auto" && drawn.size() < names_.size())
        text += QLatin1Char(' ') + counted(static_cast<qint64>(names_.size() - drawn.size()), tr("One more series is among the options."), tr("%1 more series are among the options."));
    return text;
}

QString TracesView::valueLabel() const {
    std::set<QString> labels;
    for (const Series& series : series_) labels.insert(series.yLabel);
    QString text = labels.size() == 1 && !labels.begin()->isEmpty() ? capitalised(*labels.begin()) : tr("Value");
    if (isDifference()) text = tr("%1, B − A").arg(text);
    if (halfLife() > 0) text = tr("%1 (exponential mean, half-life %2 points)").arg(text, QLocale().toString(halfLife(), 'g', 4));
    return text;
}

QColor TracesView::colourOf(const Series& series, const Theme& theme) const {
    if (isDifference()) return theme.seriesColour(series.index);
    if (isPair()) return series.isB ? theme.runB : theme.runA;
    return theme.seriesColour(series.index);
}

void TracesView::addSeries(QCustomPlot& plot, const Theme& theme, const Series& series) {
    const QColor colour = colourOf(series, theme);
    const auto add = [&](const std::vector<double>& y, const QPen& pen) {
        auto* graph = new QCPGraph(plot.xAxis, plot.yAxis);
        graph->setPen(pen);
        graph->setData(QVector<double>(series.x.begin(), series.x.end()), QVector<double>(y.begin(), y.end()));
        graph->setName({});
        return graph;
    };
    const std::size_t pattern = series.index + (isPair() && series.isB && !isDifference() ? 1 : 0);
    QCPGraph* line = nullptr;
    if (series.smooth.empty()) {
        line = add(series.y, QPen(colour, 1.6, seriesPenStyle(pattern)));
        const auto shape = series.isB ? QCPScatterStyle::ssSquare : QCPScatterStyle::ssDisc;
        if (series.x.size() <= kMarkedPoints) line->setScatterStyle(QCPScatterStyle(shape, QPen(colour, 1.2), colour, 5));
    } else {
        add(series.y, QPen(withAlpha(colour, 85), 1));
        line = add(series.smooth, QPen(colour, 1.8, seriesPenStyle(pattern)));
    }
    line->setName(seriesLabel(series));
    auto* last = new QCPGraph(plot.xAxis, plot.yAxis);
    last->setName({});
    last->setLineStyle(QCPGraph::lsNone);
    last->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(colour, 1.6), theme.surface, 7));
    last->addData(series.x.back(), series.smooth.empty() ? series.y.back() : series.smooth.back());
}

void TracesView::draw(QCustomPlot& plot, const Theme& theme) {
    std::optional<QCPRange> xs, ys;
    std::set<QString> xLabels;
    const auto include = [](std::optional<QCPRange>& range, const std::vector<double>& values) {
        const auto [least, most] = std::minmax_element(values.begin(), values.end());
        if (!range) range = QCPRange(*least, *most);
        range->expand(QCPRange(*least, *most));
    };
    for (const Series& series : series_) {
        if (series.x.empty()) continue;
        xLabels.insert(series.xLabel);
        include(xs, series.x);
        include(ys, series.y);
        addSeries(plot, theme, series);
    }
    const double xRoom = xs->size() > 0 ? xs->size() * 0.03 : 0.5;
    plot.xAxis->setRange(xs->lower - xRoom, xs->upper + xRoom);
    plot.xAxis->setLabel(xLabels.size() == 1 && !xLabels.begin()->isEmpty() ? capitalised(*xLabels.begin()) : tr("Step"));
    plot.yAxis->setLabel(valueLabel());
    if (isLog()) {
        useLogScale(*plot.yAxis);
        const double factor = std::max(1.1, std::pow(ys->upper / ys->lower, 0.06));
        plot.yAxis->setRange(ys->lower / factor, ys->upper * factor);
        return;
    }
    const double yRoom = ys->size() > 0 ? ys->size() * 0.06 : std::max(std::abs(ys->lower) * 0.1, 1e-6);
    plot.yAxis->setRange(ys->lower - yRoom, ys->upper + yRoom);
    if (isDifference()) addLevelLine(plot, 0, QPen(theme.axis, 1));
}

// The texts are made when a point is read: a run may have a hundred thousand of them.
std::vector<PlotView::Readable> TracesView::readables() const {
    std::vector<Readable> list;
    for (const Series& series : series_) {
        list.reserve(list.size() + series.x.size());
        const std::vector<double>& shown = series.smooth.empty() ? series.y : series.smooth;
        for (std::size_t i = 0; i < series.x.size(); ++i) list.push_back({series.x[i], shown[i], {}, {}, {}, {}});
    }
    return list;
}

QString TracesView::readoutText(const Readable& readable) const {
    QStringList lines;
    for (const Series& series : series_) {
        const std::vector<double>& shown = series.smooth.empty() ? series.y : series.smooth;
        const auto at = std::find(series.x.begin(), series.x.end(), readable.x);
        if (at == series.x.end()) continue;
        // Series that go back and forth over steps have several values at one; the one that is read counts.
        std::size_t i = static_cast<std::size_t>(at - series.x.begin());
        for (std::size_t k = i; k < series.x.size(); ++k)
            if (series.x[k] == readable.x && shown[k] == readable.y) i = k;
        QString line = QStringLiteral("%1 %2").arg(isPair() && !isDifference() ? (series.isB ? QStringLiteral("B: ") : QStringLiteral("A: ")) + series.name : series.name,
                                                   significantText(shown[i], 5));
        if (!series.smooth.empty()) line += tr(" (raw %1)").arg(significantText(series.y[i], 5));
        if (lines.isEmpty()) lines.append(QStringLiteral("%1 %2").arg(series.xLabel.isEmpty() ? tr("step") : series.xLabel, QLocale().toString(readable.x, 'g', 8)));
        lines.append(line);
    }
    return lines.join(QStringLiteral("  "));
}

}  // namespace vitrine::widgets
