// SPDX-License-Identifier: GPL-3.0-or-later
// What SearchView draws of scales and widths.
#include <QFontMetricsF>
#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/plot_style.h"
#include "widgets/views/search_text.h"
#include "widgets/views/search_view.h"
#include "widgets/views/search_view_plottables.h"
#include "widgets/views/tickers.h"

namespace vitrine::widgets {
namespace {

constexpr double kBitOffset = 0.17;  ///< of A and B beside each other

}  // namespace

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
        useLogScale(*plot.yAxis);
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
