// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/panel_links.h"

#include <QDesktopServices>
#include <QUrl>
#include <algorithm>

#include "widgets/base/text.h"
#include "widgets/forms/image_sets_panel.h"
#include "widgets/forms/new_run_panel.h"
#include "widgets/panels/inspector_panel.h"
#include "widgets/panels/jobs_panel.h"
#include "widgets/panels/log_panel.h"
#include "widgets/panels/model_panel.h"
#include "widgets/panels/runs_panel.h"
#include "widgets/panels/view_panel.h"
#include "widgets/views/images_view.h"

namespace vitrine::widgets {

PanelLinks::PanelLinks(WindowContext context, Docks& docks, ViewArea& views, LayoutCommands& layouts,
                       OutputCommands& outputs, RunCommands& runs, ProjectCommands& projects,
                       ImageCommands& images)
    : QObject(&context.window),
      context_(context),
      docks_(docks),
      views_(views),
      layouts_(layouts),
      outputs_(outputs),
      runs_(runs),
      projects_(projects),
      images_(images) {
    linkRuns();
    linkJobs();
    linkForms();
    linkViews();
    connect(docks_.log, &LogPanel::titleChanged, docks_.dock(QStringLiteral("log")), &QDockWidget::setWindowTitle);
}

void PanelLinks::linkRuns() {
    const auto showForm = [this] { layouts_.showPanel(QStringLiteral("new_run")); };
    connect(docks_.runs, &RunsPanel::newRunAsked, this, showForm);
    connect(docks_.runs, &RunsPanel::rerunAsked, this, &PanelLinks::runAgain);
    connect(docks_.runs, &RunsPanel::reportAsked, this, [this](const QStringList& chosen) {
        for (const QString& run : chosen) outputs_.addToReport(run);
    });
    connect(docks_.runs, &RunsPanel::folderAsked, this,
            [](const QString& folder) { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
    connect(docks_.runs, &RunsPanel::failed, &context_.messages, &MessageBar::showError);
    connect(&runs_, &RunCommands::newRunAsked, this, showForm);
    connect(&runs_, &RunCommands::againAsked, this, &PanelLinks::runAgain);
    connect(&context_.session.study, &Study::runChanged, this, [this](const QString& run) {
        if (run == again_) runAgain(run);
    });
    connect(&context_.session.study, &Study::closed, this, [this] { again_.clear(); });
}

void PanelLinks::linkJobs() {
    connect(docks_.jobs, &JobsPanel::resultsAsked, this,
            [this](const QString& run) { context_.session.selection.setRunA(run); });
    connect(docks_.jobs, &JobsPanel::logAsked, this, [this](const QString& title, const QString& run) {
        docks_.log->showJob(title, run);
        layouts_.showPanel(QStringLiteral("log"));
    });
    connect(docks_.jobs, &JobsPanel::rerunAsked, this, [this](jobs::JobId id) {
        if (const JobItem* item = context_.session.jobs.item(id); item && !item->run.isEmpty()) runAgain(item->run);
    });
}

void PanelLinks::linkForms() {
    connect(docks_.newRun, &NewRunPanel::runAsked, this,
            [this](const runs::RunSpec& spec, const QString& title, JobCenter::When when) {
                docks_.tour->runStarted(context_.session.jobs.addRun(spec, title, when));
                layouts_.showPanel(QStringLiteral("jobs"));
            });
    connect(docks_.newRun, &NewRunPanel::addModelAsked, this, [this] { projects_.chooseFiles(); });
    connect(docks_.newRun, &NewRunPanel::addImagesAsked, &projects_, &ProjectCommands::chooseFiles);
    connect(docks_.images, &ImageSetsPanel::addAsked, this, [this] { projects_.chooseFiles(); });
    connect(docks_.newRun, &NewRunPanel::sitesShown, &context_.session.selection, &SelectionHub::markSites);
    connect(docks_.newRun, &NewRunPanel::copied, this, [this] {
        Message message{
            Message::Level::good, QStringLiteral("command"), tr("The command line is in the clipboard."), {}, {}};
        message.seconds = 5;
        context_.messages.show(message);
    });
}

void PanelLinks::linkViews() {
    connect(docks_.model, &ModelPanel::viewAsked, this, &PanelLinks::show);
    connect(docks_.model, &ModelPanel::panelAsked, this, &PanelLinks::show);
    connect(docks_.inspector, &InspectorPanel::viewAsked, this, &PanelLinks::show);
    connect(docks_.inspector, &InspectorPanel::panelAsked, this, &PanelLinks::show);
    connect(&views_, &ViewArea::panelMade, this, &PanelLinks::linkView);
    Session& session = context_.session;
    const auto offer = [this, &session](const QString& run) {
        const Selection& chosen = session.selection.selection();
        if (session.study.isOpen() && !run.isEmpty() && (run == chosen.runA || run == chosen.runB)) offerViews(session.study.run(run));
    };
    connect(&session.study, &Study::runChanged, this, offer);
    connect(&session.selection, &SelectionHub::runsChanged, this, [&session, offer] {
        offer(session.selection.selection().runA);
        offer(session.selection.selection().runB);
    });
}

void PanelLinks::show(const QString& id) {
    if (viewInfo(id))
        views_.showView(id);
    else
        layouts_.showPanel(id);
}

// Views that most methods have nothing for wait for a run that has.
void PanelLinks::offerViews(const RunDataPtr& run) {
    if (!run) return;
    for (const ViewInfo& info : allViews()) {
        if (!info.waitsFor) continue;
        const bool has = std::any_of(run->artefacts.begin(), run->artefacts.end(),
                                     [&](const results::ArtefactPtr& artefact) { return info.waitsFor(artefact->payload); });
        if (has) views_.offerView(info.id);
    }
}

void PanelLinks::linkView(const QString& id) {
    ViewPanel* panel = views_.panel(id);
    if (!panel) return;
    const auto name = [this, id] {
        const QString run = context_.session.selection.selection().runA;
        return run.isEmpty() ? id : QStringLiteral("%1-%2").arg(run, id);
    };
    connect(panel, &ViewPanel::figureAsked, this, [this, panel, name] { outputs_.openFigure(panel->view(), name()); });
    connect(panel, &ViewPanel::dataAsked, this, [this, panel, name] { outputs_.openCsv(panel->view(), name()); });
    connect(panel, &ViewPanel::reportAsked, this, [this] {
        if (const QString run = context_.session.selection.selection().runA; !run.isEmpty()) outputs_.addToReport(run);
    });
    connect(panel, &ViewPanel::viewAsked, this, &PanelLinks::show);
    connect(panel, &ViewPanel::panelAsked, this, &PanelLinks::show);
    if (auto* images = qobject_cast<ImagesView*>(&panel->view())) {
        connect(images, &ImagesView::saveImagesAsked, &images_, &ImageCommands::save);
        connect(images, &ImagesView::calibrationSetAsked, &images_, &ImageCommands::useForCalibration);
    }
}

void PanelLinks::runAgain(const QString& run) {
    const RunDataPtr data = context_.session.study.run(run);
    if (!data) {
        again_ = run;  // runChanged() follows
        return;
    }
    again_.clear();
    docks_.newRun->setFromRun(data->record);
    layouts_.showPanel(QStringLiteral("new_run"));
}

}  // namespace vitrine::widgets
