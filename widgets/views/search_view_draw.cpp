// SPDX-License-Identifier: GPL-3.0-or-later
// What SearchView draws.
#include <QFontMetricsF>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/plot_style.h"
#include "widgets/views/search_text.h"
#include "widgets/views/search_view.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

constexpr std::size_t kMostVisits = 300;   ///< bands
constexpr double kRoomOfAxis = 90;         ///< pixels that labels take from the width of the plot
constexpr double kBitOffset = 0.17;        ///< of A and B beside each other

QCPItemRect* addBand(QCustomPlot& plot, double from, double to, const QBrush& brush) {
    auto* band = new QCPItemRect(&plot);
    band->setLayer(QStringLiteral("background"));
    for (QCPItemPosition* corner : {band->topLeft, band->bottomRight}) {
        corner->setTypeX(QCPItemPosition::ptPlotCoords);
        corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    band->topLeft->setCoords(from, 0);
    band->bottomRight->setCoords(to, 1);
    band->setPen(Qt::NoPen);
    band->setBrush(brush);
    band->setSelectable(false);
    return band;
}

/// A word at the upper edge of the plot, above the middle of what it names.
void addHeading(QCustomPlot& plot, const Theme& theme, double x, const QString& text) {
    auto* item = new QCPItemText(&plot);
    item->setLayer(QStringLiteral("grid"));
    item->position->setTypeX(QCPItemPosition::ptPlotCoords);
    item->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
    item->position->setCoords(x, 0);
    item->setPositionAlignment(Qt::AlignHCenter | Qt::AlignTop);
    item->setPadding(QMargins(0, 3, 0, 0));
    item->setText(text);
    item->setFont(plot.xAxis->tickLabelFont());
    item->setColor(theme.mutedText);
    item->setSelectable(false);
}

QCPGraph* addLine(QCustomPlot& plot, const QString& name, const QPen& pen) {
    auto* line = new QCPGraph(plot.xAxis, plot.yAxis);
    line->setName(name);
    line->setPen(pen);
    line->setLineStyle(QCPGraph::lsStepLeft);
    return line;
}

QCPGraph* addMarks(QCustomPlot& plot, const QString& name, const QCPScatterStyle& style) {
    auto* marks = new QCPGraph(plot.xAxis, plot.yAxis);
    marks->setName(name);
    marks->setLineStyle(QCPGraph::lsNone);
    marks->setPen(style.pen());
    marks->setScatterStyle(style);
    return marks;
}

QCPScatterStyle disc(const QColor& colour, double size) { return {QCPScatterStyle::ssDisc, QPen(colour, 1), colour, size}; }
QCPScatterStyle ring(const QColor& colour, const Theme& theme, double size) { return {QCPScatterStyle::ssCircle, QPen(colour, 1.3), theme.surface, size}; }
QCPScatterStyle square(const QColor& colour, const QBrush& brush, double size) { return {QCPScatterStyle::ssSquare, QPen(colour, 1.3), brush, size}; }

struct Cloud {
    QVector<double> x, y;
};

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

void SearchView::useLogValues(QCPAxis& axis) const {
    axis.setScaleType(QCPAxis::stLogarithmic);
    axis.setTicker(QSharedPointer<QCPAxisTickerLog>::create());
    axis.setNumberFormat(QStringLiteral("eb"));
    axis.setNumberPrecision(0);
    axis.setSubTicks(true);
}

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
        useLogValues(*plot.yAxis);
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

void SearchView::drawScales(QCustomPlot& plot, const Theme& theme) {
    double least = std::numeric_limits<double>::infinity(), most = -least, last = 0;
    Cloud before[2], after[2];
    const auto put = [&](Cloud& cloud, double x, double y) {
        if (!std::isfinite(y) || (isLog() && y <= 0)) return;
        cloud.x.append(x);
        cloud.y.append(y);
        least = std::min(least, y);
        most = std::max(most, y);
    };
    for (const Channel& channel : channels_) {
        const std::size_t run = channel.isB ? 1 : 0;
        last = std::max(last, channel.x);
        if (isRatio()) {
            if (channel.before != 0) put(after[run], channel.x, channel.after / channel.before);
            continue;
        }
        put(before[run], channel.x, channel.before);
        put(after[run], channel.x, channel.after);
    }
    if (least > most) least = most = 1;
    if (isRatio()) {
        least = std::min(least, 1.0);
        most = std::max(most, 1.0);
    }
    const double xRoom = 0.02 * last + 0.6, room = most > least ? most - least : std::max(std::abs(most) * 0.02, 1e-9);
    plot.xAxis->setRange(-xRoom, last + xRoom);
    plot.xAxis->setLabel(tr("Scales of %1, by channel").arg(toQt(scaleTarget_)));
    plot.yAxis->setRange(least - 0.06 * room, most + 0.14 * room);
    plot.yAxis->setLabel(isRatio() ? tr("Scale after ÷ scale before the search") : tr("Scale"));
    if (isLog()) {
        useLogValues(*plot.yAxis);
        const double factor = std::max(1.02, std::pow(most / least, 0.08));
        plot.yAxis->setRange(least / factor, most * factor * factor);
    }
    // Sites of the target beside each other, with their names.
    const double pixels = std::max(1.0, plot.viewport().width() - kRoomOfAxis) / plot.xAxis->range().size();
    const QFontMetricsF metrics(plot.xAxis->tickLabelFont());
    std::size_t bands = 0;
    for (std::size_t i = 0; i < channels_.size();) {
        std::size_t end = i;
        while (end < channels_.size() && channels_[end].site == channels_[i].site) ++end;
        const double from = channels_[i].x - 0.5, to = channels_[end - 1].x + 0.5;
        const bool isSelected = toQt(channels_[i].site->site) == input().selection.site;
        if (isSelected)
            addBand(plot, from, to, withAlpha(theme.highlight, theme.dark ? 60 : 40));
        else if (bands % 2 == 1)
            addBand(plot, from, to, withAlpha(theme.raised, theme.dark ? 130 : 150));
        QString heading = toQt(channels_[i].site->site);
        if (const History::Site& site = *channels_[i].site; !isPair() && site.bitsBefore != site.bitsAfter)
            heading = tr("%1, %2 → %3 bits").arg(heading).arg(site.bitsBefore).arg(site.bitsAfter);
        const QString name = metrics.elidedText(heading, Qt::ElideLeft, (to - from) * pixels - 4);
        if (name.size() > 3 && !(channels_[i].isB && side(false) != nullptr)) addHeading(plot, theme, (from + to) / 2, name);
        ++bands;
        i = end;
    }
    const double size = channels_.size() > 800 ? 3.5 : 5;
    for (const std::size_t run : {std::size_t{0}, std::size_t{1}}) {
        const QColor colour = run == 1 ? theme.runB : theme.runA;
        const QString name = !isPair() ? QString() : (run == 1 ? tr("B ") : tr("A "));
        if (!before[run].x.isEmpty())
            addMarks(plot, name + tr("before"), ring(isPair() ? colour : theme.floatData, theme, size))->setData(before[run].x, before[run].y);
        if (after[run].x.isEmpty()) continue;
        const QColor own = isPair() || isRatio() ? colour : theme.quantizedData;
        addMarks(plot, name + (isRatio() ? tr("after ÷ before") : tr("after")), run == 1 ? square(own, withAlpha(own, 120), size) : disc(own, size))
            ->setData(after[run].x, after[run].y);
    }
    if (isRatio()) addLevelLine(plot, 1, QPen(theme.axis, 1));
}

void SearchView::drawBits(QCustomPlot& plot, const Theme& theme) {
    std::unordered_map<std::string, std::string> blocks;
    if (input().network)
        for (const graph::Site& site : input().network->sites) blocks.try_emplace(site.id, input().network->graph->blocks[site.block].id);
    std::vector<SiteSlot> places;
    for (const Place& place : places_) {
        const auto block = blocks.find(place.site);
        const History::Site& held = place.a != nullptr ? *place.a : *place.b;
        const auto& targets = (place.a != nullptr ? side(false) : side(true))->history->targets;
        places.push_back({toQt(held.site), toQt(block != blocks.end() ? block->second : targets.at(static_cast<std::size_t>(held.target)))});
    }
    arrangeSiteAxis(plot, theme, places, true);
    for (std::size_t i = 0; i < places_.size(); ++i)
        if (places[i].site == input().selection.site) markSelected(plot, theme, QCPRange(static_cast<double>(i) - 0.5, static_cast<double>(i) + 0.5));
    int most = 8;
    Cloud before, weights, activations, ofA, ofB;
    const auto put = [&](Cloud& cloud, double x, int bits) {
        if (bits <= 0 || bits >= 32) return;
        cloud.x.append(x);
        cloud.y.append(bits);
        most = std::max(most, bits);
    };
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const auto x = static_cast<double>(i);
        const Place& place = places_[i];
        if (isPair()) {
            if (place.a != nullptr) put(ofA, x - kBitOffset, place.a->bitsAfter);
            if (place.b != nullptr) put(ofB, x + kBitOffset, place.b->bitsAfter);
            continue;
        }
        const History::Site& held = place.a != nullptr ? *place.a : *place.b;
        if (held.bitsBefore != held.bitsAfter) {
            put(before, x, held.bitsBefore);
            auto* line = new QCPItemLine(&plot);
            line->setLayer(QStringLiteral("grid"));
            line->start->setCoords(x, held.bitsBefore);
            line->end->setCoords(x, held.bitsAfter);
            line->setPen(QPen(theme.mutedText, 1));
            line->setSelectable(false);
        }
        put(held.role == "weight" ? weights : activations, x, held.bitsAfter);
    }
    const double size = places_.size() > 120 ? 5 : 8;
    const QColor single = sides_.front().isB ? theme.runB : theme.runA;
    const auto show = [&](const Cloud& cloud, const QString& name, const QCPScatterStyle& style) {
        if (!cloud.x.isEmpty()) addMarks(plot, name, style)->setData(cloud.x, cloud.y, true);
    };
    show(before, tr("before"), ring(theme.mutedText, theme, size - 2));
    show(weights, tr("weights"), square(single, single, size - 1));
    show(activations, tr("activations"), disc(theme.seriesColour(1), size));
    show(ofA, tr("A: %1").arg(titleOfA(input())), disc(theme.runA, size));
    show(ofB, tr("B: %1").arg(titleOfB(input())), square(theme.runB, withAlpha(theme.runB, 120), size - 1));
    auto ticker = QSharedPointer<QCPAxisTickerFixed>::create();
    ticker->setTickStep(1);
    plot.yAxis->setTicker(ticker);
    plot.yAxis->setSubTicks(false);
    plot.yAxis->setRange(0.5, most + 0.9);
    plot.yAxis->setLabel(tr("Width (bits)"));
    for (const Side& each : sides_) drawBudgets(plot, theme, each);
}

/// Averages of widths are lines; whatever is measured otherwise is a word above them, in the legend.
void SearchView::drawBudgets(QCustomPlot& plot, const Theme& theme, const Side& side) const {
    const QColor colour = side.isB ? theme.runB : theme.runA;
    for (const History::Budget& budget : side.history->budgets) {
        const bool isAverage = budget.unit == "bits", isMain = budget.measure == "weight_bits";
        if (isPair() && !isMain && !budget.allowed) continue;
        QCPGraph* entry = addLine(plot, letter(side) + searchBudgetText(budget), QPen(isAverage ? colour : QColor(Qt::transparent), 1.4, isMain ? Qt::SolidLine : Qt::DotLine));
        if (!isAverage) continue;
        const QCPRange x = plot.xAxis->range();
        entry->setLineStyle(QCPGraph::lsLine);
        entry->setData({x.lower, x.upper}, {budget.used, budget.used}, true);
        if (budget.allowed) addLevelLine(plot, *budget.allowed, QPen(isPair() ? colour : theme.warning, 1.4, Qt::DashLine));
    }
}

}  // namespace vitrine::widgets
