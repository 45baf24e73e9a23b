// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace vitrine::engine {

/// Gives pages of files back that are mapped into memory, as checkpoints are. They are read again when touched.
class MappedPages {
  public:
    /// Notes which memory is a read-only map of a file at this moment.
    MappedPages();

    /// Releases the whole pages of `bytes` that are mapped so; other memory stays as it is.
    void release(std::span<const std::byte> bytes) const;

  private:
    std::vector<std::pair<std::uintptr_t, std::uintptr_t>> ranges_;  ///< [begin, end)
};

}  // namespace vitrine::engine
