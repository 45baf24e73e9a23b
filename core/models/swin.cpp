// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/families.h"
#include "models/parts.h"
#include "models/windows.h"

namespace vitrine::models {
namespace {

using graph::BlockKind;
using graph::kBatch;
using graph::ValueId;

class SwinBuilder {
  public:
    SwinBuilder(const ModelPlan& plan, Weights& weights) : plan_(plan), weights_(weights), parts_(plan, weights) {}

    graph::Graph build() {
        ValueId x = embed();
        for (std::size_t i = 0; i < plan_.stages.size(); ++i) {
            const std::string layer = "layers." + std::to_string(i);
            x = stage(layer, x, plan_.stages[i]);
            if (i + 1 < plan_.stages.size())
                x = merge(layer + ".downsample", x, plan_.stages[i], plan_.stages[i + 1].dim);
        }
        parts_.builder.beginBlock("head", BlockKind::head, x);
        x = parts_.layerNorm("norm", "norm", x);
        x = parts_.builder.mean("pre_logits", x, 1);
        return parts_.builder.finish(parts_.linear("logits", "head", x, plan_.info.classes));
    }

  private:
    /// A block's constants: one index for all blocks of a stage, one mask for its shifted ones.
    struct StageConstants {
        HostTensor index;
        HostTensor mask;
    };

    ValueId embed() {
        parts_.builder.beginBlock("patch_embed", BlockKind::embedding, 0);
        if (!plan_.patchNorm) return parts_.patches("patch_embed");
        return parts_.layerNorm("patch_embed", "patch_embed.norm", parts_.patches("patch_embed.proj"));
    }

    ValueId stage(const std::string& layer, ValueId x, const StagePlan& stage) {
        const bool shifts = stage.shiftHeight > 0 || stage.shiftWidth > 0;
        StageConstants constants{.index = relativePositionIndex(stage.windowHeight, stage.windowWidth)};
        if (shifts && stage.depth > 1) constants.mask = shiftMask(stage);
        for (std::int64_t i = 0; i < stage.depth; ++i) {
            const std::string name = layer + ".blocks." + std::to_string(i);
            parts_.builder.beginBlock(name, BlockKind::transformer, x);
            x = block(name, x, stage, constants, shifts && i % 2 == 1);
        }
        return x;
    }

    ValueId block(const std::string& name, ValueId x, const StagePlan& stage, const StageConstants& constants,
                  bool shifted) {
        graph::GraphBuilder& g = parts_.builder;
        const std::string attention = name + ".attn";
        const ValueId norm1 = parts_.layerNorm(name + ".norm1", name + ".norm1", x);
        const ValueId windows = partition(attention, norm1, stage, shifted);
        const auto projections = parts_.project(attention, windows, stage);
        ValueId logits = parts_.logits(attention, projections, stage);
        logits = g.add(attention + ".biased", logits, positionBias(attention, stage, constants.index));
        weights_.ignore(name + ".attn_mask");
        if (shifted) logits = g.add(attention + ".masked", logits, mask(name, constants.mask));
        const ValueId attended = parts_.attend(attention, logits, projections.value, stage);
        const ValueId middle = g.add(name + ".resid1", x, reverse(attention + ".proj", attended, stage, shifted));
        const ValueId norm2 = parts_.layerNorm(name + ".norm2", name + ".norm2", middle);
        return g.add(name + ".out", middle, parts_.mlp(name + ".mlp", norm2, stage));
    }

    /// Rows of the bias table as [heads, n, n].
    ValueId positionBias(const std::string& attention, const StagePlan& stage, const HostTensor& index) {
        graph::GraphBuilder& g = parts_.builder;
        const std::int64_t rows = (2 * stage.windowHeight - 1) * (2 * stage.windowWidth - 1);
        const std::int64_t tokens = stage.windowHeight * stage.windowWidth;
        weights_.ignore(attention + ".relative_position_index");
        const ValueId table = parts_.parameter(attention + ".relative_position_bias_table", {rows, stage.heads});
        const ValueId pairs =
            g.gather(attention + ".bias_pairs", table, g.constant(attention + ".relative_position_index", index));
        const ValueId square = g.reshape(attention + ".bias_square", pairs, {tokens, tokens, stage.heads});
        return g.permute(attention + ".rel_pos_bias", square, {2, 0, 1});
    }

    /// The mask as [windows, 1, n, n], to be added for every head.
    ValueId mask(const std::string& name, const HostTensor& data) {
        const Shape shape{data.shape[0], 1, data.shape[1], data.shape[2]};
        return parts_.builder.reshape(name + ".attn.mask", parts_.builder.constant(name + ".attn_mask", data), shape);
    }

    /// [B, H*W, C] -> windows [B, windows, n, C]: roll, then pad, then cut.
    ValueId partition(const std::string& attention, ValueId x, const StagePlan& stage, bool shifted) {
        graph::GraphBuilder& g = parts_.builder;
        const std::int64_t height = paddedSize(stage.mapHeight, stage.windowHeight);
        const std::int64_t width = paddedSize(stage.mapWidth, stage.windowWidth);
        x = g.reshape(attention + ".map", x, {kBatch, stage.mapHeight, stage.mapWidth, stage.dim});
        if (shifted)
            x = g.roll(attention + ".rolled", x, {.axes = {1, 2}, .shifts = {-stage.shiftHeight, -stage.shiftWidth}});
        if (height > stage.mapHeight || width > stage.mapWidth)
            x = g.pad(attention + ".padded", x,
                      {.axes = {1, 2}, .after = {height - stage.mapHeight, width - stage.mapWidth}});
        const std::int64_t rows = height / stage.windowHeight;
        const std::int64_t columns = width / stage.windowWidth;
        x = g.reshape(attention + ".tiles", x,
                      {kBatch, rows, stage.windowHeight, columns, stage.windowWidth, stage.dim});
        x = g.permute(attention + ".tile_rows", x, {0, 1, 3, 2, 4, 5});
        return g.reshape(attention + ".windows", x,
                         {kBatch, rows * columns, stage.windowHeight * stage.windowWidth, stage.dim});
    }

    /// The way back of partition().
    ValueId reverse(const std::string& id, ValueId x, const StagePlan& stage, bool shifted) {
        graph::GraphBuilder& g = parts_.builder;
        const std::int64_t height = paddedSize(stage.mapHeight, stage.windowHeight);
        const std::int64_t width = paddedSize(stage.mapWidth, stage.windowWidth);
        x = g.reshape(id + "_tile_rows", x,
                      {kBatch, height / stage.windowHeight, width / stage.windowWidth, stage.windowHeight,
                       stage.windowWidth, stage.dim});
        x = g.permute(id + "_tiles", x, {0, 1, 3, 2, 4, 5});
        x = g.reshape(id + "_map", x, {kBatch, height, width, stage.dim});
        if (height > stage.mapHeight) x = g.slice(id + "_top", x, {.axis = 1, .start = 0, .length = stage.mapHeight});
        if (width > stage.mapWidth) x = g.slice(id + "_left", x, {.axis = 2, .start = 0, .length = stage.mapWidth});
        if (shifted) x = g.roll(id + "_unrolled", x, {.axes = {1, 2}, .shifts = {stage.shiftHeight, stage.shiftWidth}});
        return g.reshape(id + "_tokens", x, {kBatch, stage.mapHeight * stage.mapWidth, stage.dim});
    }

    /// Neighbouring 2x2 tokens become one of four times the channels, in column-major order, then a norm and a linear
    /// layer. Odd maps are padded with zeros.
    ValueId merge(const std::string& name, ValueId x, const StagePlan& stage, std::int64_t outputs) {
        graph::GraphBuilder& g = parts_.builder;
        g.beginBlock(name, BlockKind::merging, x);
        const std::int64_t rows = (stage.mapHeight + 1) / 2;
        const std::int64_t columns = (stage.mapWidth + 1) / 2;
        x = g.reshape(name + ".map", x, {kBatch, stage.mapHeight, stage.mapWidth, stage.dim});
        if (2 * rows > stage.mapHeight || 2 * columns > stage.mapWidth)
            x = g.pad(name + ".padded", x,
                      {.axes = {1, 2}, .after = {2 * rows - stage.mapHeight, 2 * columns - stage.mapWidth}});
        x = g.reshape(name + ".pairs", x, {kBatch, rows, 2, columns, 2, stage.dim});
        x = g.permute(name + ".quads", x, {0, 1, 3, 4, 2, 5});
        x = g.reshape(name + ".merged", x, {kBatch, rows * columns, 4 * stage.dim});
        x = parts_.layerNorm(name + ".norm", name + ".norm", x);
        return parts_.linear(name + ".out", name + ".reduction", x, outputs, NetworkParts::Bias::none);
    }

    const ModelPlan& plan_;
    Weights& weights_;
    NetworkParts parts_;
};

}  // namespace

graph::Graph buildSwin(const ModelPlan& plan, Weights& weights) { return SwinBuilder(plan, weights).build(); }

}  // namespace vitrine::models
