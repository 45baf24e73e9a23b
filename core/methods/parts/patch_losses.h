// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

/// Losses over the patches of images, one number for each image. Differentiable, in the precision of their inputs. All of them throw
/// Exception(invalidArgument) when shapes or settings make no sense. Formulas with their sources: docs/methods.md.
namespace vitrine::methods {

/// How several positives of a patch are taken together.
enum class PositivesReduction {
    sum,   ///< -log(sum_P e / (sum_P e + sum_N e))
    mean,  ///< "supcon": mean over P of -log(e_p / (sum_P e + sum_N e))
};

/// The neighbourhood contrast of CLAMP-ViT: each patch against its nearest patches on the grid.
struct PatchContrast {
    double temperature = 0.1;
    std::int64_t radius = 1;     ///< neighbours lie at most so far off in both directions; 1: 3 x 3
    std::int64_t positives = 4;  ///< so many most similar neighbours attract; at least one neighbour always repels
    PositivesReduction reduction = PositivesReduction::sum;
};

/// Neighbours of each patch of a grid, row by row. Patches at the border have fewer of them.
struct PatchNeighbours {
    at::Tensor index;  ///< int64 [M, K]: the neighbours of patch i; i itself where there is none
    at::Tensor valid;  ///< bool [M, K]
    at::Tensor count;  ///< int64 [M]
};
PatchNeighbours patchNeighbours(std::int64_t rows, std::int64_t columns, std::int64_t radius);

/// Cosine similarity <p_i, p_j> / (|p_i| |p_j| + 1e-8) of each patch [B, M, C] to its neighbours: [B, M, K], 0 where there is none.
at::Tensor neighbourSimilarity(const at::Tensor& patches, std::int64_t rows, std::int64_t columns, std::int64_t radius);

/// Which neighbours are positives: bool [B, M, K], the min(positives, neighbours - 1) most similar ones; equal ones in their order.
at::Tensor positiveNeighbours(const at::Tensor& similarity, const PatchNeighbours& neighbours, std::int64_t positives);

/// The loss of each image [B], mean over its patches [B, rows * columns, C]. Which neighbours are positives is chosen without gradient.
/// The grid has at least 2 x 2 patches.
at::Tensor patchContrastiveLoss(const at::Tensor& patches, std::int64_t rows, std::int64_t columns, const PatchContrast& contrast);

/// How PSAQ-ViT estimates the density of patch similarities.
struct PatchDensity {
    double bandwidth = 0.01;
    std::int64_t points = 10;  ///< evaluated here, from the least to the greatest similarity of a group
};

/// Differential entropy of the cosine similarities between all pairs of patches of a group [G, n, d], by a Gaussian kernel density
/// estimate f:  trapz(-(f + 1e-4) log(f + 1e-4)). One number for each group [G]. The points have no gradient.
at::Tensor patchEntropy(const at::Tensor& patches, const PatchDensity& density);

}  // namespace vitrine::methods
