// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/host_tensor.h"
#include "graph/graph.h"
#include "graph/sites.h"
#include "quant/encoding.h"

namespace vitrine::methods {

/// What becomes the zero point of the one quantizer that replaces the channel-wise ones.
enum class SharedZeroPoint {
    rounded,     ///< the rounded mean, within the codes: then x'/s~ + z~ = x/s + z exactly (ours; docs/methods.md 3)
    fractional,  ///< the plain mean, as in the official release
};

/// A layer norm and the linear layers behind it after their channel-wise quantizers became one.
struct Reparameterization {
    quant::Encoding encoding;  ///< per tensor, for the rewritten activation
    TensorMap parameters;      ///< the rewritten ones by id: weight and bias of the norm, weights and biases of the layers
};

/// The norms that can be folded exactly, by the index of the post-LayerNorm site: every reader of the norm is a linear
/// layer, and all of them read that one site.
std::map<std::size_t, graph::FoldableNorm> foldableSites(const graph::Graph& graph, const std::vector<graph::Site>& sites);

/// Replaces channel-wise quantization (s, z) behind `norm` by one scale s~ = mean(s) and zero point z~ for all channels,
/// rewriting the parameters so that the float network computes the same (RepQ-ViT, ICCV 2023, section 3.2):
///   r = s / s~,  l = -z s,  l~ = -z~ s~,  t = l / r - l~
///   gamma' = gamma / r,  beta' = beta / r - t,  W'[:,c] = W[:,c] r_c,  b' = b + W' t
/// Computed in double. A layer without bias gains one, named after its weight. `channelwise` is a uniform encoding with a
/// scale for each channel of the norm. `graph` has the parameters before the change.
/// Throws Exception(invalidArgument) when the encoding does not fit the norm.
Reparameterization reparameterizeScales(const graph::Graph& graph, const graph::FoldableNorm& norm,
                                        const quant::Encoding& channelwise, SharedZeroPoint zeroPoint);

}  // namespace vitrine::methods
