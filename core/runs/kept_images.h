// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <optional>

#include "data/preprocess.h"

namespace vitrine::runs {

/// The synthetic images that the run of this folder keeps in full size beside its model (project/synthetic_export.h): u8 [count,3,height,width].
/// None where it keeps none. Throws Exception(badFormat) for a damaged file.
std::optional<at::Tensor> keptImages(const std::filesystem::path& run);

/// Pictures [N,3,height,width] in 0..1 as a network takes them: resized, and normalized.
at::Tensor networkInput(const at::Tensor& pictures, const data::Preprocessing& wanted);

}  // namespace vitrine::runs
