// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <functional>
#include <string>

#include "runs/run.h"
#include "support/temporary_folder.h"

namespace vitrine::test {

/// Runs on the shipped network with a few pictures: real, and long enough to be paused.
class SampleRuns {
  public:
    explicit SampleRuns(std::int64_t images = 32);

    std::filesystem::path project() const { return folder_ / "study"; }
    QString projectText() const;
    /// RepQ-ViT, calibrated and measured on the pictures.
    runs::RunSpec spec(const std::string& method = "repq") const;

  private:
    TemporaryFolder folder_;
};

/// Turns the event loop until `condition` holds; false after `seconds`.
bool waitFor(const std::function<bool()>& condition, int seconds = 300);

/// Makes a project with `count` finished runs that hold a record and an artefact each.
void writeRuns(const std::filesystem::path& project, int count);
/// Adds one such run to an existing project, as another process does. Returns its id.
std::string addRun(const std::filesystem::path& project);

}  // namespace vitrine::test
