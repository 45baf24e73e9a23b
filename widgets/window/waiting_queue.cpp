// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/waiting_queue.h"

#include <sys/types.h>
#include <unistd.h>

#include <QJsonArray>
#include <QSysInfo>
#include <cerrno>
#include <csignal>
#include <utility>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

const QString kKey = QStringLiteral("waiting");
const QString kRuns = QStringLiteral("runs"), kMachine = QStringLiteral("machine"), kProcess = QStringLiteral("process");

/// Whether the process that wrote a state is another one that is still there.
bool isHeldElsewhere(const QJsonObject& state) {
    const auto process = static_cast<pid_t>(state.value(kProcess).toInteger());
    const bool here = state.value(kMachine).toString() == QSysInfo::machineHostName();
    return here && process > 0 && process != ::getpid() && (::kill(process, 0) == 0 || errno == EPERM);
}

}  // namespace

WaitingQueue::WaitingQueue(WindowContext context) : QObject(&context.window), context_(context) {
    JobCenter& jobs = context_.session.jobs;
    connect(&jobs, &JobCenter::added, this, &WaitingQueue::changed);
    connect(&jobs, &JobCenter::orderChanged, this, &WaitingQueue::changed);
    connect(&jobs, &JobCenter::runBegun, this, &WaitingQueue::changed);
    connect(&jobs, &JobCenter::ended, this, &WaitingQueue::changed);
    connect(&context_.session.study, &Study::closed, this, [this] {
        held_.clear();
        context_.messages.remove(kKey);
    });
}

std::vector<WaitingRun> WaitingQueue::queued() const {
    std::vector<WaitingRun> found;
    const Session& session = context_.session;
    for (const jobs::JobId id : session.jobs.jobs()) {
        const JobItem* item = session.jobs.item(id);
        const bool waits = item && (item->state == jobs::JobState::queued || item->state == jobs::JobState::paused) && item->run.isEmpty();
        if (waits && !item->spec.method.empty() && pathText(item->spec.project) == session.study.folder()) found.push_back({item->title, item->spec});
    }
    return found;
}

int WaitingQueue::count() const { return static_cast<int>(queued().size()); }

void WaitingQueue::hold() {
    for (WaitingRun& run : queued()) held_.push_back(std::move(run));
}

QJsonObject WaitingQueue::state() const {
    std::vector<WaitingRun> all = held_;
    for (WaitingRun& run : queued()) all.push_back(std::move(run));
    return {{kRuns, waitingToJson(all)}, {kMachine, QSysInfo::machineHostName()}, {kProcess, static_cast<qint64>(::getpid())}};
}

void WaitingQueue::takeUp(const QJsonObject& state) {
    if (isHeldElsewhere(state)) return;
    RestoredRuns restored = waitingFromJson(state.value(kRuns).toArray(), context_.session.study.folder());
    for (const QString& problem : restored.problems) context_.session.log.add(LogLevel::warning, tr("jobs"), problem);
    held_ = std::move(restored.runs);
    offer();
}

void WaitingQueue::offer() {
    if (held_.empty()) return;
    QStringList titles;
    for (const WaitingRun& run : held_) titles.append(run.title);
    Message message;
    message.key = kKey;
    message.title = counted(titles.size(), tr("A run was still waiting when the project was closed."),
                            tr("%1 runs were still waiting when the project was closed."));
    message.text = titles.join(QStringLiteral(", "));
    message.actions = {{tr("Queue"), [this] { queueAll(); }},
                       {tr("Forget"),
                        [this] {
                            held_.clear();
                            Q_EMIT changed();
                        }},
                       {tr("Later"), {}}};
    context_.messages.show(message);
}

void WaitingQueue::queueAll() {
    for (WaitingRun& run : std::exchange(held_, {})) context_.session.jobs.addRun(std::move(run.spec), run.title, JobCenter::When::queued);
}

}  // namespace vitrine::widgets
