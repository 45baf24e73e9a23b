// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/mapped_pages.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>

namespace vitrine::engine {

MappedPages::MappedPages() {
    std::ifstream maps("/proc/self/maps");  // where it is missing, nothing is released
    for (std::string line; std::getline(maps, line);) {
        std::istringstream fields(line);
        std::uintptr_t begin = 0;
        std::uintptr_t end = 0;
        char dash = 0;
        std::string access, offset, device;
        std::uint64_t inode = 0;
        fields >> std::hex >> begin >> dash >> end >> access >> offset >> device >> std::dec >> inode;
        if (fields && access == "r--p" && inode != 0) ranges_.emplace_back(begin, end);
    }
}

void MappedPages::release(std::span<const std::byte> bytes) const {
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    const auto first = reinterpret_cast<std::uintptr_t>(bytes.data());
    const std::uintptr_t begin = (first + page - 1) / page * page;
    const std::uintptr_t end = (first + bytes.size()) / page * page;
    const bool mapped = std::any_of(ranges_.begin(), ranges_.end(), [&](const auto& range) {
        return range.first <= begin && end <= range.second;
    });
    // The pages are clean, so they are only forgotten; a refusal changes nothing but the memory in use.
    if (mapped && begin < end) ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace vitrine::engine
