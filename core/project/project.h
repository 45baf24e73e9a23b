// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "project/edits.h"
#include "project/record.h"
#include "project/run_writer.h"
#include "results/artefacts.h"

namespace vitrine::project {

/// A study on disk:
///
///     study.vitrine          manifest: format, what the user wrote (edits.h), inputs, list of runs
///     runs/<id>/             a complete run, immutable: run.json, artefacts/*.json, model/
///     runs/.tmp-<id>/        a run that is being written, or that was interrupted; also state/
///     cache/                 results that can be computed again
///     recovery/              edits that were not saved (recovery.h)
///     view.json              how the window was arranged
///
/// The run folders are the truth and the manifest their index: opening lists complete runs that it lacks, finishes a
/// renaming that a crash cut short, and rebuilds a manifest that is absent or damaged. Several processes may open a
/// project and write different runs at once. Not thread safe; open it once per thread.
class Project {
  public:
    /// Whether `folder` holds a project.
    static bool exists(const std::filesystem::path& folder);

    /// Makes a new project; the folder may exist but must hold no project. Throws Exception(invalidArgument, ioFailure).
    static Project create(const std::filesystem::path& folder, const std::string& name);

    /// Opens a project. One that a newer Vitrine wrote is read-only, or refused with Exception(unsupported) naming the version that
    /// reads it. Throws Exception(notFound) when there is none.
    static Project open(const std::filesystem::path& folder);

    /// open() where there is one, else create() named after the folder.
    static Project openOrCreate(const std::filesystem::path& folder);

    const std::filesystem::path& folder() const { return folder_; }
    bool readOnly() const { return readOnly_; }
    const std::vector<std::string>& warnings() const { return warnings_; }  ///< what opening had to repair

    /// What the user wrote, as it was on opening or set last.
    const Edits& edits() const { return edits_; }
    /// Replaces what the user wrote, atomically. What other processes did to the rest of the manifest meanwhile, and keys that this
    /// version does not know, survive. Throws as requireStorable() does, and Exception(invalidArgument) on a read-only project.
    void setEdits(const Edits& edits);

    /// How the window was arranged for this project: a JSON text whose meaning is the window's own, kept beside the manifest, so that
    /// looking at a project changes nothing in it. Empty when there is none, or none that can be read.
    std::string viewState() const;
    /// Throws Exception(invalidArgument) on a read-only project and for what is no JSON, tooLarge above 4 MiB, ioFailure.
    void setViewState(const std::string& json);

    /// All runs in the order of their numbers, interrupted and running ones too. Read anew from disk.
    std::vector<RunSummary> runs() const;

    /// Throws Exception(notFound) that names the nearest id, badFormat when the record is damaged.
    RunRecord run(const std::string& id) const;
    /// Throws as run() does; the folder of a complete, interrupted or running run.
    std::filesystem::path runFolder(const std::string& id) const;
    /// The quantized model of a run. Throws Exception(notFound) when the run has none.
    std::filesystem::path modelFolder(const std::string& id) const;
    /// Throws Exception(notFound) for an unknown artefact and badFormat for a damaged one.
    results::ArtefactPtr artefact(const std::string& runId, const std::string& artefactId) const;
    /// All artefacts of a run, in the order of its record.
    std::vector<results::ArtefactPtr> artefacts(const std::string& runId) const;

    /// Starts a run. Its id is the next number and the method's id. Throws Exception(invalidArgument) on a read-only project.
    RunWriter begin(RunRecord record);
    /// Takes up an interrupted run. Throws Exception(invalidArgument) when it is complete or another process writes it.
    RunWriter resume(const std::string& id);

    /// A result that was kept under `key` (a hash) to save computing it again, unless it is absent or damaged.
    std::optional<results::Artefact> cached(const std::string& key) const;
    void cache(const std::string& key, const results::Artefact& artefact);

    /// `path` as a project keeps it, and back: the first of both forms that exists, else the absolute one.
    StoredPath store(const std::filesystem::path& path) const;
    std::filesystem::path locate(const StoredPath& path) const;

  private:
    explicit Project(std::filesystem::path folder);
    void load();
    void requireWritable() const;

    std::filesystem::path folder_;
    Edits edits_;
    bool readOnly_ = false;
    std::vector<std::string> warnings_;
};

/// Everything that is wrong with a project: damaged or missing files of runs, models that cannot be read, inputs that
/// are gone or have changed, networks and image sets of its edits that are gone. Reads every file. Empty when all is well.
std::vector<Error> validate(const Project& project);

}  // namespace vitrine::project
