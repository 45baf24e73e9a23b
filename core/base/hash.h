// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace vitrine {

/// 64-bit XXH3 of a text; the same on every machine.
std::uint64_t hashText(std::string_view text);

/// 128-bit XXH3 of a file's content as 32 hexadecimal digits. Identifies inputs; it is no defence against forgery.
/// Throws Exception(notFound or ioFailure).
std::string hashFile(const std::filesystem::path& path);

}  // namespace vitrine
