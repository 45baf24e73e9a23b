// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

#include "widgets/window/view_area.h"
#include "widgets/window/waiting_queue.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// What was looked at in a project: the tabs and their options, runs A and B; and the runs that wait. Kept with the project a moment after each
/// change and taken up again when it is opened. Also chooses a run to begin with, and shows a run that has just begun.
/// UI thread.
class Arrangement : public QObject {
    Q_OBJECT
  public:
    Arrangement(WindowContext context, ViewArea& views, WaitingQueue& waiting);

    void store();  ///< now

  private:
    void takeUp();
    void chooseRun();
    void showBegun(const QString& run);

    WindowContext context_;
    ViewArea& views_;
    WaitingQueue& waiting_;
    QTimer soon_;
    bool taking_ = false;
};

}  // namespace vitrine::widgets
