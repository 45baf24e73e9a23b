// SPDX-License-Identifier: GPL-3.0-or-later
// What SearchView says of its points, and its tables.
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/search_text.h"
#include "widgets/views/search_view.h"

namespace vitrine::widgets {
namespace {

using report::Format;

/// Rows of a table of one run, behind the run's id where there are two.
void append(report::Table& all, const report::Table& one, const std::string& run, bool withRun) {
    if (all.columns.empty()) {
        all = {one.id, one.caption, one.columns, {}, one.note};
        if (withRun) {
            all.columns.insert(all.columns.begin(), {"run", "Run", "", Format::identifier});
            all.note.clear();  // each run has its own
        }
    }
    for (auto row : one.rows) {
        if (withRun) row.insert(row.begin(), run);
        all.rows.push_back(std::move(row));
    }
}

QString bitsWord(int bits) { return bits > 0 && bits < 32 ? SearchView::tr("%1 bits").arg(QLocale().toString(bits)) : SearchView::tr("float"); }

}  // namespace

report::Table SearchView::table() const {
    if (shown() == Show::scales) return scaleTable();
    if (shown() == Show::bits) return bitTable();
    report::Table all;
    const std::string wanted = wantedTarget();
    for (const Side& each : sides_) {
        report::Table one = report::searchTable(*each.history);
        if (!wanted.empty()) std::erase_if(one.rows, [&](const auto& row) { return row.at(1) != report::Cell(wanted); });
        append(all, one, (each.isB ? input().b : input().a)->record.id, isPair());
    }
    return all.columns.empty() ? report::searchTable({}) : all;
}

report::Table SearchView::scaleTable() const {
    report::Table table{"search.scales",
                        toStd(tr("Scales of %1").arg(toQt(scaleTarget_))),
                        {{"run", "Run", "", Format::identifier},
                         {"site", "Site", "", Format::identifier},
                         {"channel", "Channel", "", Format::integer},
                         {"before", "Before", "", Format::significant, 5},
                         {"after", "After", "", Format::significant, 5},
                         {"ratio", "After / before", "", Format::fixed, 5}},
                        {},
                        ""};
    for (const Channel& channel : channels_)
        table.rows.push_back({(channel.isB ? input().b : input().a)->record.id, channel.site->site, static_cast<std::int64_t>(channel.index), channel.before,
                              channel.after, channel.before != 0 ? report::Cell(channel.after / channel.before) : report::Cell()});
    return table;
}

report::Table SearchView::bitTable() const {
    report::Table table{"search.bits",
                        toStd(tr("Widths of searched sites")),
                        {{"run", "Run", "", Format::identifier},
                         {"site", "Site", "", Format::identifier},
                         {"role", "Role", "", Format::text},
                         {"target", "Target", "", Format::identifier},
                         {"bits_before", "Before", "bits", Format::integer},
                         {"bits_after", "After", "bits", Format::integer}},
                        {},
                        ""};
    for (const Side& each : sides_) {
        for (const History::Site& site : each.history->sites)
            table.rows.push_back({(each.isB ? input().b : input().a)->record.id, site.site, site.role, each.history->targets.at(static_cast<std::size_t>(site.target)),
                                  std::int64_t{site.bitsBefore}, std::int64_t{site.bitsAfter}});
        if (const QString budgets = budgetTexts(*each.history); !budgets.isEmpty()) table.note += (table.note.empty() ? "" : " ") + toStd(letter(each) + budgets + QLatin1Char('.'));
    }
    return table;
}

// The texts are made when a point is read: there may be thousands.
std::vector<PlotView::Readable> SearchView::readables() const {
    std::vector<Readable> list;
    if (isDifference()) {
        for (const auto& [evaluation, change] : differences()) list.push_back({evaluation, change, {}, {}, {}, {}});
    } else if (shown() == Show::fitness) {
        for (const Side& each : sides_)
            for (std::size_t i = 0; i < each.candidates.size(); ++i) {
                const History::Candidate& candidate = each.history->candidates[each.candidates[i]];
                Readable readable{static_cast<double>(candidate.evaluation), each.shown(i, isPair() ? candidate.best : candidate.fitness), {}, {}, {}, {}};
                const auto site = std::find_if(each.history->sites.begin(), each.history->sites.end(), [&](const auto& row) { return row.target == candidate.target; });
                if (site != each.history->sites.end()) readable.site = toQt(site->site);
                list.push_back(std::move(readable));
            }
    } else if (shown() == Show::scales) {
        for (const Channel& channel : channels_) {
            if (isRatio() && channel.before == 0) continue;
            list.push_back({channel.x, isRatio() ? channel.after / channel.before : channel.after, {}, toQt(channel.site->site), {}, {}});
        }
    } else {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const Place& place = places_[i];
            const History::Site& held = place.a != nullptr ? *place.a : *place.b;
            list.push_back({static_cast<double>(i), static_cast<double>(held.bitsAfter), {}, toQt(place.site), {}, {}});
        }
    }
    std::stable_sort(list.begin(), list.end(), [](const Readable& first, const Readable& second) { return first.x < second.x; });
    return list;
}

QString SearchView::candidateText(const History& history, const History::Candidate& candidate) const {
    const QLocale locale;
    QStringList lines{tr("Evaluation %1, %2").arg(locale.toString(static_cast<qlonglong>(candidate.evaluation)), toQt(history.targets.at(static_cast<std::size_t>(candidate.target)))),
                      tr("loss %1, %2").arg(significantText(candidate.fitness, 6), candidate.accepted ? tr("kept") : tr("rejected")),
                      tr("population %1 to %2").arg(significantText(candidate.best, 6), significantText(candidate.worst, 6)),
                      candidate.cycle > 0 ? tr("pass %1, cycle %2").arg(locale.toString(static_cast<qlonglong>(candidate.pass + 1)), locale.toString(static_cast<qlonglong>(candidate.cycle)))
                                          : tr("pass %1, at the beginning").arg(locale.toString(static_cast<qlonglong>(candidate.pass + 1)))};
    if (candidate.bits > 0) lines.append(bitsWord(candidate.bits));
    lines.append(tr("scales changed by %1 (rms)").arg(percentText(100 * candidate.change, 3)));
    return lines.join(QStringLiteral("  "));
}

QString SearchView::readoutText(const Readable& readable) const {
    const QLocale locale;
    QStringList lines;
    if (isDifference())
        return tr("Evaluation %1  best of B − best of A %2").arg(locale.toString(readable.x, 'g', 8), lossText(readable.y, 5));
    if (shown() == Show::fitness) {
        for (const Side& each : sides_)
            for (std::size_t i = 0; i < each.candidates.size(); ++i) {
                const History::Candidate& candidate = each.history->candidates[each.candidates[i]];
                if (static_cast<double>(candidate.evaluation) != readable.x || each.shown(i, isPair() ? candidate.best : candidate.fitness) != readable.y) continue;
                if (isPair())
                    return tr("%1evaluation %2  best %3").arg(letter(each), locale.toString(readable.x, 'g', 8), lossText(readable.y, 6)) +
                           (isScaled() ? QStringLiteral("  ") + tr("of the first loss, as a loss %1").arg(significantText(candidate.best, 6)) : QString());
                return candidateText(*each.history, candidate) + (isRelative() ? QStringLiteral("  ") + tr("%1 against the start of the visit").arg(lossText(readable.y, 6)) : QString());
            }
    } else if (shown() == Show::scales) {
        for (const Channel& channel : channels_) {
            if (channel.x != readable.x) continue;
            if (lines.isEmpty()) lines.append(tr("%1, channel %2").arg(toQt(channel.site->site), locale.toString(static_cast<qlonglong>(channel.index))));
            const QString run = isPair() ? (channel.isB ? tr("B ") : tr("A ")) : QString();
            lines.append(tr("%1before %2, after %3").arg(run, significantText(channel.before, 5), significantText(channel.after, 5)));
            if (channel.before != 0) lines.append(tr("%1ratio %2").arg(run, decimalText(channel.after / channel.before, 5)));
        }
    } else if (const auto index = static_cast<std::size_t>(readable.x); index < places_.size()) {
        const Place& place = places_[index];
        lines.append(toQt(place.site));
        for (const auto& [held, name] : {std::pair{place.a, tr("A ")}, std::pair{place.b, tr("B ")}})
            if (held != nullptr) lines.append((isPair() ? name : QString()) + tr("%1, before the search %2").arg(bitsWord(held->bitsAfter), bitsWord(held->bitsBefore)));
    }
    return lines.join(QStringLiteral("  "));
}

}  // namespace vitrine::widgets
