// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "project/edits.h"

/// Edits that were not saved yet, kept in `<project>/recovery/` so that a crash loses none. Nothing here is ever deleted
/// because the user said no: a file leaves the list when its edits were saved or restored, and the newest ten of those are kept.
namespace vitrine::project {

struct RecoveredEdits {
    std::filesystem::path file;
    std::string written;  ///< UTC
    Edits edits;
    std::string baseHash;  ///< of the saved edits that they began from: tells whether the project was saved since
};

/// Where one process keeps its unsaved edits of one project. Not thread safe.
class RecoveryFile {
  public:
    /// Chooses a name of its own (host, process, time) and takes a lock on it; writes nothing yet.
    explicit RecoveryFile(const std::filesystem::path& project);
    RecoveryFile(RecoveryFile&&) noexcept;
    RecoveryFile& operator=(RecoveryFile&&) noexcept;
    ~RecoveryFile();  ///< leaves the file: only saved() puts it aside

    /// Writes atomically. Throws Exception(ioFailure).
    void write(const Edits& edits, const Edits& base);
    /// The edits are in the manifest now: puts the file aside under `recovery/old/`, of which the newest ten are kept.
    void saved();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// What processes that are gone left, newest first; damaged files are left out and stay where they are.
std::vector<RecoveredEdits> findRecovered(const std::filesystem::path& project);

/// Puts a file of findRecovered() aside, once its edits were taken over or the user chose to keep the saved ones.
void putAside(const RecoveredEdits& recovered);

}  // namespace vitrine::project
