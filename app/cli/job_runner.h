// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "jobs/job.h"
#include "settings.h"

namespace vitrine::cli {

/// Runs `work` as a job: progress on stderr, Ctrl+C stops and keeps, a second one cancels. Returns finished or kept.
/// Throws what the work threw, and Exception(stopped) when it was cancelled.
jobs::JobState runJob(const Settings& settings, const std::string& title, jobs::Job::Work work);

}  // namespace vitrine::cli
