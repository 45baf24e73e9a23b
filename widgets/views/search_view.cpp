// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/search_view.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <map>

#include "report/tables.h"
#include "widgets/base/text.h"
#include "widgets/views/compare_text.h"
#include "widgets/views/search_text.h"

namespace vitrine::widgets {
namespace {

constexpr const char* kArtefact = "search.history";
constexpr double kMostApart = 5;  ///< first losses of two runs of one method on one axis

/// Whether a site or block with the id `id` belongs to the target: itself, a part of it, or what it is a part of.
bool belongs(const std::string& id, const std::string& target) {
    const auto isPart = [](const std::string& part, const std::string& whole) {
        return part.size() > whole.size() && part.starts_with(whole) && part[whole.size()] == '.';
    };
    return id == target || isPart(id, target) || isPart(target, id);
}

double largestChange(const results::SearchHistory::Site& site) {
    double most = 0;
    for (std::size_t i = 0; i < std::min(site.scalesBefore.size(), site.scalesAfter.size()); ++i)
        if (site.scalesBefore[i] != 0) most = std::max(most, std::abs(static_cast<double>(site.scalesAfter[i]) / static_cast<double>(site.scalesBefore[i]) - 1));
    return most;
}

}  // namespace

SearchView::SearchView(QWidget* parent) : PlotView(parent) {
    setObjectName(QStringLiteral("searchView"));
    setAccessibleName(tr("Search"));
}

ParameterSchema SearchView::options() const {
    std::vector<std::string> targets{"all", "selected"};
    targets.insert(targets.end(), targets_.begin(), targets_.end());
    return {choiceOption("show", "fitness", {"fitness", "scales", "bits"},
                         tr("fitness: loss of the candidates; scales: of one layer or block before and after; bits: widths of all sites.")),
            choiceOption("target", "all", std::move(targets), tr("Candidates of all layers or blocks, of the selected one, or of one by name.")),
            choiceOption("scales", "ratio", {"ratio", "values"}, tr("Scales after the search divided by those before it, or both as they are.")),
            choiceOption("loss", "absolute", {"absolute", "relative"},
                         tr("Losses as they are, or in percent of the best one when the visit of the layer or block began.")),
            switchOption("rejected", true, tr("Shows candidates that did not stay in the population.")),
            switchOption("log", false, tr("Logarithmic losses and scales."))};
}

SearchView::Show SearchView::shown() const {
    const std::string& name = optionValues().text("show");
    if (name == "bits") return Show::bits;
    return name == "scales" ? Show::scales : Show::fitness;
}

bool SearchView::isPair() const {
    const CompareMode mode = input().selection.mode;
    return input().a && input().b && (mode == CompareMode::overlay || mode == CompareMode::difference);
}

bool SearchView::isDifference() const { return isPair() && input().selection.mode == CompareMode::difference && shown() == Show::fitness; }
bool SearchView::isRelative() const { return shown() == Show::fitness && optionValues().text("loss") == "relative"; }
bool SearchView::isLog() const { return optionValues().boolean("log") && !isDifference() && !isRelative() && shown() != Show::bits; }
bool SearchView::isRatio() const { return optionValues().text("scales") == "ratio"; }

const SearchView::Side* SearchView::side(bool isB) const {
    const auto found = std::find_if(sides_.begin(), sides_.end(), [&](const Side& each) { return each.isB == isB; });
    return found == sides_.end() ? nullptr : &*found;
}

QString SearchView::zoomKey() const {
    const auto id = [](const RunDataPtr& run) { return run ? toQt(run->record.id) : QString(); };
    QStringList parts{id(input().a), id(input().b), isDifference() ? QStringLiteral("B - A") : QString(), toQt(optionValues().text("show")),
                      toQt(optionValues().text("target")), isLog() ? QStringLiteral("log") : QString()};
    if (shown() == Show::scales) parts << toQt(scaleTarget_) << toQt(optionValues().text("scales"));
    if (shown() == Show::fitness) parts << toQt(wantedTarget()) << (isRelative() ? QStringLiteral("relative") : QString());
    return parts.join(u'\n');
}

std::string SearchView::selectedTarget() const {
    const std::string site = toStd(input().selection.site), block = toStd(input().selection.block);
    for (const Side& each : sides_) {
        if (!site.empty())
            for (const History::Site& row : each.history->sites)
                if (row.site == site && row.target >= 0 && row.target < static_cast<std::int64_t>(each.history->targets.size()))
                    return each.history->targets[static_cast<std::size_t>(row.target)];
        for (const std::string& wanted : {site, block})
            for (const std::string& target : each.history->targets)
                if (!wanted.empty() && belongs(wanted, target)) return target;
    }
    return {};
}

std::string SearchView::wantedTarget() const {
    const std::string& chosen = optionValues().text("target");
    if (chosen == "all") return {};
    return chosen == "selected" ? selectedTarget() : chosen;
}

void SearchView::prepare() {
    sides_.clear();
    targets_.clear();
    channels_.clear();
    places_.clear();
    scaleTarget_.clear();
    const bool onlyB = !isPair() && input().selection.mode == CompareMode::b && input().b;
    for (const bool isB : {false, true}) {
        if (!isPair() && isB != onlyB) continue;
        if (const auto* history = payload<History>(isB ? input().b : input().a, kArtefact)) sides_.push_back({.history = history, .isB = isB, .candidates = {}, .starts = {}});
    }
    for (const Side& each : sides_)
        for (const std::string& target : each.history->targets)
            if (std::find(targets_.begin(), targets_.end(), target) == targets_.end()) targets_.push_back(target);
    // What was chosen stays among the choices, even if these runs lack it.
    if (const std::string chosen = optionValues().text("target");
        chosen != "all" && chosen != "selected" && std::find(targets_.begin(), targets_.end(), chosen) == targets_.end())
        targets_.push_back(chosen);
    switch (shown()) {
        case Show::fitness:
            takeCandidates();
            takeUnits();
            break;
        case Show::scales: takeChannels(); break;
        case Show::bits: takePlaces(); break;
    }
}

void SearchView::takeCandidates() {
    const std::string wanted = wantedTarget();
    const bool rejected = optionValues().boolean("rejected");
    for (Side& each : sides_) {
        const auto& candidates = each.history->candidates;
        const auto place = std::find(each.history->targets.begin(), each.history->targets.end(), wanted);
        const auto target = static_cast<std::int64_t>(place - each.history->targets.begin());
        double start = 0;
        for (std::size_t i = 0; i < candidates.size(); ++i) {
            const History::Candidate& candidate = candidates[i];
            if (i == 0 || candidates[i - 1].target != candidate.target || candidates[i - 1].pass != candidate.pass) start = candidate.best;
            if (!wanted.empty() && candidate.target != target) continue;
            if (!std::isfinite(candidate.fitness) || !std::isfinite(candidate.best) || (isLog() && (candidate.fitness <= 0 || candidate.best <= 0))) continue;
            if (!rejected && !candidate.accepted) continue;
            if (isRelative() && !(start > 0)) continue;
            each.candidates.push_back(i);
            if (isRelative()) each.starts.push_back(start);
        }
    }
}

/// Each method has a loss of its own, and so may have two runs of one method: nothing is to be read off their distance on one axis.
void SearchView::takeUnits() {
    Side *a = nullptr, *b = nullptr;
    for (Side& each : sides_)
        if (!each.candidates.empty()) (each.isB ? b : a) = &each;
    if (a == nullptr || b == nullptr || isRelative()) return;
    const auto first = [](const Side& side) { return side.history->candidates[side.candidates.front()].best; };
    const double ofA = first(*a), ofB = first(*b);
    if (!(ofA > 0) || !(ofB > 0)) return;
    const bool sameKind = input().a->record.method == input().b->record.method && std::max(ofA, ofB) < kMostApart * std::min(ofA, ofB);
    if (sameKind) return;
    a->unit = ofA;
    b->unit = ofB;
}

bool SearchView::isScaled() const {
    return std::any_of(sides_.begin(), sides_.end(), [](const Side& each) { return each.unit != 1; });
}

void SearchView::takeChannels() {
    scaleTarget_ = wantedTarget();
    if (scaleTarget_.empty()) scaleTarget_ = selectedTarget();
    if (scaleTarget_.empty()) {
        double most = -1;
        for (const Side& each : sides_)
            for (const History::Site& site : each.history->sites)
                if (const double change = largestChange(site); change > most && site.target >= 0 && site.target < static_cast<std::int64_t>(each.history->targets.size())) {
                    most = change;
                    scaleTarget_ = each.history->targets[static_cast<std::size_t>(site.target)];
                }
    }
    std::map<std::string, double> starts;
    double next = 0;
    for (const Side& each : sides_) {
        const auto place = std::find(each.history->targets.begin(), each.history->targets.end(), scaleTarget_);
        if (place == each.history->targets.end()) continue;
        for (const History::Site& site : each.history->sites) {
            if (site.target != place - each.history->targets.begin()) continue;
            const std::size_t count = std::min(site.scalesBefore.size(), site.scalesAfter.size());
            const auto [start, isNew] = starts.emplace(site.site, next);
            if (isNew) next += static_cast<double>(count);
            for (std::size_t i = 0; i < count; ++i)
                channels_.push_back({&site, i, static_cast<double>(site.scalesBefore[i]), static_cast<double>(site.scalesAfter[i]), each.isB,
                                     start->second + static_cast<double>(i)});
        }
    }
}

void SearchView::takePlaces() {
    std::map<std::string, std::size_t> known;
    for (const Side& each : sides_)
        for (const History::Site& site : each.history->sites) {
            const auto [at, isNew] = known.emplace(site.site, places_.size());
            if (isNew) places_.push_back({site.site, nullptr, nullptr});
            (each.isB ? places_[at->second].b : places_[at->second].a) = &site;
        }
}

/// Between measurements the population stays as it is: each run's best holds until its next candidate.
std::vector<std::pair<double, double>> SearchView::differences() const {
    const Side *a = side(false), *b = side(true);
    std::vector<std::pair<double, double>> list;
    if (a == nullptr || b == nullptr) return list;
    std::size_t i = 0;
    for (std::size_t k = 0; k < b->candidates.size(); ++k) {
        const History::Candidate& candidate = b->history->candidates[b->candidates[k]];
        while (i + 1 < a->candidates.size() && a->history->candidates[a->candidates[i + 1]].evaluation <= candidate.evaluation) ++i;
        if (a->candidates.empty()) break;
        const History::Candidate& other = a->history->candidates[a->candidates[i]];
        if (other.evaluation <= candidate.evaluation) list.emplace_back(static_cast<double>(candidate.evaluation), b->shown(k, candidate.best) - a->shown(i, other.best));
    }
    return list;
}

QString SearchView::emptyText() const {
    if (!input().a && !input().b) return noRunText(input());
    if (sides_.empty()) {
        const bool onlyB = input().selection.mode == CompareMode::b && input().b;
        const RunDataPtr& run = onlyB || !input().a ? input().b : input().a;
        if (!project::isComplete(run->record.state)) return tr("No candidates yet. They come where the method of the run searches, as CPT-V and CLAMP-ViT do.");
        return tr("This run made no search. Choose one of a method that searches quantizers, such as CPT-V or CLAMP-ViT.");
    }
    const bool waits = optionValues().text("target") == "selected" && selectedTarget().empty();
    if (shown() == Show::fitness) {
        if (waits) return tr("No layer or block of the search is selected. Select one of its sites, or show all.");
        if (isDifference() && differences().empty()) return tr("There is nothing to subtract. Both runs need candidates of the same target.");
        if (std::all_of(sides_.begin(), sides_.end(), [](const Side& each) { return each.candidates.empty(); }))
            return isLog()        ? tr("No loss is larger than 0. Switch the logarithmic axis off.")
                   : isRelative() ? tr("No loss is larger than 0. Show absolute losses.")
                                  : tr("No candidate of this target yet.");
    } else if (shown() == Show::scales) {
        if (channels_.empty()) return tr("The search holds no scales of this target.");
        if (isLog() && std::none_of(channels_.begin(), channels_.end(), [](const Channel& each) { return each.before > 0 && each.after > 0; }))
            return tr("No scale is larger than 0. Switch the logarithmic axis off.");
    } else if (places_.empty()) {
        return tr("The search holds no sites.");
    }
    return {};
}

QString SearchView::lossText(double shown, int digits) const {
    return isRelative() ? tr("%1 %").arg(signedText(shown, 3)) : significantText(shown, digits);
}

QString SearchView::letter(const Side& side) const { return isPair() ? (side.isB ? tr("B ") : tr("A ")) : QString(); }

QString SearchView::budgetTexts(const History& history) const {
    QStringList parts;
    for (const History::Budget& budget : history.budgets) parts.append(searchBudgetText(budget));
    return parts.join(QStringLiteral("; "));
}

QString SearchView::summary() const {
    if (!emptyText().isEmpty()) return {};
    QStringList parts;
    const QLocale locale;
    if (isDifference()) {
        const double last = differences().back().second;
        return (isScaled() ? tr("B − A of the best loss, each ÷ its first one: %1 at the end of what both have.") : tr("B − A of the best loss: %1 at the end of what both have."))
            .arg(lossText(last, 4));
    }
    for (const Side& each : sides_) {
        QString text;
        if (shown() == Show::fitness) {
            if (each.candidates.empty()) continue;
            const auto first = each.history->candidates[each.candidates.front()], last = each.history->candidates[each.candidates.back()];
            text = tr("%1 evaluations; best loss %2 in the end, %3 at first").arg(locale.toString(static_cast<qlonglong>(each.history->evaluations)),
                                                                        significantText(last.best, 4), significantText(first.best, 4));
            if (each.history->leftOut > 0) text += tr("; %1 older candidates are not shown").arg(locale.toString(static_cast<qlonglong>(each.history->leftOut)));
        } else if (shown() == Show::scales) {
            double most = 0;
            qlonglong count = 0;
            for (const Channel& channel : channels_) {
                if (channel.isB != each.isB) continue;
                ++count;
                if (channel.before != 0) most = std::max(most, std::abs(channel.after / channel.before - 1));
            }
            text = tr("%1: %2 scales, changed by at most %3").arg(toQt(scaleTarget_), locale.toString(count), percentText(100 * most, 2));
        } else {
            const auto changed = std::count_if(each.history->sites.begin(), each.history->sites.end(), [](const auto& site) { return site.bitsBefore != site.bitsAfter; });
            text = tr("%1 sites, %2 with another width").arg(locale.toString(static_cast<qlonglong>(each.history->sites.size())), locale.toString(static_cast<qlonglong>(changed)));
            if (const QString budgets = budgetTexts(*each.history); !budgets.isEmpty()) text += QStringLiteral("; ") + budgets;
        }
        parts.append(letter(each) + text);
    }
    return parts.join(QStringLiteral(". ")) + QLatin1Char('.');
}

}  // namespace vitrine::widgets
