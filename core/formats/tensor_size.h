// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>

#include "base/host_tensor.h"

namespace vitrine::formats {

/// The bytes that a tensor needs, or nothing when a dimension is negative or the size does not fit into 63 bits.
std::optional<std::uint64_t> tensorByteCount(DType dtype, const Shape& shape);

}  // namespace vitrine::formats
