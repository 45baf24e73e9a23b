// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

#include "project/record.h"
#include "widgets/session/job_center.h"

namespace vitrine::widgets {

/// What the log says of one job: that it began, how long each stage took, what came out, how it ended. Remembers what it said. UI thread.
class JobStory {
  public:
    /// What has happened since the last call, in order; empty for a job whose run has no id yet, or that is no run.
    QStringList next(const JobItem& item);
    /// How a job that is over ended. `asked`: the window is being left.
    QStringList ending(const JobItem& item, bool asked);

    void setResumed() { resumed_ = true; }  ///< the stages that it does not do again are not told

  private:
    QString endOfStage(const JobItem& item, int index) const;

    bool begun_ = false;
    bool resumed_ = false;
    int stage_ = -1;     ///< the last one that was told
    double since_ = 0;   ///< elapsed seconds of the job when it began
};

/// What a run measured, for people: "Top-1 79.90 %, 1.80 points below float (81.70 %)"; empty while nothing is known.
QString resultText(const project::RunFigures& figures);

}  // namespace vitrine::widgets
