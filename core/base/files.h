// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace vitrine {

/// Replaces `path` by `content` so that a reader, a crash, a kill or a full disk sees the old file or the new one, never
/// a part: writes a temporary file beside it, syncs it, renames it over `path`, and syncs the folder.
/// Throws Exception(ioFailure) and leaves the old file untouched.
void writeFileAtomically(const std::filesystem::path& path, std::string_view content);

/// Same for content in several parts, which are written one after the other without being joined in memory.
void writeFileAtomically(const std::filesystem::path& path, std::span<const std::string_view> parts);

/// The whole of a text file. Throws Exception(notFound, ioFailure), or tooLarge above `limit` bytes.
std::string readTextFile(const std::filesystem::path& path, std::size_t limit = std::size_t{256} << 20);

/// Flushes a folder's entries to disk, so that a rename inside it survives a power cut. Throws Exception(ioFailure).
void syncFolder(const std::filesystem::path& folder);

/// `relative` resolved under `root`; throws Exception(badFormat) when it is absolute or would leave `root`.
std::filesystem::path pathInside(const std::filesystem::path& root, const std::filesystem::path& relative);

}  // namespace vitrine
