// SPDX-License-Identifier: GPL-3.0-or-later
#include <QElapsedTimer>
#include <QUndoCommand>
#include <utility>

#include "widgets/base/text.h"
#include "widgets/session/merge.h"
#include "widgets/session/study_private.h"

namespace vitrine::widgets {
namespace {

constexpr qint64 kMergeWithin = 3000;  // ms between steps that become one

}  // namespace

/// Swaps whole values of Edits, but only what the step changed: what came from elsewhere meanwhile stays.
class Study::EditCommand : public QUndoCommand {
  public:
    EditCommand(Study& study, const QString& text, project::Edits after, QString mergeKey)
        : QUndoCommand(text), study_(study), before_(study.edits_), after_(std::move(after)), mergeKey_(std::move(mergeKey)) {
        sinceLast_.start();
    }

    void redo() override { study_.d_->setEdits(merged(before_, after_, study_.edits_)); }
    void undo() override { study_.d_->setEdits(merged(after_, before_, study_.edits_)); }
    int id() const override { return mergeKey_.isEmpty() ? -1 : 1; }

    bool mergeWith(const QUndoCommand* other) override {
        const auto* next = dynamic_cast<const EditCommand*>(other);
        if (next == nullptr || next->mergeKey_ != mergeKey_ || sinceLast_.elapsed() > kMergeWithin) return false;
        after_ = next->after_;
        sinceLast_.restart();
        setObsolete(after_ == before_);
        return true;
    }

  private:
    Study& study_;
    project::Edits before_, after_;
    QString mergeKey_;
    QElapsedTimer sinceLast_;
};

void Study::edit(const QString& text, const std::function<void(project::Edits&)>& change, const QString& mergeKey) {
    if (!d_->opened) return;
    project::Edits after = edits_;
    change(after);
    if (after == edits_) return;
    if (d_->readOnly) {
        Q_EMIT failed({ErrorCode::invalidArgument, toStd(tr("The project is open for reading only.")), toStd(d_->folder),
                       toStd(tr("Copy it to a folder of your own, or use a newer version of Vitrine."))});
        return;
    }
    undo_.push(new EditCommand(*this, text, std::move(after), mergeKey));
}

void Study::editRun(const QString& text, const QString& run, const std::function<void(project::RunNote&)>& change,
                    const QString& mergeKey) {
    const auto changeOne = [&, id = toStd(run)](project::Edits& edits) {
        project::RunNote note = project::noteOf(edits, id);
        change(note);
        if (note == project::RunNote{})
            edits.runs.erase(id);
        else
            edits.runs[id] = std::move(note);
    };
    edit(text, changeOne, mergeKey);
}

void Study::Private::setEdits(project::Edits edits) {
    const bool changed = edits != study.edits_;
    study.edits_ = std::move(edits);
    if (changed) Q_EMIT study.editsChanged();
    tellModified();
    const bool due = modified ? changed || !hasRecovery : hasRecovery;
    if (due && !readOnly && !recovery.isActive()) recovery.start();
}

void Study::Private::tellModified() {
    if (std::exchange(modified, study.edits_ != saved) != modified) Q_EMIT study.modifiedChanged(modified);
}

bool Study::isModified() const { return d_->modified; }

void Study::Private::keepForRecovery() {
    recovery.stop();
    if (!store || readOnly || (!modified && !hasRecovery)) return;
    hasRecovery = modified;
    const auto told = [this](const Outcome<bool>& outcome) {
        if (const auto* error = std::get_if<Error>(&outcome)) Q_EMIT study.warned(errorText(*error));
    };
    if (!modified) {
        io.run(
            Worker::Kind::write,
            [store = store] {
                if (store->recovery) store->recovery->saved();
                return true;
            },
            told);
        return;
    }
    io.run(
        Worker::Kind::write,
        [store = store, edits = study.edits_, base = saved] {
            if (store->recovery) store->recovery->write(edits, base);
            return true;
        },
        told);
}

void Study::revert() {
    if (!d_->opened || !d_->modified) return;
    d_->keepForRecovery();  // what is given up is what is put aside
    undo_.clear();
    d_->setEdits(d_->saved);
    d_->keepForRecovery();
}

void Study::restore(const project::RecoveredEdits& found) {
    if (!d_->opened) return;
    edit(tr("restore unsaved edits"), [&](project::Edits& edits) { edits = found.edits; });
    d_->keepForRecovery();  // before the file that they came from is put aside
    decline(found);
}

void Study::decline(const project::RecoveredEdits& found) {
    d_->io.run(
        Worker::Kind::write,
        [found] {
            project::putAside(found);
            return true;
        },
        [this](const Outcome<bool>& outcome) {
            if (const auto* error = std::get_if<Error>(&outcome)) Q_EMIT warned(errorText(*error));
        });
}

}  // namespace vitrine::widgets
