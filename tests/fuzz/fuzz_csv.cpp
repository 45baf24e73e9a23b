// SPDX-License-Identifier: GPL-3.0-or-later
// Any bytes as a table of pictures: either rows that keep the promises of csv.h, or an Exception.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "formats/csv.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace vitrine;
    constexpr std::int64_t kClasses = 1000;
    try {
        const auto table = formats::parseLabelledTable({reinterpret_cast<const char*>(data), size}, "fuzz", kClasses);
        std::int64_t line = 1;
        for (const formats::LabelledRow& row : table.rows) {
            if (row.label < 0 || row.label >= kClasses || row.line <= line) std::abort();
            if (pathInside("/root", row.path).string().find('\0') != std::string::npos) std::abort();
            line = row.line;
        }
    } catch (const Exception&) {
    }
    return 0;
}
