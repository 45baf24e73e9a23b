// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <functional>

#include "widgets/window/choice_dialog.h"
#include "widgets/window/waiting_queue.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Asks before a project with running jobs or unsaved edits is left, and does what was answered before going on.
/// Nothing waits: the window stays usable meanwhile. UI thread.
class LeaveGuard : public QObject {
    Q_OBJECT
  public:
    enum class Reason { quit, closeProject };

    LeaveGuard(WindowContext context, WaitingQueue& waiting);

    /// Calls `then` once nothing holds the project any more; at once where nothing does. Never when the user stays. A
    /// request while one is being asked is dropped.
    void leave(Reason reason, std::function<void()> then);
    bool isLeaving() const { return leaving_; }

  Q_SIGNALS:
    void left();  ///< nothing holds the project any more; it is still open

  private:
    QString unfinishedText() const;
    void askAboutJobs();
    void endJobs(JobCenter::Ending ending, const QString& text);
    void askAboutEdits();
    void saveThenGo();
    void go();
    void stay();

    WindowContext context_;
    WaitingQueue& waiting_;
    Reason reason_ = Reason::quit;
    std::function<void()> then_;
    QPointer<ChoiceDialog> dialog_;
    bool leaving_ = false;
    bool ending_ = false;  ///< waits for jobs
    bool saving_ = false;  ///< waits for the project
};

}  // namespace vitrine::widgets
