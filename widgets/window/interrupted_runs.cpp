// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/interrupted_runs.h"

#include "widgets/base/background.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

const QString kKey = QStringLiteral("interrupted");

}  // namespace

InterruptedRuns::InterruptedRuns(WindowContext context) : QObject(&context.window), context_(context) {
    Study& study = context_.session.study;
    connect(&study, &Study::opened, this, [this] {
        offered_ = false;
        offer();
    });
    connect(&study, &Study::runsChanged, this, &InterruptedRuns::offer);
    connect(&study, &Study::closed, this, [this] { context_.messages.remove(kKey); });
}

QStringList InterruptedRuns::ids() const {
    QStringList taken;
    for (const jobs::JobId id : context_.session.jobs.jobs())
        if (const JobItem* item = context_.session.jobs.item(id); item && !jobs::isOver(item->state))
            taken.append(item->spec.resume ? toQt(*item->spec.resume) : item->run);
    QStringList found;
    for (const project::RunSummary& run : context_.session.study.runs())
        if (run.state == project::RunState::interrupted && !taken.contains(toQt(run.id))) found.append(toQt(run.id));
    return found;
}

void InterruptedRuns::offer() {
    const QStringList found = ids();
    if (offered_ || found.isEmpty() || !context_.session.study.isOpen()) return;
    offered_ = true;
    QStringList names;
    for (const QString& id : found) names.append(context_.session.study.runTitle(id));
    Message message;
    message.key = kKey;
    message.title = counted(found.size(), tr("A run was interrupted and can be resumed."), tr("%1 runs were interrupted and can be resumed."));
    message.text = names.join(QStringLiteral(", "));
    message.actions = {
        {tr("Resume"), [this] { resumeAll(); }}, {tr("Show"), [this] { Q_EMIT showAsked(); }}, {tr("Later"), {}}};
    context_.messages.show(message);
}

void InterruptedRuns::resumeAll() {
    for (const QString& id : ids()) resume(id);
}

void InterruptedRuns::resume(const QString& run) {
    Study& study = context_.session.study;
    context_.messages.remove(kKey);
    inBackground(
        study.pool(), this, [folder = toPath(study.folder()), id = toStd(run)] { return runs::resumeSpec(folder, id); },
        [this, title = study.runTitle(run)](Outcome<runs::RunSpec> outcome) {
            if (auto* spec = std::get_if<runs::RunSpec>(&outcome))
                context_.session.jobs.addRun(std::move(*spec), title, JobCenter::When::queued);
            else
                context_.messages.showError(std::get<Error>(outcome));
        });
}

}  // namespace vitrine::widgets
