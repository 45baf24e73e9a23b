// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "widgets/window/docks.h"
#include "widgets/window/image_commands.h"
#include "widgets/window/layout_commands.h"
#include "widgets/window/output_commands.h"
#include "widgets/window/project_commands.h"
#include "widgets/window/run_commands.h"
#include "widgets/window/view_area.h"

namespace vitrine::widgets {

/// Carries what panels ask for to those who do it. UI thread.
class PanelLinks : public QObject {
    Q_OBJECT
  public:
    PanelLinks(WindowContext context, Docks& docks, ViewArea& views, LayoutCommands& layouts, OutputCommands& outputs,
               RunCommands& runs, ProjectCommands& projects, ImageCommands& images);

  private:
    void linkRuns();
    void linkJobs();
    void linkForms();
    void linkViews();
    void linkView(const QString& id);
    void show(const QString& id);  ///< a view or a panel
    void offerViews(const RunDataPtr& run);
    void runAgain(const QString& run);  ///< its settings in the form for new runs

    WindowContext context_;
    Docks& docks_;
    ViewArea& views_;
    LayoutCommands& layouts_;
    OutputCommands& outputs_;
    RunCommands& runs_;
    ProjectCommands& projects_;
    ImageCommands& images_;
    QString again_;  ///< run that is still being read for the form
};

}  // namespace vitrine::widgets
