// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/host_tensor.h"

namespace vitrine::formats {

/// The largest array that is read from an idx file, in bytes.
inline constexpr std::int64_t kMaximumIdxBytes = std::int64_t{2} << 30;

/// Reads an array of unsigned bytes in the idx format of MNIST, plain or compressed by gzip (told apart by content):
/// pictures as u8 [count, rows, columns], labels as u8 [count].
/// Throws Exception(notFound, ioFailure), Exception(badFormat) for what is damaged, cut short or followed by more data,
/// Exception(unsupported) for other element types, and Exception(tooLarge) when the header claims more than
/// kMaximumIdxBytes or than the file can hold; that is checked before memory is taken.
HostTensor readIdx(const std::filesystem::path& path);

/// The same for a file's bytes; `name` stands in the errors.
HostTensor parseIdx(std::span<const std::byte> bytes, const std::string& name);

}  // namespace vitrine::formats
