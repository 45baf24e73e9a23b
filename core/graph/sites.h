// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"

namespace vitrine::graph {

/// What a quantizer at a site sees; follows from what produces the value.
enum class Role {
    weight,         ///< second operand of a convolution or linear layer
    patchInput,     ///< the image, on its way into the patch embedding
    postLayerNorm,  ///< result of a layer norm, through rearrangements
    query,          ///< first operand of the product that feeds a softmax
    key,            ///< its second operand
    value,          ///< second operand of the product with a softmax
    postSoftmax,    ///< first operand of that product
    postGelu,       ///< result of a GELU
    headInput,      ///< input of a classifier in the head block
    other,          ///< everything else: input of the output projection, post-ReLU, ...
};
std::string_view roleName(Role role);  ///< "post_layer_norm"
std::optional<Role> roleFromName(std::string_view name);

/// One operand of one quantizable operation.
struct Operand {
    NodeId node = kNone;
    int index = 0;  ///< position in Node::inputs
};

/// A place where a quantizer can sit: a value that quantizable operations (convolution, linear, matrix product) read.
/// A value that several of them read is one site, as it is one Quantize/DequantizeLinear pair in a deployed graph.
struct Site {
    std::string id;  ///< the id of its value
    Role role = Role::other;
    ValueId value = kNone;
    std::vector<Operand> operands;  ///< who reads it
    std::size_t block = 0;          ///< index of the block of its first reader
    Shape shape;
    std::int64_t macs = 0;  ///< of its readers, for one image

    bool isWeight() const { return role == Role::weight; }
    /// The dimension of channels: 0 (output channels) for weights, 1 for images [B,C,H,W], the last one otherwise.
    std::int64_t channelAxis() const;
};

/// All sites in the order in which a forward pass meets them; an operation's activations come before its weight.
std::vector<Site> findSites(const Graph& graph);

/// The layer norm behind a post-LayerNorm site when an affine change of its output can be absorbed exactly: every reader
/// of the norm, through rearrangements that keep channels last and add no zeros, is a linear layer.
struct FoldableNorm {
    NodeId norm = kNone;
    std::vector<NodeId> linears;  ///< the linear layers that read it
};
std::optional<FoldableNorm> foldableNorm(const Graph& graph, const Site& site);

}  // namespace vitrine::graph
