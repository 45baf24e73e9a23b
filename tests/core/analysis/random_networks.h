// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>

#include "graph/graph.h"

namespace vitrine::test {

/// A ViT of 2 blocks on 16 x 16 images: 5 tokens, 16 channels, 2 heads, 5 classes; random parameters, layer norms with
/// weights far from 1 and one channel with large values, as in real networks.
std::shared_ptr<const graph::Graph> randomVit(std::uint64_t seed);

/// A Swin of 2 stages on 32 x 32 images: windows of 4, a shifted block, a merging whose linear layer has no bias.
std::shared_ptr<const graph::Graph> randomSwin(std::uint64_t seed);

/// `count` images for `network` with normally distributed pixels.
at::Tensor randomImages(const graph::Graph& network, std::int64_t count, std::uint64_t seed);

}  // namespace vitrine::test
