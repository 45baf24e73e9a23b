// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/host_tensor.h"

namespace vitrine::graph {

/// The batch size in shapes: unknown until a batch is evaluated. Only dimension 0 may be kBatch.
inline constexpr std::int64_t kBatch = -1;

using ValueId = std::int32_t;  ///< index into Graph::values
using NodeId = std::int32_t;   ///< index into Graph::nodes
inline constexpr std::int32_t kNone = -1;

/// The closed set of operations. Each has one row in operations.cpp (arity, shape rule, MAC rule) and one in the engine.
enum class Op {
    conv2d,     ///< (image [B,C,H,W], weight [O,C/g,kH,kW], bias [O]?) -> [B,O,H',W']
    linear,     ///< (x [...,I], weight [O,I], bias [O]?) -> [...,O]
    matmul,     ///< (a [...,M,K], b [...,K,N], or [...,N,K] when transposeB) -> scale * a b
    softmax,    ///< over the last dimension
    layerNorm,  ///< (x [...,C], weight [C], bias [C]), over the last dimension, biased variance
    gelu,
    relu,
    add,      ///< with broadcasting
    reshape,  ///< same elements in row-major order
    permute,
    expand,  ///< [1,...] -> [B,...]: repeats a parameter for every image of the batch
    concat,
    slice,   ///< one range, or one index, of one dimension
    roll,    ///< cyclic shift
    pad,     ///< zeros after the end of dimensions
    gather,  ///< (table [R,...], index [...] int64): rows of a table
    mean,    ///< over one dimension, which disappears
};
inline constexpr int kOpCount = static_cast<int>(Op::mean) + 1;

struct ConvAttributes {
    std::array<std::int64_t, 2> stride{1, 1};
    std::array<std::int64_t, 2> padding{0, 0};
    std::int64_t groups = 1;
};
struct MatMulAttributes {
    bool transposeB = false;
    double scale = 1.0;
};
struct LayerNormAttributes {
    double epsilon = 1e-5;
};
struct GeluAttributes {
    bool tanhApproximation = false;
};
struct ReshapeAttributes {
    Shape shape;  ///< may hold kBatch at dimension 0
};
struct PermuteAttributes {
    std::vector<std::int64_t> axes;
};
struct AxisAttributes {  ///< concat, mean
    std::int64_t axis = 0;
};
struct SliceAttributes {
    std::int64_t axis = 0;
    std::int64_t start = 0;
    std::int64_t length = 1;
    bool squeeze = false;  ///< drop the dimension; length is 1
};
struct RollAttributes {
    std::vector<std::int64_t> axes;
    std::vector<std::int64_t> shifts;
};
struct PadAttributes {
    std::vector<std::int64_t> axes;
    std::vector<std::int64_t> after;  ///< zeros appended per axis
};
using Attributes = std::variant<std::monostate, ConvAttributes, MatMulAttributes, LayerNormAttributes, GeluAttributes,
                                ReshapeAttributes, PermuteAttributes, AxisAttributes, SliceAttributes, RollAttributes,
                                PadAttributes>;

enum class ValueKind { input, parameter, computed };

/// A tensor of the network: its input, a parameter, or the result of a node.
struct Value {
    std::string id;  ///< unique, stable and readable: "blocks.3.attn.softmax", "blocks.3.mlp.fc2.weight"
    ValueKind kind = ValueKind::computed;
    Shape shape;
    NodeId producer = kNone;  ///< the node that computes it
    HostTensor data;          ///< of a parameter (f32, or i64 for gather indices)
    bool constant = false;    ///< a parameter that follows from the architecture, not from training (masks, indices)
};

struct Node {
    Op op = Op::add;
    Attributes attributes;
    std::vector<ValueId> inputs;  ///< activations first, then weight and bias where the operation has them
    ValueId output = kNone;

    template <typename T>
    const T& as() const {
        return std::get<T>(attributes);
    }
};

enum class BlockKind { embedding, transformer, merging, head };
std::string_view blockKindName(BlockKind kind);

/// A run of consecutive nodes with one input and one output value (the residual stream).
struct Block {
    std::string id;  ///< prefix of the ids of its values: "blocks.3", "layers.1.blocks.0", "patch_embed", "head"
    BlockKind kind = BlockKind::transformer;
    NodeId firstNode = 0;
    NodeId endNode = 0;  ///< one past the last
    ValueId input = kNone;
    ValueId output = kNone;
};

/// What a network needs to know about its images and classes, from its metadata or its family's convention.
struct ModelInfo {
    std::string family;        ///< "vit", "deit", "deit_distilled", "swin"
    std::string architecture;  ///< "vit_tiny_patch16_224" where known, else empty
    std::int64_t imageChannels = 3;
    std::int64_t imageHeight = 224;
    std::int64_t imageWidth = 224;
    std::int64_t classes = 1000;
    std::int64_t embedDim = 0;
    std::vector<std::int64_t> depths;  ///< transformer blocks per stage
    std::vector<std::int64_t> heads;   ///< per stage
    std::int64_t patchSize = 0;
    std::int64_t windowSize = 0;        ///< 0 without windows
    std::vector<double> mean;           ///< per channel, of pixels in [0,1]
    std::vector<double> standardDeviation;
    double cropFraction = 0.9;
    std::string interpolation = "bicubic";
    std::vector<std::string> assumptions;  ///< what neither the file nor the user said, in words
};

/// A network as data: nodes in topological order, the values between them, and an ordered partition into blocks.
/// Immutable once built; share it as shared_ptr<const Graph>. Copies are cheap (parameters share their bytes).
struct Graph {
    ModelInfo info;
    std::vector<Value> values;
    std::vector<Node> nodes;
    std::vector<Block> blocks;
    ValueId input = kNone;   ///< "input" [B,C,H,W]
    ValueId output = kNone;  ///< "logits" [B,classes]

    const Value& value(ValueId id) const { return values[static_cast<std::size_t>(id)]; }
    const Node& node(NodeId id) const { return nodes[static_cast<std::size_t>(id)]; }

    /// The value with this id, if there is one.
    std::optional<ValueId> find(std::string_view id) const;
    /// The same, or Exception(notFound) that names the nearest id.
    ValueId require(std::string_view id) const;
    /// Index of the block that holds `node`.
    std::size_t blockOf(NodeId node) const;
    /// Nodes that read each value, by ValueId.
    std::vector<std::vector<NodeId>> consumers() const;
    /// Number of elements of all trained parameters: those that are not constants.
    std::int64_t parameterCount() const;
};

/// The ids that match `pattern`, where '*' stands for any characters: "blocks.*.attn.softmax". In graph order.
std::vector<ValueId> matchValues(const Graph& graph, std::string_view pattern);

/// Whether `text` matches `pattern`, where '*' stands for any run of characters and '?' for one.
bool matchesPattern(std::string_view text, std::string_view pattern);

/// Throws Exception(internal) when an invariant is broken: ids unique, nodes in topological order, shapes as the shape
/// rules say, parameter data of their shape, blocks a partition with the stated inputs and outputs.
void validate(const Graph& graph);

/// A readable listing: info, blocks, one line per node.
std::string dump(const Graph& graph);

}  // namespace vitrine::graph
