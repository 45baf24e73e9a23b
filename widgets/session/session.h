// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/session/job_center.h"
#include "widgets/session/log.h"
#include "widgets/session/selection.h"
#include "widgets/session/settings.h"
#include "widgets/session/study.h"

namespace vitrine::widgets {

/// What every panel works with. Owned by the window; panels keep references. Members are made in this order and go in
/// the opposite one, so that jobs end before the project that they write to is closed.
struct Session {
    explicit Session(Settings& userSettings) : settings(userSettings) { wire(); }

    Settings& settings;
    Log log;
    SelectionHub selection;
    Study study;
    JobCenter jobs;

  private:
    void wire();  ///< jobs tell the study, the study and the jobs tell the log
};

}  // namespace vitrine::widgets
