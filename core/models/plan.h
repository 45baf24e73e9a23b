// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "graph/graph.h"
#include "models/model.h"

namespace vitrine::models {

/// Transformer blocks of one resolution.
struct StagePlan {
    std::int64_t depth = 0;
    std::int64_t dim = 0;
    std::int64_t heads = 0;
    std::int64_t headDim = 0;
    std::int64_t mlpHidden = 0;
    std::int64_t mapHeight = 0;  ///< tokens as a map; of windowed networks and patch grids
    std::int64_t mapWidth = 0;
    std::int64_t windowHeight = 0;  ///< 0 without windows
    std::int64_t windowWidth = 0;
    std::int64_t shiftHeight = 0;  ///< cyclic shift of every second block
    std::int64_t shiftWidth = 0;
};

/// Everything a builder must know about a network beyond its tensors' values.
struct ModelPlan {
    graph::ModelInfo info;
    std::vector<StagePlan> stages;  ///< one for ViT and DeiT
    Activation activation = Activation::geluErf;
    NormPlacement norm = NormPlacement::pre;
    Pooling pooling = Pooling::classToken;
    double epsilon = 1e-6;
    bool classToken = false;
    bool distillationToken = false;
    bool finalNorm = true;    ///< "norm" before pooling
    bool pooledNorm = false;  ///< "fc_norm" after pooling
    bool patchNorm = false;   ///< norm of the patch embedding
    bool qkvBias = true;

    /// Something that only the user can say. Told after the tensors were checked: a damaged file is the better news.
    std::optional<Error> unknown;

    std::int64_t prefixTokens() const { return (classToken ? 1 : 0) + (distillationToken ? 1 : 0); }
};

}  // namespace vitrine::models
