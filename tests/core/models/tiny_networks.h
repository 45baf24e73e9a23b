// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "formats/checkpoint.h"
#include "models/model.h"

namespace vitrine::test {

/// Sizes of a small ViT. The defaults make every size differ from every other, so that mixed-up axes show.
struct TinyVit {
    std::int64_t channels = 3, height = 12, width = 8, patch = 4;
    std::int64_t dim = 10, depth = 2, heads = 3, headDim = 4, hidden = 14, classes = 5;
    bool classToken = true, distilled = false, qkvBias = true, finalNorm = true, pooledNorm = false;
    models::Activation activation = models::Activation::geluErf;
    models::NormPlacement norm = models::NormPlacement::pre;
    models::Pooling pooling = models::Pooling::classToken;
    double epsilon = 1e-6;

    std::int64_t patches() const { return height / patch * (width / patch); }
    std::int64_t prefix() const { return (classToken ? 1 : 0) + (distilled ? 1 : 0); }
    /// What the tensors do not tell.
    models::ModelOverrides overrides() const;
};

/// Sizes of a small Swin, odd maps and incomplete windows included.
struct TinySwin {
    std::int64_t channels = 3, height = 26, width = 22, patch = 2, window = 4;
    std::vector<std::int64_t> dims{6, 10, 12}, depths{2, 3, 1}, heads{2, 5, 3};
    std::int64_t hiddenRatio = 2, classes = 5;
    bool patchNorm = true;
    double epsilon = 1e-5;

    models::ModelOverrides overrides() const;
};

/// Random weights under the names of timm 0.6; no parameter is 0 or 1.
formats::Checkpoint randomCheckpoint(const TinyVit& network, std::uint64_t seed = 1);
formats::Checkpoint randomCheckpoint(const TinySwin& network, std::uint64_t seed = 1);

/// A batch of random images [count, channels, height, width].
HostTensor randomImages(std::int64_t count, std::int64_t channels, std::int64_t height, std::int64_t width);

/// Logits [count * classes] by plain loops in double precision, written from the papers' formulas and independent of
/// graph and engine.
std::vector<float> referenceLogits(const TinyVit& network, const TensorMap& weights, const HostTensor& images);
std::vector<float> referenceLogits(const TinySwin& network, const TensorMap& weights, const HostTensor& images);

}  // namespace vitrine::test
