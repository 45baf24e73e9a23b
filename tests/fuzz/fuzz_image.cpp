// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a picture: either all of its pixels, or an Exception.
#include <cstdint>
#include <cstdlib>
#include <span>

#include "base/error.h"
#include "formats/image.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vitrine;
    try {
        const formats::Image image = formats::decodeImage(std::as_bytes(std::span(data, size)), "fuzz");
        const auto pixels = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
        if (pixels == 0 || image.rgb.size() != 3 * pixels) std::abort();
    } catch (const Exception&) {
    }
    return 0;
}
