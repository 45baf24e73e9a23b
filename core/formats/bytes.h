// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace vitrine::formats {

/// Read-only bytes that live as long as any copy of `data`: a memory-mapped file, or a buffer. Cheap to copy.
struct Bytes {
    std::shared_ptr<const std::byte> data;  ///< may be null when size is 0
    std::size_t size = 0;

    std::span<const std::byte> view() const { return {data.get(), size}; }
    std::string_view text() const { return {reinterpret_cast<const char*>(data.get()), size}; }

    /// `count` bytes from `offset`, sharing the owner. The caller has checked that they lie inside.
    Bytes part(std::size_t offset, std::size_t count) const {
        return {std::shared_ptr<const std::byte>(data, data.get() + offset), count};
    }

    /// A copy of `bytes` in memory of its own.
    static Bytes copyOf(std::span<const std::byte> bytes);
};

/// The little-endian unsigned integer at `source`, which need not be aligned.
template <typename T>
T readLittleEndian(const std::byte* source) {
    T value;
    std::memcpy(&value, source, sizeof(T));
    return value;
}

/// Whether `text` is valid UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool isUtf8(std::string_view text);

/// `text` in quotes for an error message: cut after 120 bytes, control characters and what is no UTF-8 escaped.
std::string inQuotes(std::string_view text);

}  // namespace vitrine::formats
