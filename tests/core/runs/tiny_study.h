// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "core/runs/step_method.h"
#include "jobs/job.h"
#include "runs/run.h"
#include "support/temporary_folder.h"

namespace vitrine::test {

/// A random ViT and 24 random labelled pictures in a folder of their own, and runs on them.
class TinyStudy {
  public:
    static constexpr std::int64_t kImages = 24;

    TinyStudy();

    std::filesystem::path operator/(const std::string& name) const { return folder_ / name; }

    /// A run of 4-bit steps on rows 0..5, evaluated on rows 6..23, into the project `project`.
    runs::RunSpec spec(const std::string& project) const;

  private:
    TemporaryFolder folder_;
};

/// A control and a progress for the calling thread. Its clock makes every update a report.
struct Calling {
    explicit Calling(std::function<void(const jobs::ProgressReport&, jobs::Control&)> listener = {});

    jobs::Control control;
    double now = 0;
    jobs::Progress progress;
    jobs::JobContext context{control, progress};
};

/// Does the run on the calling thread.
runs::RunOutcome execute(const runs::RunSpec& spec, const StepMethod& method = StepMethod());

/// The same by the method that the specification names.
runs::RunOutcome executePlain(const runs::RunSpec& spec);

/// The files of a run's result by name, without what is allowed to differ between repetitions: seconds.
std::map<std::string, std::string> resultFiles(const std::filesystem::path& project, const std::string& runId);

}  // namespace vitrine::test
