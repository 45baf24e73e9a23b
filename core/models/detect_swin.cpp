// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "models/architectures.h"
#include "models/detect.h"
#include "models/names.h"

namespace vitrine::models {
namespace {

constexpr std::int64_t kLargestWindow = 32;

std::string stageName(std::size_t stage) { return "layers." + std::to_string(stage); }
std::string tableName(std::size_t stage) { return stageName(stage) + ".blocks.0.attn.relative_position_bias_table"; }

/// The side of a square window whose bias table has `rows` = (2 side - 1)^2 rows, or 0.
std::int64_t squareWindow(std::int64_t rows) {
    const auto root = static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(rows))));
    return root * root == rows && root % 2 == 1 ? (root + 1) / 2 : 0;
}

void readStages(const Weights& weights, ModelPlan& plan) {
    const std::int64_t stages = countIndexed(weights.tensors(), "layers.");
    for (std::size_t i = 0; i < static_cast<std::size_t>(stages); ++i) {
        StagePlan stage;
        const std::string block = stageName(i) + ".blocks.0.";
        stage.depth = countIndexed(weights.tensors(), stageName(i) + ".blocks.");
        stage.dim = weights.shape(block + "norm1.weight", 1)[0];
        stage.mlpHidden = weights.shape(block + "mlp.fc1.weight", 2)[0];
        stage.heads = weights.shape(tableName(i), 2)[1];
        if (stage.dim % stage.heads != 0)
            fail(ErrorCode::badFormat,
                 std::to_string(stage.dim) + " channels do not divide into " + std::to_string(stage.heads) + " heads",
                 tableName(i));
        stage.headDim = stage.dim / stage.heads;
        plan.info.depths.push_back(stage.depth);
        plan.info.heads.push_back(stage.heads);
        plan.stages.push_back(stage);
    }
}

std::int64_t largestWindow(const Weights& weights, const ModelPlan& plan) {
    std::int64_t window = 0;
    for (std::size_t i = 0; i < plan.stages.size(); ++i)
        window = std::max(window, squareWindow(weights.shape(tableName(i), 2)[0]));
    if (window < 1 || window > kLargestWindow)
        fail(ErrorCode::unsupported,
             "the window size cannot be read: no stage has a table of (2w-1)^2 rows with w from 1 to " +
                 std::to_string(kLargestWindow),
             tableName(0));
    return window;
}

/// The image size: hints; the number of windows of a stored mask (layout of timm 0.6); a published network.
void detectImageSize(const Weights& weights, const DetectionInput& input, ModelPlan& plan) {
    graph::ModelInfo& info = plan.info;
    std::int64_t side = 0;
    const auto mask = weights.tensors().find("layers.0.blocks.1.attn_mask");
    const KnownArchitecture* known = architectureOfSizes(true, info.embedDim, info.depths);
    if (mask != weights.tensors().end() && !mask->second.shape.empty()) {
        const auto windows =
            static_cast<std::int64_t>(std::llround(std::sqrt(static_cast<double>(mask->second.shape[0]))));
        if (windows * windows == mask->second.shape[0] && windows <= 4096 / (info.windowSize * info.patchSize))
            side = windows * info.windowSize * info.patchSize;
    }
    if (side == 0 && known != nullptr && known->window == info.windowSize && known->patch == info.patchSize) {
        side = known->image;
        if (!input.hints.imageSize)
            info.assumptions.push_back("images have " + std::to_string(side) + " pixels a side, as those of " +
                                       std::string(known->name) + " (model.image_size)");
    }
    if (side == 0 && !input.hints.imageSize) {
        side = info.windowSize * info.patchSize;
        plan.unknown = Error{ErrorCode::invalidArgument, "the image size of a Swin cannot be read from this checkpoint",
                             "model.image_size", "give it as model.image_size=HEIGHTxWIDTH"};
    }
    info.imageHeight = input.hints.imageSize ? (*input.hints.imageSize)[0] : side;
    info.imageWidth = input.hints.imageSize ? (*input.hints.imageSize)[1] : side;
    if (info.imageHeight % info.patchSize != 0 || info.imageWidth % info.patchSize != 0)
        fail(ErrorCode::invalidArgument,
             "images of " + std::to_string(info.imageHeight) + "x" + std::to_string(info.imageWidth) +
                 " do not divide into patches of " + std::to_string(info.patchSize),
             "model.image_size");
}

/// Maps halve from stage to stage, rounded up. Windows and shifts follow timm 1.0: from sizes rounded down, a window is
/// no larger than the map and no shift happens along a side that one window covers.
void placeWindows(const Weights& weights, ModelPlan& plan) {
    const std::int64_t target = plan.info.windowSize;
    std::int64_t height = plan.info.imageHeight / plan.info.patchSize;
    std::int64_t width = plan.info.imageWidth / plan.info.patchSize;
    std::int64_t nominalHeight = height;
    std::int64_t nominalWidth = width;
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
        StagePlan& stage = plan.stages[i];
        stage.mapHeight = height;
        stage.mapWidth = width;
        stage.windowHeight = std::clamp<std::int64_t>(nominalHeight, 1, target);
        stage.windowWidth = std::clamp<std::int64_t>(nominalWidth, 1, target);
        const std::int64_t rows = weights.shape(tableName(i), 2)[0];
        if ((2 * stage.windowHeight - 1) * (2 * stage.windowWidth - 1) != rows) {  // trained at another image size
            stage.windowHeight = stage.windowWidth = squareWindow(rows);
            if (stage.windowHeight == 0)
                fail(ErrorCode::badFormat,
                     std::to_string(rows) + " rows fit no window of this stage at images of " +
                         std::to_string(plan.info.imageHeight) + "x" + std::to_string(plan.info.imageWidth),
                     tableName(i), "give the image size of the training as model.image_size=HEIGHTxWIDTH");
        }
        stage.shiftHeight = nominalHeight <= stage.windowHeight ? 0 : stage.windowHeight / 2;
        stage.shiftWidth = nominalWidth <= stage.windowWidth ? 0 : stage.windowWidth / 2;
        height = (height + 1) / 2;
        width = (width + 1) / 2;
        nominalHeight /= 2;
        nominalWidth /= 2;
    }
}

}  // namespace

void detectSwin(const Weights& weights, const DetectionInput& input, ModelPlan& plan) {
    readStages(weights, plan);
    plan.info.windowSize = largestWindow(weights, plan);
    detectImageSize(weights, input, plan);
    placeWindows(weights, plan);
    plan.patchNorm = weights.has("patch_embed.norm.weight");
    plan.pooling = input.hints.pooling.value_or(Pooling::mean);
    if (plan.pooling != Pooling::mean)
        fail(ErrorCode::invalidArgument, "a Swin has no class token", "model.pooling", "use mean");
    plan.qkvBias = std::ranges::any_of(weights.tensors(), [](const auto& entry) {
        return renamed(entry.first, "layers.#.blocks.#.attn.qkv.bias", "##").has_value();
    });
}

}  // namespace vitrine::models
