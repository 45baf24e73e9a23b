// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "project/record.h"

namespace vitrine::widgets {

/// Records of complete runs, read once: they never change. Thread safe; reads the disk.
class RecordShelf {
  public:
    /// Those of `ids` that can be read.
    std::vector<project::RunRecord> take(const std::filesystem::path& folder, const std::vector<std::string>& ids);

  private:
    std::mutex mutex_;
    std::filesystem::path folder_;
    std::map<std::string, project::RunRecord> known_;
};

}  // namespace vitrine::widgets
