// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "base/random.h"
#include "graph/graph.h"

namespace vitrine::methods {

/// Total variation of a batch [B,C,H,W] as PSAQ-ViT takes it: the 2-norms of the differences to the right, lower, lower right and lower
/// left neighbour, each over the whole batch, summed. Differentiable. Throws Exception(invalidArgument) below 2 x 2 pixels.
at::Tensor totalVariation(const at::Tensor& images);

/// How much larger than that of 32 images of 3 x 224 x 224 the variation of equally rough images is: sqrt(elements / (32 * 3 * 224 * 224)).
double variationScale(at::IntArrayRef sizes);

/// What normalized images can hold: (0 - mean) / deviation .. (1 - mean) / deviation of each channel, as [1,C,1,1]. Networks without
/// mean and deviation take pixels as they are.
struct ValidBox {
    at::Tensor low, high;
};
ValidBox validBox(const graph::ModelInfo& info);

/// Pixels in [0,1] of normalized images; the way back of preprocessing, without its cropping.
at::Tensor denormalized(const at::Tensor& images, const graph::ModelInfo& info);

/// The same as bytes of three colours, u8 [count,3,H,W]; grey images are repeated.
at::Tensor pictures(const at::Tensor& images, const graph::ModelInfo& info);

/// `count` images of independent normal numbers, of the size that the network takes. Not clipped.
at::Tensor gaussianImages(const graph::ModelInfo& info, std::int64_t count, Random& random);

/// `count` classes, each drawn independently; int64.
at::Tensor drawLabels(const graph::ModelInfo& info, std::int64_t count, Random& random);

}  // namespace vitrine::methods
