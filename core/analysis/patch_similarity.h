// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "results/artefacts.h"

/// How much the patches of a picture resemble each other: what a neighbourhood contrast attracts and repels. Plain data, without
/// Torch. Thread safe.
namespace vitrine::analysis {

/// Patches of a grid with a vector each, row by row.
struct PatchGrid {
    std::int64_t rows = 0, columns = 0, channels = 0;
    std::vector<float> values;  ///< rows * columns * channels
};

/// The pixels of image `image` in sheet `sheet` as patches of `rows` x `columns`: each vector holds the red, green and blue values of its
/// patch, less their means over the picture. Pixels that are left over at the right and below are not used.
/// Throws Exception(invalidArgument) when there is no such sheet, image or grid.
PatchGrid pixelPatches(const results::SyntheticImages& images, std::int64_t sheet, std::int64_t image, std::int64_t rows, std::int64_t columns);

/// All patches seen from one of them.
struct AnchorSimilarity {
    std::int64_t anchor = 0;
    std::vector<double> similarity;        ///< cosine <p_i, p_j> / (|p_i| |p_j| + 1e-8) by patch; 1 at the anchor
    std::vector<std::int64_t> positives;   ///< the most similar neighbours, most similar first; equal ones in their order
    std::vector<std::int64_t> negatives;   ///< the other neighbours, in their order
};

/// Neighbours lie at most `radius` off in both directions; min(positives, neighbours - 1) of them are positives, as in CLAMP-ViT (radius
/// 1, 4 positives). Throws Exception(invalidArgument) for an anchor outside of the grid or sizes that do not fit.
AnchorSimilarity anchorSimilarity(const PatchGrid& grid, std::int64_t anchor, std::int64_t radius = 1, std::int64_t positives = 4);

}  // namespace vitrine::analysis
