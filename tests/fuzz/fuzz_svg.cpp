// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a drawing for a report: refused with an Exception, or written anew as an element that stays the same when it is done again.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/error.h"
#include "report/svg.h"

using namespace vitrine;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string once;
    try {
        once = report::embeddableSvg({reinterpret_cast<const char*>(data), size}, "");
    } catch (const Exception& exception) {
        if (exception.error().code == ErrorCode::internal) std::abort();
        return 0;
    }
    for (const std::string_view harmful : {"<script", "<foreignObject", "<!", "<?"})
        if (once.find(harmful) != std::string::npos) std::abort();
    if (report::embeddableSvg(once, "") != once) std::abort();
    return 0;
}
