// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <string>

#include "runs/run.h"

namespace vitrine::widgets {

/// What a run does, in order, for people: load, the stages of its method, then the measurements that its data allow.
QStringList stageTitles(const runs::RunSpec& spec);

/// Index in stageTitles() of what a progress report is about; -1 when it cannot be told.
int stageIndex(const runs::RunSpec& spec, const std::string& progressStage);

}  // namespace vitrine::widgets
