// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/intervals_view.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>
#include <list>
#include <unordered_map>

#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"

namespace vitrine::widgets {
namespace {

using IntervalRow = results::Intervals::Row;

double coveredWidth(const IntervalRow& row) { return row.bits > 0 ? row.high - row.low : 0; }

bool isSound(const IntervalRow& row) { return std::isfinite(row.minimum) && std::isfinite(row.maximum) && std::isfinite(row.low) && std::isfinite(row.high); }

/// Those of the end of the run; while it goes on, those that calibration told.
const results::Intervals* intervalsOf(const RunDataPtr& run) {
    if (const auto* measured = payload<results::Intervals>(run, "intervals")) return measured;
    return run ? run->intervals() : nullptr;
}

/// The block of every site, as far as the runs or the network tell.
std::unordered_map<std::string, std::string> blocksOf(const ViewInput& input) {
    std::unordered_map<std::string, std::string> blocks;
    for (const RunDataPtr& run : {input.a, input.b})
        if (const auto* errors = run ? run->errors("local") : nullptr)
            for (const auto& row : errors->rows) blocks.try_emplace(row.site, row.block);
    if (input.network)
        for (const graph::Site& site : input.network->sites) blocks.try_emplace(site.id, input.network->graph->blocks[site.block].id);
    return blocks;
}

QString number(double value) { return numberText(value, 4); }

}  // namespace

IntervalsView::IntervalsView(QWidget* parent) : PlotView(parent) {
    setObjectName(QStringLiteral("intervalsView"));
    setAccessibleName(tr("Intervals per site"));
}

ParameterSchema IntervalsView::options() const {
    return {choiceOption("scale", "symlog", {"symlog", "linear"}, tr("symlog: logarithmic on both sides of zero, so that small and large ranges can be read together.")),
            choiceOption("order", "depth", {"depth", "width", "clipped"}, tr("Sites by depth in the network, the widest covered range first, or most clipped values first.")),
            choiceOption("sites", "all", {"all", "weights", "activations"}, tr("Which sites.")),
            switchOption("levels", true, tr("Ticks at the values that the codes stand for, where there is room."))};
}

bool IntervalsView::isPair() const {
    const CompareMode mode = input().selection.mode;
    return input().a && input().b && (mode == CompareMode::overlay || mode == CompareMode::difference);
}

bool IntervalsView::isDifference() const { return isPair() && input().selection.mode == CompareMode::difference; }

bool IntervalsView::isSymlog() const { return !isDifference() && optionValues().text("scale") == "symlog"; }

std::vector<IntervalsView::Side> IntervalsView::shownSides() const {
    if (isPair()) return {{false}, {true}};
    return {{input().selection.mode == CompareMode::b && input().b != nullptr}};
}

QString IntervalsView::zoomKey() const {
    const bool byRank = optionValues().text("order") != "depth";
    return byRank ? PlotView::zoomKey() + QString::number(static_cast<int>(input().selection.mode)) : PlotView::zoomKey();
}

std::optional<double> IntervalsView::widening(const Row& row) const {
    if (row.a == nullptr || row.b == nullptr || !(coveredWidth(*row.a) > 0) || !(coveredWidth(*row.b) > 0)) return std::nullopt;
    const double change = std::log2(coveredWidth(*row.b) / coveredWidth(*row.a));
    return std::isfinite(change) ? std::optional(change) : std::nullopt;
}

/// Large for what comes first.
double IntervalsView::sortKey(const Row& row) const {
    const bool byClipped = optionValues().text("order") == "clipped";
    if (isDifference() && !byClipped) return std::abs(widening(row).value_or(0));
    double key = -std::numeric_limits<double>::infinity();
    for (const Side& side : shownSides())
        if (const IntervalRow* held = side.of(row); held != nullptr && isSound(*held)) key = std::max(key, byClipped ? held->clippedFraction : coveredWidth(*held));
    return key;
}

void IntervalsView::prepare() {
    std::list<Row> rows;
    std::unordered_map<std::string, std::list<Row>::iterator> known;
    const auto blocks = blocksOf(input());
    for (const bool isB : {false, true}) {
        const RunDataPtr& run = isB ? input().b : input().a;
        const auto* intervals = intervalsOf(run);
        if (intervals == nullptr) continue;
        auto behind = rows.begin();
        for (const IntervalRow& held : intervals->rows) {
            auto [found, isNew] = known.try_emplace(held.site, rows.end());
            if (isNew) {
                const auto block = blocks.find(held.site);
                found->second = rows.insert(behind, Row{toQt(held.site), block == blocks.end() ? QString() : toQt(block->second), held.role == "weight"});
            }
            (isB ? found->second->b : found->second->a) = &held;
            behind = std::next(found->second);
        }
    }
    const std::string& sites = optionValues().text("sites");
    rows.remove_if([&](const Row& row) { return sites != "all" && row.isWeight != (sites == "weights"); });
    rows_.assign(rows.begin(), rows.end());
    if (optionValues().text("order") != "depth")
        std::stable_sort(rows_.begin(), rows_.end(), [&](const Row& a, const Row& b) { return sortKey(a) > sortKey(b); });
    // A tenth of the usual size of values, so that usual sites fill more than one decade on either side.
    std::vector<double> sizes;
    for (const Row& row : rows_)
        for (const IntervalRow* held : {row.a, row.b})
            if (held != nullptr && isSound(*held)) sizes.push_back(std::max(std::abs(held->lowQuantile), std::abs(held->highQuantile)));
    std::erase_if(sizes, [](double size) { return !std::isfinite(size) || size <= 0; });
    if (sizes.empty()) sizes.push_back(1);
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    scale_ = Symlog(std::pow(10.0, std::floor(std::log10(*middle)) - 1));
}

report::Table IntervalsView::table() const {
    // Two runs: the table of both, one below the other, with the run in front.
    report::Table table = report::intervalTable({});
    if (isPair()) table.columns.insert(table.columns.begin(), {"run", "Run", "", report::Format::identifier});
    for (const Side& side : shownSides()) {
        const RunDataPtr& run = side.isB ? input().b : input().a;
        const auto* intervals = intervalsOf(run);
        if (intervals == nullptr) continue;
        for (auto& row : report::intervalTable(*intervals).rows) {
            if (isPair()) row.insert(row.begin(), run->record.id);
            table.rows.push_back(std::move(row));
        }
    }
    return table;
}

QString IntervalsView::emptyText() const {
    if (!input().a && !input().b) return noRunText(input());
    if (isDifference()) {
        const bool hasAny = std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return widening(row).has_value(); });
        return hasAny ? QString() : tr("No site is quantized in both runs. Choose the overlay.");
    }
    const auto sides = shownSides();
    const auto isShown = [&](const Row& row) {
        return std::any_of(sides.begin(), sides.end(), [&](const Side& side) { return side.of(row) != nullptr && isSound(*side.of(row)); });
    };
    if (std::any_of(rows_.begin(), rows_.end(), isShown)) return {};
    const RunDataPtr& run = sides.front().isB ? input().b : input().a ? input().a : input().b;
    if (!project::isComplete(run->record.state) && intervalsOf(run) == nullptr) return tr("Intervals are not measured yet. They follow when the network is quantized.");
    if (intervalsOf(run) != nullptr && !intervalsOf(run)->rows.empty()) return tr("The run has no intervals of these sites. Choose others in the options.");
    return tr("This run did not measure intervals.");
}

QString IntervalsView::summary() const {
    if (!emptyText().isEmpty()) return {};
    const QString count = counted(static_cast<qint64>(rows_.size()), tr("1 site"), tr("%1 sites"));
    if (isDifference()) {
        const auto wider = std::count_if(rows_.begin(), rows_.end(), [&](const Row& row) { return widening(row).value_or(0) > 0; });
        const auto narrower = std::count_if(rows_.begin(), rows_.end(), [&](const Row& row) { return widening(row).value_or(0) < 0; });
        return tr("%1; B covers a wider range at %2, a narrower one at %3.").arg(count, QLocale().toString(wider), QLocale().toString(narrower));
    }
    QStringList parts{count};
    for (const Side& side : shownSides()) {
        const Row *widest = nullptr, *most = nullptr;
        const auto size = [&](const Row& row) { return side.of(row)->maximum - side.of(row)->minimum; };
        for (const Row& row : rows_) {
            const IntervalRow* held = side.of(row);
            if (held == nullptr || !isSound(*held)) continue;
            if (widest == nullptr || size(row) > size(*widest)) widest = &row;
            if (held->bits > 0 && (most == nullptr || held->clippedFraction > side.of(*most)->clippedFraction)) most = &row;
        }
        if (widest == nullptr) continue;
        QString text = tr("largest range %1 to %2 at %3").arg(number(side.of(*widest)->minimum), number(side.of(*widest)->maximum), widest->site);
        if (most != nullptr && side.of(*most)->clippedFraction > 0)
            text += tr(", most values clipped, %1, at %2").arg(percentText(100 * side.of(*most)->clippedFraction, 2), most->site);
        parts.append(isPair() ? (side.isB ? tr("B: %1") : tr("A: %1")).arg(text) : text);
    }
    return parts.join(QStringLiteral("; ")) + QLatin1Char('.');
}

QStringList IntervalsView::lines(const Row& row, const Side& side) const {
    const IntervalRow* held = side.of(row);
    if (held == nullptr) return {};
    QStringList list{tr("values %1 to %2").arg(number(held->minimum), number(held->maximum)),
                     tr("99.8 % within %1 to %2").arg(number(held->lowQuantile), number(held->highQuantile))};
    if (held->bits > 0) {
        list.append(tr("covered %1 to %2, %3 bit").arg(number(held->low), number(held->high)).arg(held->bits));
        if (held->clippedFraction > 0) list.append(tr("%1 clipped").arg(percentText(100 * held->clippedFraction, 3)));
    } else {
        list.append(tr("left in float"));
    }
    if (isPair())
        for (QString& line : list) line = (side.isB ? tr("B: %1") : tr("A: %1")).arg(line);
    return list;
}

PlotView::Readable IntervalsView::readable(std::size_t index) const {
    const Row& row = rows_[index];
    QStringList all{row.site};
    std::optional<double> height;
    for (const Side& side : shownSides()) {
        all += lines(row, side);
        if (const IntervalRow* held = side.of(row); held != nullptr && isSound(*held)) height = std::max(height.value_or(held->maximum), held->maximum);
    }
    if (height) height = mapped(*height);
    if (isDifference()) {
        height = widening(row).value_or(0);
        if (const auto change = widening(row)) all.append(tr("covered width ×%1").arg(significantText(std::exp2(*change), 3)));
    }
    return {static_cast<double>(index), height.value_or(0), all.join(QStringLiteral("  ")), row.site, row.block, {}};
}

std::vector<PlotView::Readable> IntervalsView::readables() const {
    std::vector<Readable> list;
    for (std::size_t i = 0; i < rows_.size(); ++i) list.push_back(readable(i));
    return list;
}

std::optional<PlotView::Readable> IntervalsView::readAt(double x, double) const {
    const double index = std::round(x);
    if (index < 0 || index >= static_cast<double>(rows_.size())) return std::nullopt;
    return readable(static_cast<std::size_t>(index));
}

}  // namespace vitrine::widgets
