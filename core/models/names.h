// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/host_tensor.h"

namespace vitrine::models {

/// A checkpoint's tensors under the names of timm 0.6, whatever layout they came in.
struct CanonicalTensors {
    TensorMap tensors;
    std::vector<std::string> warnings;    ///< what was renamed and why
    std::string foreignLayout;            ///< title of the layout when the names are not timm's
    std::optional<std::int64_t> headDim;  ///< of foreign layouts whose code fixes it by default
};

/// Recognizes and translates:
/// - Swin in the layout of timm 1.0: "head.fc", and merging layers at the start of a stage;
/// - foreign ViT layouts: nested pre-norm wrappers ("transformer.layers.N.0.fn.to_qkv") and torch's multi-head
/// attention
///   ("transformer_layers.N.attention.in_proj_weight").
/// A linear patch embedding becomes the convolution it equals. Throws Exception(badFormat) when two names become one.
CanonicalTensors canonicalNames(const TensorMap& tensors);

/// `name` with each '#' of `pattern` matched to a run of digits that take the place of the '#'s of `replacement`, or
/// nothing when it does not match: ("layers.3.norm", "layers.#.norm", "blocks.#.norm1") -> "blocks.3.norm1".
std::optional<std::string> renamed(std::string_view name, std::string_view pattern, std::string_view replacement);

/// The number of different N among names that begin with "<prefix>N.". Throws Exception(badFormat) naming the first one
/// that is absent when they are not 0, 1, 2, ...
std::int64_t countIndexed(const TensorMap& tensors, const std::string& prefix);

}  // namespace vitrine::models
