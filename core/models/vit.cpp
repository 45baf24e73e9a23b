// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/families.h"
#include "models/parts.h"

namespace vitrine::models {
namespace {

using graph::BlockKind;
using graph::ValueId;

class VitBuilder {
  public:
    VitBuilder(const ModelPlan& plan, Weights& weights) : plan_(plan), parts_(plan, weights) {}

    graph::Graph build() {
        ValueId x = embed();
        for (std::int64_t i = 0; i < plan_.stages[0].depth; ++i) {
            const std::string name = "blocks." + std::to_string(i);
            parts_.builder.beginBlock(name, BlockKind::transformer, x);
            x = plan_.norm == NormPlacement::post ? postNormBlock(name, x) : preNormBlock(name, x);
        }
        parts_.builder.beginBlock("head", BlockKind::head, x);
        return parts_.builder.finish(plan_.distillationToken ? distilledHead(x) : head(x));
    }

  private:
    ValueId embed() {
        graph::GraphBuilder& g = parts_.builder;
        g.beginBlock("patch_embed", BlockKind::embedding, 0);
        const std::int64_t dim = plan_.info.embedDim;
        ValueId x = parts_.patches("patch_embed");
        std::vector<ValueId> tokens;
        if (plan_.classToken) tokens.push_back(g.expand("patch_embed.cls", parts_.parameter("cls_token", {1, 1, dim})));
        if (plan_.distillationToken)
            tokens.push_back(g.expand("patch_embed.dist", parts_.parameter("dist_token", {1, 1, dim})));
        if (!tokens.empty()) {
            tokens.push_back(x);
            x = g.concat("patch_embed.with_tokens", tokens, 1);
        }
        return g.add("tokens", x, parts_.parameter("pos_embed", {1, g.shape(x)[1], dim}));
    }

    ValueId attention(const std::string& module, ValueId x) {
        const StagePlan& stage = plan_.stages[0];
        const auto projections = parts_.project(module, x, stage);
        return parts_.attend(module, parts_.logits(module, projections, stage), projections.value, stage);
    }

    ValueId preNormBlock(const std::string& name, ValueId x) {
        graph::GraphBuilder& g = parts_.builder;
        const ValueId norm1 = parts_.layerNorm(name + ".norm1", name + ".norm1", x);
        const ValueId middle = g.add(name + ".resid1", x, attention(name + ".attn", norm1));
        const ValueId norm2 = parts_.layerNorm(name + ".norm2", name + ".norm2", middle);
        return g.add(name + ".out", middle, parts_.mlp(name + ".mlp", norm2, plan_.stages[0]));
    }

    /// The second norm ends the block, so its result is "out".
    ValueId postNormBlock(const std::string& name, ValueId x) {
        graph::GraphBuilder& g = parts_.builder;
        const ValueId first = g.add(name + ".resid1", x, attention(name + ".attn", x));
        const ValueId norm1 = parts_.layerNorm(name + ".norm1", name + ".norm1", first);
        const ValueId second = g.add(name + ".resid2", norm1, parts_.mlp(name + ".mlp", norm1, plan_.stages[0]));
        return parts_.layerNorm(name + ".out", name + ".norm2", second);
    }

    ValueId token(const std::string& id, ValueId x, std::int64_t index) {
        return parts_.builder.slice(id, x, {.axis = 1, .start = index, .length = 1, .squeeze = true});
    }

    ValueId pooled(const std::string& id, ValueId x) {
        if (plan_.pooling == Pooling::classToken) return token(id, x, 0);
        const std::int64_t prefix = plan_.prefixTokens();
        if (prefix > 0)
            x = parts_.builder.slice("patch_tokens", x,
                                     {.axis = 1, .start = prefix, .length = parts_.builder.shape(x)[1] - prefix});
        return parts_.builder.mean(id, x, 1);
    }

    ValueId head(ValueId x) {
        if (plan_.finalNorm) x = parts_.layerNorm("norm", "norm", x);
        ValueId features = pooled(plan_.pooledNorm ? "pooled" : "pre_logits", x);
        if (plan_.pooledNorm) features = parts_.layerNorm("pre_logits", "fc_norm", features);
        return parts_.linear("logits", "head", features, plan_.info.classes);
    }

    /// Two classifiers, one for each token; the logits are their mean.
    ValueId distilledHead(ValueId x) {
        graph::GraphBuilder& g = parts_.builder;
        const std::int64_t classes = plan_.info.classes;
        x = parts_.layerNorm("norm", "norm", x);
        const ValueId byClass = parts_.linear("logits_cls", "head", token("pre_logits_cls", x, 0), classes);
        const ValueId byTeacher = parts_.linear("logits_dist", "head_dist", token("pre_logits_dist", x, 1), classes);
        const Shape row{graph::kBatch, 1, classes};
        const ValueId both =
            g.concat("logits_both",
                     {g.reshape("logits_cls.row", byClass, row), g.reshape("logits_dist.row", byTeacher, row)}, 1);
        return g.mean("logits", both, 1);
    }

    const ModelPlan& plan_;
    NetworkParts parts_;
};

}  // namespace

graph::Graph buildVit(const ModelPlan& plan, Weights& weights) { return VitBuilder(plan, weights).build(); }

}  // namespace vitrine::models
