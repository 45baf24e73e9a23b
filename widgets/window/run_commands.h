// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "widgets/window/interrupted_runs.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Commands of the running job and of the two runs that are compared: the actions run.* and compare.*. UI thread.
class RunCommands : public QObject {
    Q_OBJECT
  public:
    RunCommands(WindowContext context, InterruptedRuns& interrupted);

    void refresh();

  Q_SIGNALS:
    void newRunAsked();
    void againAsked(const QString& run);  ///< as a draft, to be changed
    void viewAsked(const QString& view);

  private:
    void addRunActions();
    void addCompareActions();
    const JobItem* currentJob() const;  ///< the run that works or is paused; null: none

    WindowContext context_;
    InterruptedRuns& interrupted_;
};

}  // namespace vitrine::widgets
