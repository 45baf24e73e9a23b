// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Offers runs that a crash or a quit left when a project is opened, and resumes them. UI thread.
class InterruptedRuns : public QObject {
    Q_OBJECT
  public:
    explicit InterruptedRuns(WindowContext context);

    QStringList ids() const;  ///< in the open project, without those that are resumed already
    void resume(const QString& run);
    void resumeAll();

  Q_SIGNALS:
    void showAsked();  ///< the list of runs

  private:
    void offer();

    WindowContext context_;
    bool offered_ = false;  ///< since the project was opened
};

}  // namespace vitrine::widgets
