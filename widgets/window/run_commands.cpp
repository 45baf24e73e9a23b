// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/run_commands.h"

#include <QActionGroup>
#include <array>

#include "widgets/base/icons.h"

namespace vitrine::widgets {
namespace {

struct ModeRow {
    const char* id;
    CompareMode mode;
};
constexpr std::array<ModeRow, 4> kModes{{{"a", CompareMode::a},
                                         {"b", CompareMode::b},
                                         {"overlay", CompareMode::overlay},
                                         {"difference", CompareMode::difference}}};

}  // namespace

RunCommands::RunCommands(WindowContext context, InterruptedRuns& interrupted)
    : QObject(&context.window), context_(context), interrupted_(interrupted) {
    addRunActions();
    addCompareActions();
}

void RunCommands::addRunActions() {
    ActionRegistry& registry = context_.registry;
    JobCenter& jobs = context_.session.jobs;
    registry.add({QStringLiteral("run.new"),
                  tr("&New run..."),
                  QStringLiteral("new-run"),
                  {QKeySequence(Qt::Key_F5)},
                  tr("Choose a method and its parameters.")},
                 [this](bool) { Q_EMIT newRunAsked(); });
    registry.add({QStringLiteral("run.again"),
                  tr("Run &again with changes..."),
                  QStringLiteral("reload"),
                  {QKeySequence(Qt::SHIFT | Qt::Key_F5)},
                  tr("Fill the form for new runs with what run A was made with.")},
                 [this](bool) { Q_EMIT againAsked(context_.session.selection.selection().runA); });
    registry.add({QStringLiteral("run.pause"),
                  tr("&Pause"),
                  QStringLiteral("pause"),
                  {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_P)},
                  tr("Pause the running run at its next safe point, or let it go on.")},
                 [this, &jobs](bool) {
                     const JobItem* job = currentJob();
                     if (!job) return;
                     if (job->state == jobs::JobState::paused)
                         jobs.resume(job->id);
                     else
                         jobs.pause(job->id);
                 });
    registry.add({QStringLiteral("run.stop"),
                  tr("&Stop and keep"),
                  QStringLiteral("stop-keep"),
                  {QKeySequence(Qt::CTRL | Qt::Key_Period)},
                  tr("End the running run now with the best result so far.")},
                 [this, &jobs](bool) {
                     if (const JobItem* job = currentJob()) jobs.stopAndKeep(job->id);
                 });
    registry.add({QStringLiteral("run.cancel"),
                  tr("&Cancel"),
                  QStringLiteral("cancel"),
                  {},
                  tr("End the running run without a result.")},
                 [this, &jobs](bool) {
                     if (const JobItem* job = currentJob()) jobs.cancel(job->id);
                 });
    registry.add({QStringLiteral("run.resume_interrupted"),
                  tr("&Resume interrupted runs"),
                  QStringLiteral("resume"),
                  {},
                  tr("Go on with runs that a crash or a quit left.")},
                 [this](bool) { interrupted_.resumeAll(); });
    registry.add({QStringLiteral("run.clear_finished"),
                  tr("Clear &finished jobs"),
                  QStringLiteral("delete"),
                  {},
                  tr("Take jobs that are over off the list of jobs.")},
                 [&jobs](bool) { jobs.removeFinished(); });
}

void RunCommands::addCompareActions() {
    ActionRegistry& registry = context_.registry;
    SelectionHub& selection = context_.session.selection;
    auto* group = new QActionGroup(this);
    for (const ModeRow& row : kModes) {
        const QString title = compareModeText(row.mode);
        QAction* action = registry.add({QStringLiteral("compare.mode.") + QLatin1String(row.id),
                                        title,
                                        {},
                                        {},
                                        tr("How views show the two runs."),
                                        true},
                                       [&selection, mode = row.mode](bool) { selection.setMode(mode); });
        group->addAction(action);
    }
    registry.add({QStringLiteral("compare.swap"),
                  tr("&Swap A and B"),
                  QStringLiteral("swap"),
                  {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_X)},
                  tr("Run A becomes run B, and run B becomes run A.")},
                 [&selection](bool) { selection.swapRuns(); });
    registry.add(
        {QStringLiteral("compare.clear"), tr("&No run B"), QStringLiteral("close"), {}, tr("Look at run A alone.")},
        [&selection](bool) { selection.setRunB({}); });
    registry.add({QStringLiteral("compare.parameters"),
                  tr("&Parameter differences"),
                  QStringLiteral("compare-parameters"),
                  {QKeySequence(Qt::CTRL | Qt::Key_D)},
                  tr("What the two runs were made with.")},
                 [this](bool) { Q_EMIT viewAsked(QStringLiteral("compare_parameters")); });
    registry.add({QStringLiteral("compare.summary"),
                  tr("Figures &side by side"),
                  QStringLiteral("compare-summary"),
                  {},
                  tr("Accuracy, size and error of the two runs.")},
                 [this](bool) { Q_EMIT viewAsked(QStringLiteral("compare_summary")); });
}

const JobItem* RunCommands::currentJob() const {
    const JobCenter& jobs = context_.session.jobs;
    const JobItem* paused = nullptr;
    for (const jobs::JobId id : jobs.jobs()) {
        const JobItem* item = jobs.item(id);
        if (!item || item->spec.method.empty()) continue;  // analyses are short and run beside
        if (item->state == jobs::JobState::running) return item;
        if (item->state == jobs::JobState::paused && !paused) paused = item;
    }
    return paused;
}

void RunCommands::refresh() {
    ActionRegistry& registry = context_.registry;
    const Session& session = context_.session;
    const Selection& selection = session.selection.selection();
    const bool open = session.study.isOpen();
    const QString noProject = tr("No project is open."), noJob = tr("No run is running.");
    registry.setEnabled(QStringLiteral("run.new"), open && !session.study.readOnly(),
                        open ? tr("The project can only be read.") : noProject);
    registry.setEnabled(QStringLiteral("run.again"), open && !selection.runA.isEmpty(),
                        open ? tr("Choose run A first.") : noProject);
    const JobItem* job = currentJob();
    for (const char* id : {"run.pause", "run.stop", "run.cancel"})
        registry.setEnabled(QLatin1String(id), job != nullptr, noJob);
    const bool paused = job && job->state == jobs::JobState::paused;
    QAction* pause = registry.action(QStringLiteral("run.pause"));
    if (const QString text = paused ? tr("&Resume") : tr("&Pause"); pause->text() != text) {
        pause->setText(text);
        pause->setIcon(icon(paused ? QStringLiteral("resume") : QStringLiteral("pause")));
    }
    registry.setEnabled(QStringLiteral("run.resume_interrupted"), open && !interrupted_.ids().isEmpty(),
                        open ? tr("No run is interrupted.") : noProject);
    registry.setEnabled(QStringLiteral("run.clear_finished"), session.jobs.jobs().size() > session.jobs.unfinished(),
                        tr("No job is over."));

    const QString noB = tr("Choose run B first.");
    const bool hasB = !selection.runB.isEmpty();
    for (const ModeRow& row : kModes) {
        const QString id = QStringLiteral("compare.mode.") + QLatin1String(row.id);
        registry.setEnabled(id, open && (hasB || row.mode == CompareMode::a), open ? noB : noProject);
        registry.action(id)->setChecked(selection.mode == row.mode);
    }
    for (const char* id : {"compare.swap", "compare.clear", "compare.parameters", "compare.summary"})
        registry.setEnabled(QLatin1String(id), open && hasB, open ? noB : noProject);
}

}  // namespace vitrine::widgets
