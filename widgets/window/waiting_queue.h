// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QObject>
#include <vector>

#include "widgets/session/waiting_runs.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Runs that wait for their turn outlive the program: they are kept with the arrangement of their project and offered when it is opened
/// again. UI thread.
class WaitingQueue : public QObject {
    Q_OBJECT
  public:
    explicit WaitingQueue(WindowContext context);

    int count() const;          ///< runs of the open project that wait in the queue now
    void hold();                ///< the queue is about to be cancelled: what waits in it is kept
    QJsonObject state() const;  ///< to be kept with the project
    void offer();               ///< what is held, if anything is
    /// Of the project that was opened: offers what waited, unless another window of this machine still has it in its queue.
    void takeUp(const QJsonObject& state);

  Q_SIGNALS:
    void changed();  ///< state()

  private:
    std::vector<WaitingRun> queued() const;
    void queueAll();

    WindowContext context_;
    std::vector<WaitingRun> held_;  ///< not in the queue
};

}  // namespace vitrine::widgets
