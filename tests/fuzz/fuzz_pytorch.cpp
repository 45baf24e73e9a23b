// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a checkpoint of any format: either tensors whose every byte can be read, or an Exception.
#include <cstdint>

#include "base/error.h"
#include "formats/checkpoint.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vitrine;
    try {
        const auto checkpoint =
            formats::parseCheckpoint(formats::Bytes::copyOf(std::as_bytes(std::span(data, size))), "fuzz");
        volatile std::uint8_t sum = 0;
        for (const auto& [name, tensor] : checkpoint.tensors)
            for (const std::byte byte : tensor.view()) sum = sum + std::to_integer<std::uint8_t>(byte);
    } catch (const Exception&) {
    }
    return 0;
}
