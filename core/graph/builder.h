// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "graph/graph.h"

namespace vitrine::graph {

/// Assembles a Graph node by node in topological order. Shapes are inferred and checked as nodes are added, so a model
/// builder reads like the network's forward function. Every adding function returns the new value.
class GraphBuilder {
  public:
    /// Starts with the value "input" [B, channels, height, width].
    explicit GraphBuilder(ModelInfo info);

    const Shape& shape(ValueId value) const { return graph_.value(value).shape; }

    ValueId parameter(const std::string& id, HostTensor data);
    /// A parameter that follows from the architecture (a mask, an index); parameterCount() leaves it out.
    ValueId constant(const std::string& id, HostTensor data);

    ValueId conv2d(const std::string& id, ValueId x, ValueId weight, ValueId bias, ConvAttributes attributes);
    ValueId linear(const std::string& id, ValueId x, ValueId weight, ValueId bias = kNone);
    ValueId matmul(const std::string& id, ValueId a, ValueId b, MatMulAttributes attributes = {});
    ValueId softmax(const std::string& id, ValueId x);
    ValueId layerNorm(const std::string& id, ValueId x, ValueId weight, ValueId bias, double epsilon);
    ValueId gelu(const std::string& id, ValueId x, bool tanhApproximation);
    ValueId relu(const std::string& id, ValueId x);
    ValueId add(const std::string& id, ValueId a, ValueId b);
    ValueId reshape(const std::string& id, ValueId x, Shape shape);
    ValueId permute(const std::string& id, ValueId x, std::vector<std::int64_t> axes);
    ValueId expand(const std::string& id, ValueId x);
    ValueId concat(const std::string& id, std::vector<ValueId> parts, std::int64_t axis);
    ValueId slice(const std::string& id, ValueId x, SliceAttributes attributes);
    ValueId roll(const std::string& id, ValueId x, RollAttributes attributes);
    ValueId pad(const std::string& id, ValueId x, PadAttributes attributes);
    ValueId gather(const std::string& id, ValueId table, ValueId index);
    ValueId mean(const std::string& id, ValueId x, std::int64_t axis);

    /// Starts a block whose input is `input`; the nodes added until the next beginBlock() or finish() belong to it.
    void beginBlock(const std::string& id, BlockKind kind, ValueId input);

    /// Names the logits, closes the last block, validates, and hands the graph over.
    Graph finish(ValueId output);

  private:
    ValueId addNode(const std::string& id, Op op, std::vector<ValueId> inputs, Attributes attributes = {});
    void closeBlock(ValueId output);

    Graph graph_;
};

}  // namespace vitrine::graph
