// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "analysis/patch_similarity.h"

/// What a network makes of the patches of one picture. Plain data, without Torch.
namespace vitrine::analysis {

/// One picture of the synthetic images of a stored run.
struct PatchRequest {
    std::string run;
    std::int64_t step = 0;    ///< iterations made: one of those of the images' sheets
    std::int64_t image = 0;   ///< number of the image
    bool quantized = false;   ///< seen by the quantized network of the run instead of the float one

    auto operator<=>(const PatchRequest&) const = default;
};

/// The attention module of one block.
struct PatchBlock {
    std::string block;  ///< id
    PatchGrid output;   ///< what the module adds to the residual stream, patch by patch (docs/methods.md)
    /// [patches, patches]: attention of each patch to each other one, the mean over heads. Empty where attention is within windows, and where
    /// there are more than 1024 patches.
    std::vector<float> attention;
    std::vector<float> classAttention;  ///< [patches]: of the class token, likewise; empty without one
};

struct PatchMaps {
    PatchRequest of;
    std::vector<PatchBlock> blocks;  ///< those with an attention module over a grid of patches, in their order
    std::int64_t width = 0, height = 0;  ///< pixels of the picture that was looked at
    std::vector<std::uint8_t> rgb;       ///< [height, width, 3]: that picture
    bool enlarged = false;               ///< the network takes more pixels than these
};
using PatchMapsPtr = std::shared_ptr<const PatchMaps>;

}  // namespace vitrine::analysis
