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

namespace {

/// The length of the UTF-8 sequence at the start of `text`, or 0 when it is malformed. `text` is not empty.
std::size_t utf8Length(std::string_view text) {
    const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = at(0);
    if (first < 0x80) return 1;
    const std::size_t length = first >= 0xc2 && first < 0xe0   ? 2
                               : first >= 0xe0 && first < 0xf0 ? 3
                               : first >= 0xf0 && first < 0xf5 ? 4
                                                               : 0;
    if (length == 0 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((at(i) & 0xc0) != 0x80) return 0;
    const bool overlong = (first == 0xe0 && at(1) < 0xa0) || (first == 0xf0 && at(1) < 0x90);
    const bool outside = (first == 0xed && at(1) >= 0xa0) || (first == 0xf4 && at(1) >= 0x90);
    return overlong || outside ? 0 : length;
}

}  // namespace

bool isUtf8(std::string_view text) {
    while (!text.empty()) {
        const std::size_t length = utf8Length(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string inQuotes(std::string_view text) {
    constexpr std::size_t kLongest = 120;
    constexpr char kDigits[] = "0123456789abcdef";
    std::string result = "\"";
    while (!text.empty() && result.size() <= kLongest) {
        const std::size_t length = utf8Length(text);
        const auto code = static_cast<unsigned char>(text.front());
        if (length == 0 || code < 0x20 || code == 0x7f)
            result += {'\\', 'x', kDigits[code >> 4], kDigits[code & 15]};
        else
            result += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return result + (text.empty() ? "\"" : "...\"");
}

}  // namespace vitrine::formats
