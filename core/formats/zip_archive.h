// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "formats/bytes.h"
#include "formats/memory_budget.h"

namespace vitrine::formats {

/// One file in a zip archive.
struct ZipEntry {
    std::string name;
    bool deflated = false;           ///< else stored as it is
    std::uint32_t checksum = 0;      ///< CRC-32 of the content, as the directory claims
    std::uint64_t headerOffset = 0;  ///< of the local header
    std::uint64_t dataOffset = 0;    ///< of the stored or compressed bytes
    std::uint64_t storedSize = 0;    ///< bytes in the archive
    std::uint64_t size = 0;          ///< bytes of content
};

/// The directory of a zip archive (with zip64) in memory. Never writes anything to disk; names are only compared.
/// Entries lie inside the file, do not overlap, have a local header of the same name, and have different names. Safe to
/// share.
class ZipArchive {
  public:
    /// Throws Exception(badFormat) naming `where` when the archive is damaged or inconsistent, unsupported when an
    /// entry is encrypted or neither stored nor deflated, or when the archive spans several files.
    ZipArchive(Bytes file, std::string where);

    const std::map<std::string, ZipEntry, std::less<>>& entries() const { return entries_; }
    const ZipEntry* find(std::string_view name) const;  ///< null when there is none

    /// The content of an entry: a part of the file when stored, inflated into memory from `budget` otherwise.
    /// Throws Exception(badFormat) when the compressed bytes are damaged or do not give the size that the directory
    /// claims.
    Bytes content(const ZipEntry& entry, MemoryBudget& budget) const;

  private:
    Bytes file_;
    std::string where_;
    std::map<std::string, ZipEntry, std::less<>> entries_;
};

/// CRC-32 of `bytes`, as zip files use it.
std::uint32_t crc32Of(std::span<const std::byte> bytes);

}  // namespace vitrine::formats
