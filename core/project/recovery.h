// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "project/edits.h"

/// Edits that were not saved yet, kept in `<project>/recovery/` so that a crash loses none. Nothing here is ever
/// deleted because the user said no: what a crash left goes to `recovery/recovered/` and stays there; of edits that
/// were saved, which the manifest holds, the newest ten files are kept in `recovery/old/`.
namespace vitrine::project {

struct RecoveredEdits {
    std::filesystem::path file;
    std::string written;  ///< UTC
    Edits edits;
    std::string baseHash;  ///< editsHash() of the saved edits that they began from; another one now: saved since
};

/// 16 hexadecimal digits; equal for equal edits.
std::string editsHash(const Edits& edits);

/// Where one process keeps its unsaved edits of one project. Not thread safe.
class RecoveryFile {
  public:
    /// Chooses a name of its own (host, process, time) and takes a lock on it; writes no edits yet. Throws
    /// Exception(ioFailure), as for a project that cannot be written to.
    explicit RecoveryFile(const std::filesystem::path& project);
    RecoveryFile(RecoveryFile&&) noexcept;
    RecoveryFile& operator=(RecoveryFile&&) noexcept;
    ~RecoveryFile();  ///< leaves the file: only saved() puts it aside

    /// Writes atomically; edits that are too long for a project are kept too. Throws Exception(ioFailure), and tooLarge
    /// above 32 MiB.
    void write(const Edits& edits, const Edits& base);
    /// The edits are in the manifest now: puts the file aside under `recovery/old/`, of which the newest ten are kept.
    /// Does nothing when nothing was written since the last time. Throws Exception(ioFailure).
    void saved();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What processes that are gone left, newest first; damaged files are left out and stay where they are.
std::vector<RecoveredEdits> findRecovered(const std::filesystem::path& project);

/// Puts a file of findRecovered() aside, once its edits were taken over or the user chose to keep the saved ones: moves
/// it to `recovery/recovered/`, where it stays. Does nothing when another process was faster. Throws
/// Exception(ioFailure).
void putAside(const RecoveredEdits& recovered);

}  // namespace vitrine::project
