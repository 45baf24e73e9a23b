// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "graph/builder.h"
#include "models/plan.h"
#include "models/weights.h"

namespace vitrine::models {

/// The pieces that transformers share, added to one graph. Ids of values are module paths as in timm, parameter ids the
/// path and "weight" or "bias".
class NetworkParts {
  public:
    NetworkParts(const ModelPlan& plan, Weights& weights) : builder(plan.info), plan_(plan), weights_(weights) {}

    graph::GraphBuilder builder;  ///< the network so far

    enum class Bias { none, present };

    graph::ValueId parameter(const std::string& name, const Shape& shape) {
        return weights_.parameter(builder, name, shape);
    }
    /// A linear layer with the parameters of `module`; the value is named `id`.
    graph::ValueId linear(const std::string& id, const std::string& module, graph::ValueId x, std::int64_t outputs,
                          Bias bias = Bias::present);
    graph::ValueId layerNorm(const std::string& id, const std::string& module, graph::ValueId x);
    /// [B,C,H,W] -> [B, patches, embed], named `id`.
    graph::ValueId patches(const std::string& id);

    /// Queries, keys and values of x [B,...,n,dim], each [B,...,heads,n,headDim].
    struct Projections {
        graph::ValueId query, key, value;
    };
    Projections project(const std::string& attention, graph::ValueId x, const StagePlan& stage);
    /// softmax(logits) value, heads merged, through the output projection: [B,...,n,dim]. `logits` end in [heads,n,n].
    graph::ValueId attend(const std::string& attention, graph::ValueId logits, graph::ValueId value,
                          const StagePlan& stage);
    /// Scaled query-key products "attention.logits".
    graph::ValueId logits(const std::string& attention, const Projections& projections, const StagePlan& stage);
    graph::ValueId mlp(const std::string& module, graph::ValueId x, const StagePlan& stage);

  private:
    const ModelPlan& plan_;
    Weights& weights_;
};

}  // namespace vitrine::models
