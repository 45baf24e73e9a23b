// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDockWidget>
#include <QList>

#include "widgets/window/tour_panel.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

class ImageSetsPanel;
class InspectorPanel;
class JobsPanel;
class LogPanel;
class ModelPanel;
class NewRunPanel;
class NotesPanel;
class RunsPanel;

/// The panels around the views and the docks that hold them. Owned by the window.
struct Docks {
    QList<QDockWidget*>
        all;  ///< objectName: "model", "inspector", "new_run", "runs", "jobs", "images", "notes", "log", "tour"
    ModelPanel* model = nullptr;
    InspectorPanel* inspector = nullptr;
    NewRunPanel* newRun = nullptr;
    RunsPanel* runs = nullptr;
    JobsPanel* jobs = nullptr;
    ImageSetsPanel* images = nullptr;
    NotesPanel* notes = nullptr;
    LogPanel* log = nullptr;
    TourPanel* tour = nullptr;

    QDockWidget* dock(const QString& name) const;
};

/// Makes all docks; Layouts gives them their places.
Docks makeDocks(const WindowContext& context);

}  // namespace vitrine::widgets
