// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonArray>
#include <QString>
#include <QStringList>
#include <vector>

#include "runs/run.h"

namespace vitrine::widgets {

/// A run that waits for its turn.
struct WaitingRun {
    QString title;
    runs::RunSpec spec;
};

/// Runs that wait as JSON, to be kept with their project. Paths are kept as they are and relative to the project, so that a project that
/// moves with its inputs finds them. A resumed run is not kept: it is an interrupted run of the project anyway.
QJsonArray waitingToJson(const std::vector<WaitingRun>& runs);

/// Back again, for the project in `folder`. What cannot be read, for instance a method that this version does not know, is left out
/// and named in `problems`.
struct RestoredRuns {
    std::vector<WaitingRun> runs;
    QStringList problems;
};
RestoredRuns waitingFromJson(const QJsonArray& array, const QString& folder);

}  // namespace vitrine::widgets
