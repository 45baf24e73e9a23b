// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/hash.h"

#include <xxhash.h>

#include <array>
#include <fstream>
#include <memory>

#include "base/error.h"

namespace vitrine {

std::uint64_t hashText(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

std::string hashFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) fail(ErrorCode::notFound, "cannot be opened for reading", path.string());
    const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
    XXH3_128bits_reset(state.get());
    std::array<char, 1 << 16> buffer;
    while (file) {
        file.read(buffer.data(), buffer.size());
        XXH3_128bits_update(state.get(), buffer.data(), static_cast<std::size_t>(file.gcount()));
    }
    if (file.bad()) fail(ErrorCode::ioFailure, "reading failed", path.string());
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state.get()));
    std::string digits;
    for (const unsigned char byte : canonical.digest) {
        constexpr char hex[] = "0123456789abcdef";
        digits += {hex[byte >> 4], hex[byte & 15]};
    }
    return digits;
}

}  // namespace vitrine
