// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/tensor_size.h"

#include <limits>

namespace vitrine::formats {

std::optional<std::uint64_t> tensorByteCount(DType dtype, const Shape& shape) {
    bool empty = false;
    for (const std::int64_t size : shape) {
        if (size < 0) return std::nullopt;
        empty = empty || size == 0;
    }
    if (empty) return 0;
    std::uint64_t bytes = dtypeSize(dtype);
    for (const std::int64_t size : shape) {
        const auto factor = static_cast<std::uint64_t>(size);
        if (bytes > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) / factor) return std::nullopt;
        bytes *= factor;
    }
    return bytes;
}

}  // namespace vitrine::formats
