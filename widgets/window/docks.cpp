// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/docks.h"

#include <algorithm>

#include "widgets/forms/image_sets_panel.h"
#include "widgets/forms/new_run_panel.h"
#include "widgets/panels/inspector_panel.h"
#include "widgets/panels/jobs_panel.h"
#include "widgets/panels/log_panel.h"
#include "widgets/panels/model_panel.h"
#include "widgets/panels/notes_panel.h"
#include "widgets/panels/runs_panel.h"

namespace vitrine::widgets {
namespace {

template <typename Panel>
Panel* addDock(Docks& docks, QMainWindow& window, const char* name, const QString& title, Panel* panel) {
    auto* dock = new QDockWidget(title, &window);
    dock->setObjectName(QLatin1String(name));
    dock->setWidget(panel);
    dock->setAllowedAreas(Qt::AllDockWidgetAreas);
    panel->setAccessibleName(title);
    docks.all.append(dock);
    return panel;
}

}  // namespace

QDockWidget* Docks::dock(const QString& name) const {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const QDockWidget* each) { return each->objectName() == name; });
    return found == all.end() ? nullptr : *found;
}

Docks makeDocks(const WindowContext& context) {
    QMainWindow& window = context.window;
    Session& session = context.session;
    const auto title = [](const char* text) { return QMainWindow::tr(text); };
    Docks docks;
    docks.model = addDock(docks, window, "model", title("Model"), new ModelPanel(session));
    docks.inspector = addDock(docks, window, "inspector", title("Inspector"), new InspectorPanel(session));
    docks.newRun = addDock(docks, window, "new_run", title("New run"), new NewRunPanel(session));
    docks.runs = addDock(docks, window, "runs", title("Runs"), new RunsPanel(session));
    docks.jobs = addDock(docks, window, "jobs", title("Jobs"), new JobsPanel(session));
    docks.images = addDock(docks, window, "images", title("Images"), new ImageSetsPanel(session));
    docks.notes = addDock(docks, window, "notes", title("Notes"), new NotesPanel(session));
    docks.log = addDock(docks, window, "log", title("Log"), new LogPanel(session.log));
    docks.tour = addDock(docks, window, "tour", title("Tour"), new TourPanel(context));
    return docks;
}

}  // namespace vitrine::widgets
