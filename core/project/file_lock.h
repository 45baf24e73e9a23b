// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace vitrine::project {

/// An advisory lock on a file, which ends with the object or with its process, however that dies.
class FileLock {
  public:
    enum class Wait { no, yes };

    /// Creates the file where needed and locks it. Throws Exception(ioFailure) when it cannot be opened, and
    /// Exception(invalidArgument) when somebody else holds the lock and `wait` is no.
    FileLock(const std::filesystem::path& path, Wait wait);
    ~FileLock();
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;

    /// Whether anybody, this process included, holds the lock. Does not touch it.
    static bool isHeld(const std::filesystem::path& path);

  private:
    int file_ = -1;
};

}  // namespace vitrine::project
