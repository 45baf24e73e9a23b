// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/arrangement.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <algorithm>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

constexpr int kStoreAfterMs = 1500;
const QString kViews = QStringLiteral("views"), kRunA = QStringLiteral("runA"), kRunB = QStringLiteral("runB"),
              kMode = QStringLiteral("mode"), kWaiting = QStringLiteral("waiting");

}  // namespace

Arrangement::Arrangement(WindowContext context, ViewArea& views, WaitingQueue& waiting)
    : QObject(&context.window), context_(context), views_(views), waiting_(waiting) {
    Session& session = context_.session;
    soon_.setSingleShot(true);
    soon_.setInterval(kStoreAfterMs);
    connect(&soon_, &QTimer::timeout, this, &Arrangement::store);
    const auto changed = [this] {
        if (!taking_ && context_.session.study.isOpen()) soon_.start();
    };
    connect(&views_, &ViewArea::currentViewChanged, this, changed);
    connect(&waiting_, &WaitingQueue::changed, this, changed);
    connect(&session.selection, &SelectionHub::runsChanged, this, changed);
    connect(&session.study, &Study::opened, this, &Arrangement::takeUp);
    connect(&session.study, &Study::runsChanged, this, &Arrangement::chooseRun);
    connect(&session.study, &Study::closed, this, [this] {
        soon_.stop();
        context_.session.selection.clear();
    });
    connect(&session.jobs, &JobCenter::runBegun, this, [this](jobs::JobId, const QString& run) { showBegun(run); });
}

void Arrangement::store() {
    soon_.stop();
    Study& study = context_.session.study;
    if (!study.isOpen() || study.readOnly()) return;
    const Selection& selection = context_.session.selection.selection();
    const QJsonObject state{{kViews, views_.saveState()},
                            {kRunA, selection.runA},
                            {kRunB, selection.runB},
                            {kMode, static_cast<int>(selection.mode)},
                            {kWaiting, waiting_.state()}};
    study.setViewState(QJsonDocument(state).toJson(QJsonDocument::Compact));
}

void Arrangement::takeUp() {
    taking_ = true;
    const QJsonObject state = QJsonDocument::fromJson(context_.session.study.viewState()).object();
    SelectionHub& selection = context_.session.selection;
    const Study& study = context_.session.study;
    selection.clear();
    if (state.contains(kViews))
        views_.restoreState(state.value(kViews).toObject());
    else
        views_.reset();
    if (const QString a = state.value(kRunA).toString(); study.summary(a)) selection.setRunA(a);
    if (const QString b = state.value(kRunB).toString(); study.summary(b)) {
        selection.setRunB(b);
        const int mode = std::clamp(state.value(kMode).toInt(), 0, static_cast<int>(CompareMode::difference));
        selection.setMode(static_cast<CompareMode>(mode));
    }
    taking_ = false;
    waiting_.takeUp(state.value(kWaiting).toObject());
    chooseRun();
}

void Arrangement::chooseRun() {
    SelectionHub& selection = context_.session.selection;
    const Study& study = context_.session.study;
    const Selection now = selection.selection();
    if (!now.runB.isEmpty() && !study.summary(now.runB)) selection.setRunB({});
    if (study.summary(now.runA) || study.runs().empty()) return;
    // The newest one that has a result.
    for (auto run = study.runs().rbegin(); run != study.runs().rend(); ++run) {
        if (run->state != project::RunState::finished && run->state != project::RunState::kept) continue;
        selection.setRunA(toQt(run->id));
        return;
    }
    selection.setRunA({});
}

void Arrangement::showBegun(const QString& run) {
    // Who compares two runs goes on comparing them.
    SelectionHub& selection = context_.session.selection;
    if (selection.selection().runB.isEmpty()) selection.setRunA(run);
}

}  // namespace vitrine::widgets
