// SPDX-License-Identifier: GPL-3.0-or-later
// What SearchView draws of losses.
#include <QFontMetricsF>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/plot_style.h"
#include "widgets/views/search_text.h"
#include "widgets/views/search_view.h"
#include "widgets/views/search_view_plottables.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

constexpr std::size_t kMostVisits = 300;  ///< bands

/// The highest value that is drawn: of all that is usual, so that a few hopeless candidates do not flatten the rest.
double usualTop(std::vector<double> values, double least, double mostBest) {
    if (values.empty()) return mostBest;
    const auto at = values.begin() + static_cast<std::ptrdiff_t>((values.size() - 1) * 95 / 100);
    std::nth_element(values.begin(), at, values.end());
    const double usual = *at + 0.5 * (*at - least);
    const double most = *std::max_element(values.begin(), values.end());
    return std::max(mostBest, std::min(usual, most));
}

}  // namespace

void SearchView::draw(QCustomPlot& plot, const Theme& theme) {
    if (shown() == Show::scales) return drawScales(plot, theme);
    if (shown() == Show::bits) return drawBits(plot, theme);
    isDifference() ? drawDifference(plot, theme) : drawFitness(plot, theme);
}

void SearchView::drawFitness(QCustomPlot& plot, const Theme& theme) {
    double least = std::numeric_limits<double>::infinity(), mostBest = -least, first = least, last = -least;
    std::vector<double> losses;
    for (const Side& each : sides_)
        for (std::size_t i = 0; i < each.candidates.size(); ++i) {
            const History::Candidate& candidate = each.history->candidates[each.candidates[i]];
            const double best = each.shown(i, candidate.best), loss = each.shown(i, candidate.fitness);
            least = std::min({least, best, loss});
            mostBest = std::max(mostBest, best);
            losses.push_back(loss);
            first = std::min(first, static_cast<double>(candidate.evaluation));
            last = std::max(last, static_cast<double>(candidate.evaluation));
        }
    const double top = usualTop(std::move(losses), least, mostBest);
    const double room = top > least ? top - least : std::max(std::abs(top) * 0.05, 1e-9);
    plot.xAxis->setRange(first - 0.02 * (last - first) - 0.5, last + 0.02 * (last - first) + 0.5);
    plot.xAxis->setLabel(tr("Evaluation"));
    plot.yAxis->setLabel(isRelative() ? tr("Loss against the start of the visit (%), lower is better") : isScaled() ? tr("Loss ÷ first loss of the same run, lower is better") : tr("Loss, lower is better"));
    plot.yAxis->setRange(least - 0.05 * room, top + 0.12 * room);
    if (isLog()) {
        useLogScale(*plot.yAxis);
        const double factor = std::max(1.05, std::pow(top / least, 0.06));
        plot.yAxis->setRange(least / factor, top * factor * factor);
    }
    if (sides_.size() == 1) drawVisits(plot, theme, sides_.front());
    for (const Side& each : sides_) drawPopulation(plot, theme, each);
    if (sides_.size() == 1) drawCandidates(plot, theme, sides_.front());
}

/// Bands behind every second visit of a target; lines and words where passes begin.
void SearchView::drawVisits(QCustomPlot& plot, const Theme& theme, const Side& side) const {
    struct Visit {
        std::int64_t target, pass;
        double from, to;
    };
    std::vector<Visit> visits;
    for (const std::size_t place : side.candidates) {
        const History::Candidate& candidate = side.history->candidates[place];
        const auto x = static_cast<double>(candidate.evaluation);
        if (visits.empty() || visits.back().target != candidate.target || visits.back().pass != candidate.pass) {
            if (!visits.empty()) visits.back().to = x - 0.5;
            visits.push_back({candidate.target, candidate.pass, x - 0.5, x + 0.5});
        }
        visits.back().to = x + 0.5;
    }
    const std::string selected = selectedTarget();
    const double pixels = std::max(1.0, plot.viewport().width() - kRoomOfAxis) / plot.xAxis->range().size();
    const QFontMetricsF metrics(plot.xAxis->tickLabelFont());
    const bool hasPasses = !visits.empty() && visits.back().pass != visits.front().pass;
    double named = -1e300;
    for (std::size_t i = 0; i < visits.size(); ++i) {
        const Visit& visit = visits[i];
        const QString target = toQt(side.history->targets.at(static_cast<std::size_t>(visit.target)));
        const bool isSelected = !selected.empty() && toStd(target) == selected;
        if (visits.size() <= kMostVisits && isSelected)
            addBand(plot, visit.from, visit.to, withAlpha(theme.highlight, theme.dark ? 60 : 40));
        else if (visits.size() <= kMostVisits && i % 2 == 1)
            addBand(plot, visit.from, visit.to, withAlpha(theme.raised, theme.dark ? 130 : 150));
        const bool beginsPass = hasPasses && (i == 0 || visits[i - 1].pass != visit.pass);
        if (beginsPass && i > 0) {
            auto* line = new QCPItemStraightLine(&plot);
            line->setLayer(QStringLiteral("grid"));
            line->point1->setCoords(visit.from, 0);
            line->point2->setCoords(visit.from, 1);
            if (isLog()) line->point1->setCoords(visit.from, 0.1);
            line->setPen(QPen(theme.axis, 1, Qt::DashLine));
            line->setSelectable(false);
        }
        const QString pass = tr("pass %1").arg(QLocale().toString(static_cast<qlonglong>(visit.pass + 1)));
        const QString text = beginsPass ? pass : target;
        const double half = metrics.horizontalAdvance(text) / 2 / pixels, x = beginsPass ? visit.from + half + 4 / pixels : (visit.from + visit.to) / 2;
        const bool fits = beginsPass || 2 * half <= (visit.to - visit.from) * 1.05;
        if (!fits || x - half < named) continue;
        named = x + half + 6 / pixels;
        addHeading(plot, theme, x, text);
    }
}

void SearchView::drawPopulation(QCustomPlot& plot, const Theme& theme, const Side& side) const {
    const QColor colour = side.isB ? theme.runB : theme.runA;
    QVector<double> x, best, worst;
    const History::Candidate* before = nullptr;
    for (std::size_t i = 0; i < side.candidates.size(); ++i) {
        const History::Candidate& candidate = side.history->candidates[side.candidates[i]];
        // Each visit has a population of its own, and some searches a loss of its own too: no line joins them.
        if (before != nullptr && (before->target != candidate.target || before->pass != candidate.pass)) {
            x.append(static_cast<double>(candidate.evaluation) - 0.5);
            best.append(qQNaN());
            worst.append(qQNaN());
        }
        before = &candidate;
        x.append(static_cast<double>(candidate.evaluation));
        best.append(side.shown(i, candidate.best));
        worst.append(side.shown(i, std::isfinite(candidate.worst) ? std::max(candidate.worst, candidate.best) : candidate.best));
    }
    if (x.isEmpty()) return;
    const QString run = side.isB ? tr("B: %1").arg(titleOfB(input())) : tr("A: %1").arg(titleOfA(input()));
    QCPGraph* upper = addLine(plot, sides_.size() == 1 ? tr("population") : QString(), QPen(withAlpha(colour, 90), 1));
    upper->setData(x, worst, true);
    QCPGraph* lower = addLine(plot, isPair() ? tr("%1, best %2").arg(run, lossText(best.back(), 5)) : tr("best %1").arg(lossText(best.back(), 5)),
                              QPen(colour, 2, side.isB ? Qt::DashLine : Qt::SolidLine));
    lower->setData(x, best, true);
    upper->setBrush(withAlpha(colour, theme.dark ? 45 : 32));
    upper->setChannelFillGraph(lower);
}

void SearchView::drawCandidates(QCustomPlot& plot, const Theme& theme, const Side& side) const {
    const QCPRange range = plot.yAxis->range();
    QVector<double> acceptedX, accepted, rejectedX, rejected, above;
    for (std::size_t i = 0; i < side.candidates.size(); ++i) {
        const History::Candidate& candidate = side.history->candidates[side.candidates[i]];
        const double x = static_cast<double>(candidate.evaluation), loss = side.shown(i, candidate.fitness);
        if (loss > range.upper) {
            above.append(x);
            continue;
        }
        (candidate.accepted ? acceptedX : rejectedX).append(x);
        (candidate.accepted ? accepted : rejected).append(loss);
    }
    const QLocale locale;
    const double size = side.candidates.size() > 2000 ? 3 : (side.candidates.size() > 400 ? 4 : 6);
    if (!rejected.isEmpty())
        addMarks(plot, tr("rejected (%1)").arg(locale.toString(rejected.size())), {QCPScatterStyle::ssCross, QPen(theme.mutedText, 1.1), Qt::NoBrush, size})
            ->setData(rejectedX, rejected, true);
    if (!accepted.isEmpty())
        addMarks(plot, tr("kept (%1)").arg(locale.toString(accepted.size())), disc(side.isB ? theme.runB : theme.runA, size))->setData(acceptedX, accepted, true);
    if (!above.isEmpty()) {
        const double y = isLog() ? range.upper * std::pow(range.lower / range.upper, 0.08) : range.upper - 0.08 * range.size();
        addMarks(plot, tr("above the plot (%1)").arg(locale.toString(above.size())), {QCPScatterStyle::ssTriangle, QPen(theme.warning, 1.1), Qt::NoBrush, 6})
            ->setData(above, QVector<double>(above.size(), y), true);
    }
}

void SearchView::drawDifference(QCustomPlot& plot, const Theme& theme) const {
    QVector<double> x, y;
    for (const auto& [evaluation, change] : differences()) {
        x.append(evaluation);
        y.append(change);
    }
    const auto [least, most] = std::minmax_element(y.begin(), y.end());
    const double low = std::min(*least, 0.0), high = std::max(*most, 0.0);
    const double room = high > low ? high - low : 1e-6;
    plot.xAxis->setRange(x.front() - 0.5, x.back() + 0.5);
    plot.xAxis->setLabel(tr("Evaluation"));
    plot.yAxis->setRange(low - 0.06 * room, high + 0.06 * room);
    plot.yAxis->setLabel(isRelative() ? tr("Best loss against the start of the visit, B − A (%)") : isScaled() ? tr("Best loss ÷ first loss, B − A (below 0: B gains more)") : tr("Best loss, B − A (below 0: B is better)"));
    addLine(plot, tr("best of B − best of A, last %1").arg(lossText(y.back(), 4)), QPen(theme.seriesColour(0), 1.8))->setData(x, y, true);
    addLevelLine(plot, 0, QPen(theme.axis, 1));
}

}  // namespace vitrine::widgets
