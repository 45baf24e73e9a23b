// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "base/parameters.h"

namespace vitrine::methods::clamp {

/// The parameters of the method that calibrates the start (start_model.h), from those of CLAMP-ViT. `images` is how many it gets.
ParameterSet startOf(const ParameterSet& own, std::int64_t images);

}  // namespace vitrine::methods::clamp
