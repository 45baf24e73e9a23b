// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vitrine::formats {

/// What a loader may allocate beyond the mapped file: 64 MiB and four times the size of the file. The loader takes
/// every allocation that the file's content decides from it beforehand, so that a small file cannot ask for much
/// memory.
class MemoryBudget {
  public:
    MemoryBudget(std::uint64_t fileSize, std::string where)
        : left_(kBase + kFactor * fileSize), where_(std::move(where)) {}

    /// Throws Exception(tooLarge) saying what `purpose` would need when less than `bytes` is left.
    void take(std::uint64_t bytes, std::string_view purpose) {
        if (bytes > left_)
            fail(ErrorCode::tooLarge,
                 std::string(purpose) + " would need more memory than a file of this size can justify", where_,
                 "the file is damaged or hostile; if it is neither, save its state_dict alone again");
        left_ -= bytes;
    }

  private:
    static constexpr std::uint64_t kBase = std::uint64_t{64} << 20;
    static constexpr std::uint64_t kFactor = 4;

    std::uint64_t left_;
    std::string where_;
};

}  // namespace vitrine::formats
