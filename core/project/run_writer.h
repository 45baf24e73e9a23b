// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

#include "project/file_lock.h"
#include "project/record.h"
#include "results/artefacts.h"

namespace vitrine::project {

/// Writes one run into `runs/.tmp-<id>`, which becomes `runs/<id>` when the run is complete. While it lives no other
/// process can write the same run; when its process dies the run is found as interrupted. Not thread safe.
class RunWriter {
  public:
    RunWriter(RunWriter&&) noexcept = default;
    RunWriter& operator=(RunWriter&&) = delete;
    ~RunWriter() = default;  ///< without complete() or discard(): leaves an interrupted run

    const RunRecord& record() const { return record_; }

    /// Folder for method state between stages; emptied when the run is complete.
    std::filesystem::path stateFolder() const;
    /// Folder for the quantized model.
    std::filesystem::path modelFolder() const;

    /// Replaces what run.json says, but for its id, its artefacts and its state. Atomic.
    void update(RunRecord record);

    /// Writes an artefact, or replaces it under the same id. Throws Exception(invalidArgument) for an id that is not made
    /// of letters, digits, '.', '_' and '-'. It is listed in run.json by the next update() or complete().
    void put(const results::Artefact& artefact);
    bool has(const std::string& artefactId) const;

    /// Makes the run immutable under its final name and lists it in the manifest. `state` is finished, kept or failed.
    /// When this throws, a full disk for instance, the run is as it was: interrupted, or complete and found on opening.
    void complete(RunRecord record, RunState state);

    /// Removes the run.
    void discard();

  private:
    friend class Project;
    RunWriter(std::filesystem::path project, RunRecord record);

    void writeRecord(const RunRecord& record) const;

    std::filesystem::path project_;
    std::filesystem::path folder_;
    FileLock lock_;
    RunRecord record_;
};

}  // namespace vitrine::project
