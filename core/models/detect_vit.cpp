// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "models/architectures.h"
#include "models/detect.h"
#include "models/names.h"

namespace vitrine::models {
namespace {

void detectImageSize(const Weights& weights, const DetectionInput& input, ModelPlan& plan) {
    const std::int64_t positions = weights.shape("pos_embed", 3)[1];
    const std::int64_t patches = positions - plan.prefixTokens();
    const std::int64_t patch = plan.info.patchSize;
    const std::string has = "it has " + std::to_string(positions) + " positions, " +
                            std::to_string(plan.prefixTokens()) + " of them for class tokens";
    if (const auto& size = input.hints.imageSize) {
        const auto [height, width] = *size;
        const bool divisible = height % patch == 0 && width % patch == 0;
        if (!divisible || (height / patch) * (width / patch) != patches)
            fail(ErrorCode::badFormat,
                 has + "; images of " + std::to_string(height) + "x" + std::to_string(width) + " with patches of " +
                     std::to_string(patch) +
                     (divisible ? " need " + std::to_string(height / patch * (width / patch)) + " for patches"
                                : " do not divide into patches"),
                 "pos_embed", "use the image size that the network was trained with; positions are not interpolated");
        plan.info.imageHeight = height;
        plan.info.imageWidth = width;
        return;
    }
    const auto side =
        static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(std::max<std::int64_t>(patches, 0)))));
    if (side < 1 || side * side != patches)
        fail(ErrorCode::badFormat, has + "; the remaining " + std::to_string(patches) + " patches make no square image",
             "pos_embed", "give the size of images that are not square as model.image_size=HEIGHTxWIDTH");
    plan.info.imageHeight = plan.info.imageWidth = side * patch;
}

/// Heads are not visible in any tensor: hints, the convention of the code base, or a published network of these sizes.
void detectHeads(const DetectionInput& input, std::int64_t channels, ModelPlan& plan) {
    StagePlan& stage = plan.stages[0];
    const ModelOverrides& hints = input.hints;
    const KnownArchitecture* known = architectureOfSizes(false, stage.dim, plan.info.depths);
    if (hints.heads) {
        stage.heads = *hints.heads;
    } else if (hints.headDim && channels % *hints.headDim == 0) {
        stage.heads = channels / *hints.headDim;
    } else if (input.headDim && channels % *input.headDim == 0) {
        stage.heads = channels / *input.headDim;
        plan.info.assumptions.push_back(
            "attention heads have " + std::to_string(*input.headDim) +
            " channels, the default of the code base that the names come from (model.heads)");
    } else if (known != nullptr && !input.foreignLayout) {
        stage.heads = known->heads[0];
        const bool named = hints.architecture && architectureNamed(*hints.architecture) != nullptr;
        if (!named)
            plan.info.assumptions.push_back(
                std::to_string(stage.heads) + " attention heads, as every published network of " + "embedding " +
                std::to_string(stage.dim) + " and depth " + std::to_string(stage.depth) + " has (model.heads)");
    } else {
        stage.heads = 1;
        plan.unknown =
            Error{ErrorCode::invalidArgument,
                  "the number of attention heads cannot be read from a checkpoint, and no published network has "
                  "embedding " +
                      std::to_string(stage.dim) + " and depth " + std::to_string(stage.depth),
                  "model.heads", "give it as model.heads=N"};
    }
    if (stage.heads < 1 || channels % stage.heads != 0)
        fail(ErrorCode::invalidArgument,
             std::to_string(channels) + " attention channels do not divide into " + std::to_string(stage.heads) +
                 " heads",
             "model.heads");
    stage.headDim = channels / stage.heads;
}

void detectPooling(const Weights& weights, const DetectionInput& input, ModelPlan& plan) {
    const bool normHint = input.hints.norm == NormPlacement::post;
    plan.pooledNorm = weights.has("fc_norm.weight");
    plan.finalNorm = weights.has("norm.weight") || !(plan.pooledNorm || normHint);
    const bool mean = !plan.classToken || (plan.pooledNorm && !weights.has("norm.weight"));
    plan.pooling = input.hints.pooling.value_or(mean ? Pooling::mean : Pooling::classToken);
    if (plan.pooling == Pooling::classToken && !plan.classToken)
        fail(ErrorCode::invalidArgument, "the network has no class token", "model.pooling", "use mean");
    if (plan.distillationToken && (!plan.classToken || plan.pooling == Pooling::mean))
        fail(ErrorCode::unsupported, "a distilled network classifies by its class and distillation tokens",
             "model.pooling");
}

}  // namespace

void detectVit(const Weights& weights, const DetectionInput& input, ModelPlan& plan) {
    StagePlan stage;
    stage.dim = plan.info.embedDim;
    stage.depth = countIndexed(weights.tensors(), "blocks.");
    stage.mlpHidden = weights.shape("blocks.0.mlp.fc1.weight", 2)[0];
    const std::int64_t rows = weights.shape("blocks.0.attn.qkv.weight", 2)[0];
    if (rows % 3 != 0)
        fail(ErrorCode::badFormat, std::to_string(rows) + " rows do not hold queries, keys and values",
             "blocks.0.attn.qkv.weight");
    plan.classToken = weights.has("cls_token");
    plan.stages = {stage};
    plan.info.depths = {stage.depth};
    detectPooling(weights, input, plan);
    detectImageSize(weights, input, plan);
    detectHeads(input, rows / 3, plan);
    plan.info.heads = {plan.stages[0].heads};
    plan.stages[0].mapHeight = plan.info.imageHeight / plan.info.patchSize;
    plan.stages[0].mapWidth = plan.info.imageWidth / plan.info.patchSize;
    plan.qkvBias = std::ranges::any_of(weights.tensors(), [](const auto& entry) {
        return renamed(entry.first, "blocks.#.attn.qkv.bias", "#").has_value();
    });
}

}  // namespace vitrine::models
