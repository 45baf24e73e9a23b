// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as an idx array, plain or compressed: either all of its elements, or an Exception.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "formats/idx.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vitrine;
    try {
        const HostTensor tensor = formats::parseIdx(std::as_bytes(std::span(data, size)), "fuzz");
        if (static_cast<std::int64_t>(tensor.byteCount) != tensor.count()) std::abort();
        volatile std::uint8_t sum = 0;
        for (const std::uint8_t value : tensor.as<std::uint8_t>()) sum = sum + value;
    } catch (const Exception&) {
    }
    return 0;
}
