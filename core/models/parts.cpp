// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/parts.h"

#include <cmath>
#include <numeric>

namespace vitrine::models {

using graph::ValueId;

namespace {

/// The order of `rank` axes with the one at `from` moved to `to`.
std::vector<std::int64_t> moveAxis(std::size_t rank, std::size_t from, std::size_t to) {
    std::vector<std::int64_t> axes(rank);
    std::iota(axes.begin(), axes.end(), 0);
    const std::int64_t moved = axes[from];
    axes.erase(axes.begin() + static_cast<std::ptrdiff_t>(from));
    axes.insert(axes.begin() + static_cast<std::ptrdiff_t>(to), moved);
    return axes;
}

}  // namespace

ValueId NetworkParts::linear(const std::string& id, const std::string& module, ValueId x, std::int64_t outputs,
                             Bias bias) {
    const ValueId weight = parameter(module + ".weight", {outputs, builder.shape(x).back()});
    const ValueId offset = bias == Bias::present ? parameter(module + ".bias", {outputs}) : graph::kNone;
    return builder.linear(id, x, weight, offset);
}

ValueId NetworkParts::layerNorm(const std::string& id, const std::string& module, ValueId x) {
    const std::int64_t channels = builder.shape(x).back();
    const ValueId weight = parameter(module + ".weight", {channels});
    const ValueId bias = parameter(module + ".bias", {channels});
    return builder.layerNorm(id, x, weight, bias, plan_.epsilon);
}

ValueId NetworkParts::patches(const std::string& id) {
    const graph::ModelInfo& info = plan_.info;
    const ValueId weight =
        parameter("patch_embed.proj.weight", {info.embedDim, info.imageChannels, info.patchSize, info.patchSize});
    const ValueId bias = parameter("patch_embed.proj.bias", {info.embedDim});
    const ValueId map =
        builder.conv2d("patch_embed.map", 0, weight, bias, {.stride = {info.patchSize, info.patchSize}});
    const Shape& shape = builder.shape(map);
    const ValueId flat = builder.reshape("patch_embed.flat", map, {graph::kBatch, shape[1], shape[2] * shape[3]});
    return builder.permute(id, flat, {0, 2, 1});
}

NetworkParts::Projections NetworkParts::project(const std::string& attention, ValueId x, const StagePlan& stage) {
    const std::int64_t channels = stage.heads * stage.headDim;
    const ValueId qkv =
        linear(attention + ".qkv", attention + ".qkv", x, 3 * channels, plan_.qkvBias ? Bias::present : Bias::none);
    Shape split = builder.shape(qkv);
    const std::size_t tokens = split.size() - 2;
    split.back() = 3;
    split.insert(split.end(), {stage.heads, stage.headDim});
    const ValueId heads = builder.reshape(attention + ".qkv_heads", qkv, split);  // [B,...,n,3,heads,d]
    const ValueId parts = builder.permute(attention + ".qkv_parts", heads, moveAxis(split.size(), tokens, tokens + 2));
    const auto part = [&](const char* name, std::int64_t index) {
        return builder.slice(attention + name, parts,
                             {.axis = static_cast<std::int64_t>(tokens), .start = index, .length = 1, .squeeze = true});
    };
    Projections result{};
    result.query = part(".q", 0);
    result.key = part(".k", 1);
    result.value = part(".v", 2);
    return result;
}

ValueId NetworkParts::logits(const std::string& attention, const Projections& projections, const StagePlan& stage) {
    return builder.matmul(attention + ".logits", projections.query, projections.key,
                          {.transposeB = true, .scale = 1.0 / std::sqrt(static_cast<double>(stage.headDim))});
}

ValueId NetworkParts::attend(const std::string& attention, ValueId logits, ValueId value, const StagePlan& stage) {
    const ValueId weights = builder.softmax(attention + ".softmax", logits);
    const ValueId context = builder.matmul(attention + ".context", weights, value);  // [B,...,heads,n,d]
    const std::size_t rank = builder.shape(context).size();
    const ValueId rows = builder.permute(attention + ".context_rows", context, moveAxis(rank, rank - 3, rank - 2));
    Shape merged = builder.shape(rows);
    merged.pop_back();
    merged.back() = stage.heads * stage.headDim;
    const ValueId out = builder.reshape(attention + ".out", rows, merged);
    return linear(attention + ".proj", attention + ".proj", out, stage.dim);
}

ValueId NetworkParts::mlp(const std::string& module, ValueId x, const StagePlan& stage) {
    const ValueId hidden = linear(module + ".fc1", module + ".fc1", x, stage.mlpHidden);
    const ValueId active = plan_.activation == Activation::relu
                               ? builder.relu(module + ".relu", hidden)
                               : builder.gelu(module + ".gelu", hidden, plan_.activation == Activation::geluTanh);
    return linear(module + ".fc2", module + ".fc2", active, stage.dim);
}

}  // namespace vitrine::models
