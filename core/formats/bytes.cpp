// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/bytes.h"

#include <bit>

namespace vitrine::formats {

static_assert(std::endian::native == std::endian::little, "files are little-endian and are read as they are");

Bytes Bytes::copyOf(std::span<const std::byte> bytes) {
    if (bytes.empty()) return {};
    // new[] gives memory that is aligned for every element type.
    const std::shared_ptr<std::byte[]> copy(new std::byte[bytes.size()]);
    std::memcpy(copy.get(), bytes.data(), bytes.size());
    return {std::shared_ptr<const std::byte>(copy, copy.get()), bytes.size()};
}

std::string inQuotes(std::string_view text) {
    constexpr std::size_t kLongest = 120;
    constexpr char kDigits[] = "0123456789abcdef";
    std::string result = "\"";
    for (const char c : text.substr(0, kLongest)) {
        const auto code = static_cast<unsigned char>(c);
        if (code < 0x20 || code == 0x7f)
            result += {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
        else
            result += c;
    }
    if (text.size() > kLongest) {
        // Do not cut a UTF-8 sequence in two.
        while ((static_cast<unsigned char>(result.back()) & 0xc0) == 0x80) result.pop_back();
        if (static_cast<unsigned char>(result.back()) >= 0xc0) result.pop_back();
        result += "...";
    }
    return result + "\"";
}

}  // namespace vitrine::formats
