// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/leave_guard.h"

#include <QTimer>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

const QString kKey = QStringLiteral("leave");

}  // namespace

LeaveGuard::LeaveGuard(WindowContext context, WaitingQueue& waiting)
    : QObject(&context.window), context_(context), waiting_(waiting) {
    connect(&context_.session.jobs, &JobCenter::allEnded, this, [this] {
        if (!ending_) return;
        ending_ = false;
        context_.messages.remove(kKey);
        askAboutEdits();
    });
    connect(&context_.session.study, &Study::saved, this, [this] {
        if (!saving_) return;
        saving_ = false;
        go();
    });
    connect(&context_.session.study, &Study::failed, this, [this] {
        if (saving_) stay();  // the message bar says what failed
    });
}

void LeaveGuard::leave(Reason reason, std::function<void()> then) {
    if (leaving_) {
        if (dialog_) dialog_->raise();
        return;
    }
    leaving_ = true;
    reason_ = reason;
    then_ = std::move(then);
    if (context_.session.jobs.unfinished() > 0)
        askAboutJobs();
    else
        askAboutEdits();
}

QString LeaveGuard::unfinishedText() const {
    const QString text = counted(context_.session.jobs.unfinished(), tr("One job is not finished."), tr("%1 jobs are not finished."));
    const int waiting = waiting_.count();
    if (waiting == 0) return text;
    return text + QLatin1Char(' ') +
           counted(waiting, tr("One of them has not begun: unless jobs are cancelled it is offered when the project is opened next."),
                   tr("%1 of them have not begun: unless jobs are cancelled they are offered when the project is opened next."));
}

void LeaveGuard::askAboutJobs() {
    const bool quits = reason_ == Reason::quit;
    const auto ending = [this](JobCenter::Ending how, const QString& text) {
        return [this, how, text] { endJobs(how, text); };
    };
    const QList<Choice> choices{
        {QStringLiteral("pause"), QStringLiteral("pause"), quits ? tr("Pause and quit") : tr("Pause and close"),
         tr("Runs are kept as they are and can be resumed at the next start"),
         ending(JobCenter::Ending::pause, tr("Pausing jobs..."))},
        {QStringLiteral("keep"), QStringLiteral("stop-keep"), tr("Stop and keep"),
         tr("Runs end now with the best result so far"),
         ending(JobCenter::Ending::stopAndKeep, tr("Stopping jobs and keeping their results..."))},
        {QStringLiteral("cancel"), QStringLiteral("cancel"), tr("Cancel jobs"), tr("What they did so far is lost"),
         ending(JobCenter::Ending::cancel, tr("Cancelling jobs..."))},
        {QStringLiteral("stay"), QStringLiteral("back"), tr("Stay"), tr("Go on working"), [this] { stay(); }},
    };
    dialog_ =
        new ChoiceDialog(quits ? tr("Quit while jobs are running?") : tr("Close the project while jobs are running?"),
                         unfinishedText(), choices, &context_.window);
    dialog_->open();
}

void LeaveGuard::endJobs(JobCenter::Ending ending, const QString& text) {
    ending_ = true;
    const QString then = reason_ == Reason::quit ? tr("The window closes as soon as everything is on disk.")
                                                 : tr("The project is closed as soon as everything is on disk.");
    context_.messages.show({Message::Level::information, kKey, text, then, {}});
    if (ending != JobCenter::Ending::cancel) waiting_.hold();
    context_.session.jobs.endAll(ending);
}

void LeaveGuard::askAboutEdits() {
    const Study& study = context_.session.study;
    if (!study.isOpen() || !study.isModified() || study.readOnly()) {
        go();
        return;
    }
    const QList<Choice> choices{
        {QStringLiteral("save"), QStringLiteral("save"), tr("Save"), tr("Write them to the project"),
         [this] { saveThenGo(); }},
        {QStringLiteral("discard"), QStringLiteral("recover"), tr("Do not save"),
         tr("They are offered again when the project is opened next"), [this] { go(); }},
        {QStringLiteral("stay"), QStringLiteral("back"), tr("Stay"), tr("Go on working"), [this] { stay(); }},
    };
    dialog_ = new ChoiceDialog(tr("Save the changes?"),
                               tr("The project has edits that are not saved: names, notes, images or the next run."),
                               choices, &context_.window);
    dialog_->open();
}

void LeaveGuard::saveThenGo() {
    saving_ = true;
    context_.session.study.save();
}

void LeaveGuard::go() {
    leaving_ = false;
    Q_EMIT left();
    // From the event loop: what comes next may destroy the sender of the signal that led here.
    QTimer::singleShot(0, this, [then = std::exchange(then_, {})] {
        if (then) then();
    });
}

void LeaveGuard::stay() {
    leaving_ = saving_ = ending_ = false;
    then_ = {};
    context_.messages.remove(kKey);
    waiting_.offer();
}

}  // namespace vitrine::widgets
