// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/study.h"

#include <QDir>
#include <utility>

#include "base/resources.h"
#include "runs/sample_project.h"
#include "widgets/base/text.h"
#include "widgets/session/merge.h"
#include "widgets/session/study_private.h"

namespace vitrine::widgets {
namespace {

constexpr int kRecoveryDelay = 1500;  // ms; writing it takes the rest of the promised two seconds
constexpr int kTellDelay = 50;        // ms: 20 changes a second
constexpr int kUndoSteps = 500;
constexpr int kPictureCache = 64 << 10;  // KiB

}  // namespace

Study::Private::Private(Study& owner) : study(owner) {
    recovery.setSingleShot(true);
    recovery.setInterval(kRecoveryDelay);
    QObject::connect(&recovery, &QTimer::timeout, &study, [this] { keepForRecovery(); });
    telling.setSingleShot(true);
    telling.setInterval(kTellDelay);
    QObject::connect(&telling, &QTimer::timeout, &study, [this] { tellNow(); });
    pictures.pictures.setMaxCost(kPictureCache);
}

Study::Study(QObject* parent) : QObject(parent), d_(std::make_unique<Private>(*this)), pool_(std::make_unique<QThreadPool>()) {
    undo_.setUndoLimit(kUndoSteps);
}

Study::~Study() {
    const QSignalBlocker silent(this);
    d_->shutDown();
}

void Study::open(const QString& folder) { d_->start(folder, {}); }

void Study::create(const QString& folder, const QString& name) {
    d_->start(folder, [path = toPath(QDir().absoluteFilePath(folder)), title = toStd(name)] { project::Project::create(path, title); });
}

void Study::createSample(const QString& folder) {
    d_->start(folder, [path = toPath(QDir().absoluteFilePath(folder))] { runs::writeSampleProject(path, resourcePath("sample")); });
}

void Study::Private::start(const QString& wanted, std::function<void()> prepare) {
    study.close();
    folder = QDir::cleanPath(QDir().absoluteFilePath(wanted));
    store = std::make_shared<Store>();
    store->folder = toPath(folder);
    opening = true;
    tellBusy();
    io.run(
        Worker::Kind::read, [store = store, prepare = std::move(prepare)] { return openStore(*store, prepare); },
        [this](Outcome<Opened> outcome) {
            opening = false;
            if (auto* result = std::get_if<Opened>(&outcome)) return adopt(std::move(*result));
            shutDown();
            tellBusy();
            Q_EMIT study.failed(std::get<Error>(outcome));
        });
}

void Study::Private::adopt(Opened result) {
    opened = true;
    readOnly = result.readOnly;
    saved = result.edits;
    study.edits_ = std::move(result.edits);
    study.runs_ = std::move(result.runs);
    viewState = QByteArray::fromStdString(result.viewState);
    tellBusy();
    Q_EMIT study.opened();
    Q_EMIT study.editsChanged();
    Q_EMIT study.runsChanged();
    for (const std::string& warning : result.warnings) Q_EMIT study.warned(toQt(warning));
    if (!result.recovered.empty()) Q_EMIT study.recovered(result.recovered);
}

void Study::close() {
    if (!d_->store) return;
    const bool wasOpen = d_->opened;
    d_->shutDown();
    d_->tellModified();
    d_->tellBusy();
    if (wasOpen) Q_EMIT closed();
}

// Writes that were asked for still happen; everything else is void from here on.
void Study::Private::shutDown() {
    if (!store) return;
    if (recovery.isActive()) keepForRecovery();
    recovery.stop();
    telling.stop();
    io.drop();
    background.drop();
    study.pool_->clear();
    io.run(
        Worker::Kind::write,
        [store = std::move(store)] {
            closeStore(*store);
            return true;
        },
        [](const Outcome<bool>&) {});
    store = nullptr;
    folder.clear();
    viewState.clear();
    opened = opening = readOnly = hasRecovery = false;
    saved = study.edits_ = {};
    study.runs_.clear();
    study.undo_.clear();
    book.clear();
    for (QSet<QString>* ids : {&reading, &unreadable, &changedRuns}) ids->clear();
    networks = {};
    pictures.sets.clear();
    pictures.wanted.clear();
    pictures.runs.clear();
    pictures.failed.clear();
    pictures.told.clear();
    pictures.decoding.clear();
    pictures.pictures.clear();
}

bool Study::isOpen() const { return d_->opened; }
bool Study::isBusy() const { return d_->busy; }
bool Study::readOnly() const { return d_->readOnly; }
QString Study::folder() const { return d_->opened ? d_->folder : QString(); }

void Study::Private::tellBusy() {
    if (std::exchange(busy, opening || saving > 0) != busy) Q_EMIT study.busyChanged(busy);
}

void Study::save() {
    if (!d_->opened || !d_->modified) return;
    ++d_->saving;
    d_->tellBusy();
    d_->recovery.stop();
    d_->io.run(
        Worker::Kind::write,
        [store = d_->store, base = d_->saved, ours = edits_] { return saveEdits(*store, base, ours); },
        [this, store = std::weak_ptr<Store>(d_->store), ours = edits_](Outcome<project::Edits> outcome) {
            --d_->saving;
            d_->tellBusy();
            const bool here = d_->store && store.lock() == d_->store;
            if (const auto* error = std::get_if<Error>(&outcome)) {
                if (here && d_->modified) d_->recovery.start();
                Q_EMIT failed(*error);
                return;
            }
            if (!here) return;
            d_->hasRecovery = false;
            // Others' edits came in with the saving, own ones may have come since.
            project::Edits now = merged(ours, edits_, std::get<project::Edits>(outcome));
            d_->saved = std::get<project::Edits>(std::move(outcome));
            d_->setEdits(std::move(now));
            Q_EMIT saved();
        });
}

void Study::Private::take(const project::Edits& theirs) {
    project::Edits now = merged(saved, study.edits_, theirs);
    saved = theirs;
    setEdits(std::move(now));
}

void Study::reload() {
    if (!d_->opened) return;
    d_->unreadable.clear();
    d_->retry();
    d_->io.run(
        Worker::Kind::read, [store = d_->store] { return reopenStore(*store); },
        [this](Outcome<Opened> outcome) {
            if (const auto* error = std::get_if<Error>(&outcome)) {
                Q_EMIT failed(*error);
                return;
            }
            Opened& result = std::get<Opened>(outcome);
            for (const std::string& warning : result.warnings) Q_EMIT warned(toQt(warning));
            d_->refresh({}, std::move(result.runs), nullptr);
            if (d_->saving == 0) d_->take(result.edits);  // what is being saved merges by itself
        });
}

QByteArray Study::viewState() const { return d_->viewState; }

void Study::setViewState(const QByteArray& json) {
    if (!d_->opened || d_->readOnly || json == d_->viewState) return;
    d_->viewState = json;
    d_->io.run(
        Worker::Kind::write,
        [store = d_->store, text = json.toStdString()] {
            if (store->project) store->project->setViewState(text);
            return true;
        },
        [this](const Outcome<bool>& outcome) {
            if (const auto* error = std::get_if<Error>(&outcome)) Q_EMIT warned(errorText(*error));
        });
}

}  // namespace vitrine::widgets
