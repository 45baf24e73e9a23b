// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "widgets/base/text.h"
#include "widgets/session/study_private.h"

namespace vitrine::widgets {
namespace {

RunDataPtr readRun(const Store& store, const std::string& id) {
    return std::make_shared<const report::RunContent>(report::readRun(store.open(), id));
}

/// The list of runs, and one of them if it is still there.
struct Refreshed {
    std::vector<project::RunSummary> runs;
    RunDataPtr run;
};

Refreshed readAnew(const Store& store, const std::string& id) {
    Refreshed result{store.open().runs(), nullptr};
    const auto listed = std::find_if(result.runs.begin(), result.runs.end(), [&](const auto& run) { return run.id == id; });
    if (listed != result.runs.end() && listed->state != project::RunState::damaged) result.run = readRun(store, id);
    return result;
}

}  // namespace

const project::RunSummary* Study::summary(const QString& id) const {
    const std::string wanted = toStd(id);
    const auto found = std::find_if(runs_.begin(), runs_.end(), [&](const project::RunSummary& run) { return run.id == wanted; });
    return found == runs_.end() ? nullptr : &*found;
}

QString Study::runTitle(const QString& id) const {
    const auto note = edits_.runs.find(toStd(id));
    return note == edits_.runs.end() || note->second.name.empty() ? id : toQt(note->second.name);
}

RunDataPtr Study::run(const QString& id) {
    if (RunDataPtr known = d_->book.find(id)) return known;
    d_->read(id);
    return nullptr;
}

bool Study::isUnreadable(const QString& run) const { return d_->unreadable.contains(run); }

void Study::Private::read(const QString& id) {
    if (!opened || reading.contains(id) || unreadable.contains(id) || study.summary(id) == nullptr) return;
    reading.insert(id);
    io.run(
        Worker::Kind::read, [store = store, run = toStd(id)] { return readRun(*store, run); },
        [this, id](Outcome<RunDataPtr> outcome) {
            reading.remove(id);
            if (const auto* error = std::get_if<Error>(&outcome)) {
                unreadable.insert(id);
                Q_EMIT study.failed(*error);
                Q_EMIT study.runChanged(id);
                return;
            }
            book.keep(id, std::get<RunDataPtr>(std::move(outcome)));
            Q_EMIT study.runChanged(id);
        });
}

void Study::runTold(const project::RunRecord& record) {
    if (!d_->opened) return;
    const QString id = toQt(record.id);
    const bool resumed = !d_->book.isLive(id) && !record.artefacts.empty();
    d_->book.tell(record);
    if (resumed) d_->adoptStored(id);
    d_->unreadable.remove(id);
    d_->update(project::summaryOf(record));
    d_->tellLater(id);
}

void Study::artefactTold(const QString& run, const results::ArtefactPtr& artefact) {
    if (!d_->book.isLive(run)) return;
    d_->book.tell(run, artefact);
    d_->tellLater(run);
}

void Study::Private::adoptStored(const QString& id) {
    io.run(
        Worker::Kind::read, [store = store, run = toStd(id)] { return readRun(*store, run); },
        [this, id](const Outcome<RunDataPtr>& outcome) {
            const auto* run = std::get_if<RunDataPtr>(&outcome);
            if (run == nullptr || !book.isLive(id)) return;  // what cannot be read is told again, or read when the job is over
            book.adopt(id, (*run)->artefacts);
            tellLater(id);
        });
}

void Study::Private::update(const project::RunSummary& summary) {
    std::vector<project::RunSummary>& runs = study.runs_;
    const auto known = std::find_if(runs.begin(), runs.end(), [&](const auto& run) { return run.id == summary.id; });
    if (known == runs.end())
        runs.push_back(summary);
    else if (*known == summary)
        return;
    else
        *known = summary;
    listChanged = true;
}

void Study::Private::tellLater(const QString& id) {
    changedRuns.insert(id);
    if (!telling.isActive()) telling.start();
}

void Study::Private::tellNow() {
    if (std::exchange(listChanged, false)) Q_EMIT study.runsChanged();
    const QSet<QString> ids = std::exchange(changedRuns, {});
    for (const QString& id : ids) Q_EMIT study.runChanged(id);
}

void Study::runEnded(const QString& id) {
    if (!d_->opened) return;
    d_->io.run(
        Worker::Kind::read, [store = d_->store, run = toStd(id)] { return readAnew(*store, run); },
        [this, id](Outcome<Refreshed> outcome) {
            if (const auto* error = std::get_if<Error>(&outcome)) {
                d_->book.end(id);
                Q_EMIT failed(*error);
                Q_EMIT runChanged(id);
                return;
            }
            auto& [list, run] = std::get<Refreshed>(outcome);
            d_->refresh(id, std::move(list), std::move(run));
        });
}

// `ended` names a run whose job is over, with what it left; it may be empty.
void Study::Private::refresh(const QString& ended, std::vector<project::RunSummary> list, RunDataPtr run) {
    QStringList changed;
    if (!ended.isEmpty()) {
        book.end(ended);
        book.forget(ended);
        if (run) book.keep(ended, std::move(run));
        changed.append(ended);
    }
    // The disk lags behind jobs; and what another process wrote meanwhile is read again when it is asked for.
    for (project::RunSummary& one : list) {
        const QString id = toQt(one.id);
        const project::RunSummary* before = study.summary(id);
        if (book.isLive(id) && before != nullptr) one = *before;
        const bool mayGrow = before != nullptr && !project::isComplete(before->state);
        if (id == ended || book.isLive(id) || before == nullptr || !(mayGrow || before->state != one.state)) continue;
        book.forget(id);
        changed.append(id);
    }
    for (const QString& id : book.live())
        if (const project::RunSummary* live = study.summary(id);
            live != nullptr && std::none_of(list.begin(), list.end(), [&](const auto& one) { return one.id == live->id; }))
            list.push_back(*live);
    const bool differs = list != study.runs_;
    study.runs_ = std::move(list);
    if (differs) Q_EMIT study.runsChanged();
    for (const QString& id : changed) Q_EMIT study.runChanged(id);
}

}  // namespace vitrine::widgets
