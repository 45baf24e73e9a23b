// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/selection.h"

#include <QCoreApplication>
#include <utility>

namespace vitrine::widgets {
namespace {

constexpr qsizetype kPlaces = 100;

}  // namespace

QString compareModeText(CompareMode mode) {
    switch (mode) {
        case CompareMode::a: return QCoreApplication::translate("CompareMode", "A");
        case CompareMode::b: return QCoreApplication::translate("CompareMode", "B");
        case CompareMode::overlay: return QCoreApplication::translate("CompareMode", "Overlay");
        case CompareMode::difference: return QCoreApplication::translate("CompareMode", "Difference (B \u2212 A)");
    }
    return {};
}

void SelectionHub::setRunA(const QString& run) {
    if (run == selection_.runA) return;
    selection_.runA = run;
    Q_EMIT runsChanged();
}

void SelectionHub::setRunB(const QString& run) {
    if (run == selection_.runB) return;
    selection_.runB = run;
    if (run.isEmpty())
        selection_.mode = CompareMode::a;
    else if (selection_.mode == CompareMode::a)
        selection_.mode = CompareMode::overlay;
    Q_EMIT runsChanged();
}

void SelectionHub::swapRuns() {
    if (selection_.runA == selection_.runB) return;
    std::swap(selection_.runA, selection_.runB);
    if (selection_.runB.isEmpty()) selection_.mode = CompareMode::a;
    Q_EMIT runsChanged();
}

void SelectionHub::setMode(CompareMode mode) {
    if (mode == selection_.mode || (mode != CompareMode::a && selection_.runB.isEmpty())) return;
    selection_.mode = mode;
    Q_EMIT runsChanged();
}

void SelectionHub::selectSite(const QString& site, const QString& block) {
    if (site == selection_.site && block == selection_.block) return;
    goTo({site, block});
    remember();
}

void SelectionHub::selectBlock(const QString& block) { selectSite({}, block); }

void SelectionHub::selectChannel(std::optional<int> channel) {
    if (selection_.site.isEmpty() || channel == selection_.channel) return;
    selection_.channel = channel;
    Q_EMIT siteChanged();
}

void SelectionHub::selectImage(std::optional<qint64> image) {
    if (image == selection_.image) return;
    selection_.image = image;
    Q_EMIT imageChanged();
}

void SelectionHub::markSites(const QStringList& sites) {
    if (sites == selection_.marked) return;
    selection_.marked = sites;
    Q_EMIT marksChanged();
}

// Nothing chosen is no place to come back to.
void SelectionHub::clearSite() {
    if (selection_.site.isEmpty() && selection_.block.isEmpty()) return;
    goTo({});
    Q_EMIT historyChanged();
}

void SelectionHub::clear() {
    const Selection before = std::exchange(selection_, {});
    history_.clear();
    at_ = -1;
    if (before.runA != selection_.runA || before.runB != selection_.runB || before.mode != selection_.mode) Q_EMIT runsChanged();
    if (!before.site.isEmpty() || !before.block.isEmpty()) Q_EMIT siteChanged();
    if (before.image) Q_EMIT imageChanged();
    if (!before.marked.isEmpty()) Q_EMIT marksChanged();
    Q_EMIT historyChanged();
}

// After Esc, "back" leads to the place that was left.
bool SelectionHub::canGoBack() const { return at_ > 0 || (at_ == 0 && selection_.block.isEmpty() && selection_.site.isEmpty()); }

bool SelectionHub::canGoForward() const { return at_ + 1 < history_.size(); }

void SelectionHub::goBack() {
    if (!canGoBack()) return;
    const bool nothingChosen = selection_.block.isEmpty() && selection_.site.isEmpty();
    if (!nothingChosen) --at_;
    goTo(history_[at_]);
    Q_EMIT historyChanged();
}

void SelectionHub::goForward() {
    if (!canGoForward()) return;
    goTo(history_[++at_]);
    Q_EMIT historyChanged();
}

void SelectionHub::goTo(const Place& place) {
    selection_.site = place.site;
    selection_.block = place.block;
    selection_.channel.reset();
    Q_EMIT siteChanged();
}

void SelectionHub::remember() {
    const Place place{selection_.site, selection_.block};
    if (place == Place{}) return;
    history_.resize(at_ + 1);
    if (history_.isEmpty() || history_.constLast() != place) history_.append(place);
    if (history_.size() > kPlaces) history_.removeFirst();
    at_ = history_.size() - 1;
    Q_EMIT historyChanged();
}

}  // namespace vitrine::widgets
