// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/names.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <span>
#include <string_view>

#include "base/error.h"

namespace vitrine::models {
namespace {

struct Rename {
    std::string_view from;
    std::string_view to;
};

/// Names of another code base. ".*" at the end stands for "weight" and "bias".
struct ForeignLayout {
    std::string_view title;
    std::string_view marker;  ///< a tensor that only this layout has
    std::span<const Rename> renames;
    std::optional<std::int64_t> headDim;
};

constexpr Rename kNestedWrappers[] = {
    {"pos_embedding", "pos_embed"},
    {"to_patch_embedding.1.*", "patch_embed.proj.*"},
    {"transformer.layers.#.0.norm.*", "blocks.#.norm1.*"},
    {"transformer.layers.#.0.fn.to_qkv.*", "blocks.#.attn.qkv.*"},
    {"transformer.layers.#.0.fn.to_out.0.*", "blocks.#.attn.proj.*"},
    {"transformer.layers.#.1.norm.*", "blocks.#.norm2.*"},
    {"transformer.layers.#.1.fn.net.0.*", "blocks.#.mlp.fc1.*"},
    {"transformer.layers.#.1.fn.net.3.*", "blocks.#.mlp.fc2.*"},
    {"mlp_head.0.*", "norm.*"},
    {"mlp_head.1.*", "head.*"},
};

constexpr Rename kTorchAttention[] = {
    {"patch_embedding.embed.*", "patch_embed.proj.*"},
    {"transformer_layers.#.norm1.*", "blocks.#.norm1.*"},
    {"transformer_layers.#.norm2.*", "blocks.#.norm2.*"},
    {"transformer_layers.#.attention.in_proj_weight", "blocks.#.attn.qkv.weight"},
    {"transformer_layers.#.attention.in_proj_bias", "blocks.#.attn.qkv.bias"},
    {"transformer_layers.#.attention.out_proj.*", "blocks.#.attn.proj.*"},
    {"transformer_layers.#.mlp.0.*", "blocks.#.mlp.fc1.*"},
    {"transformer_layers.#.mlp.2.*", "blocks.#.mlp.fc2.*"},
    {"out_head.0.*", "norm.*"},
    {"out_head.1.*", "head.*"},
};

constexpr std::array<ForeignLayout, 2> kForeignLayouts = {{
    {"nested pre-norm wrappers", "transformer.layers.0.0.fn.to_qkv.weight", kNestedWrappers, 64},
    {"torch multi-head attention", "transformer_layers.0.attention.in_proj_weight", kTorchAttention, std::nullopt},
}};

bool isDigit(char c) { return c >= '0' && c <= '9'; }

void insertUnique(TensorMap& tensors, const std::string& name, const HostTensor& tensor) {
    if (!tensors.emplace(name, tensor).second)
        fail(ErrorCode::badFormat, "two tensors of the checkpoint stand for '" + name + "'", {},
             "keep one of the two naming layouts in the file");
}

std::optional<std::string> translated(const ForeignLayout& layout, const std::string& name) {
    for (const Rename& rename : layout.renames) {
        if (!rename.from.ends_with(".*")) {
            if (auto result = renamed(name, rename.from, rename.to)) return result;
            continue;
        }
        for (const char* ending : {"weight", "bias"}) {
            const std::string from = std::string(rename.from.substr(0, rename.from.size() - 1)) + ending;
            const std::string to = std::string(rename.to.substr(0, rename.to.size() - 1)) + ending;
            if (auto result = renamed(name, from, to)) return result;
        }
    }
    return std::nullopt;
}

void translateForeign(CanonicalTensors& result) {
    for (const ForeignLayout& layout : kForeignLayouts) {
        if (!result.tensors.contains(std::string(layout.marker))) continue;
        TensorMap tensors;
        for (const auto& [name, tensor] : result.tensors)
            insertUnique(tensors, translated(layout, name).value_or(name), tensor);
        result.tensors = std::move(tensors);
        result.foreignLayout = layout.title;
        result.headDim = layout.headDim;
        result.warnings.push_back("tensor names of another code base (" + result.foreignLayout + ") were translated");
        return;
    }
}

/// The side of the square patch when a linear embedding of `inputs` values sees patches of `channels` channels, or 0.
std::int64_t patchSide(std::int64_t inputs, std::int64_t channels) {
    const auto side = std::llround(std::sqrt(static_cast<double>(inputs) / static_cast<double>(channels)));
    return side * side * channels == inputs ? side : 0;
}

/// A linear layer over flattened patches is a convolution with stride = kernel. Patches are flattened as (row, column,
/// channel); with one channel the order does not matter.
void reshapeLinearPatches(CanonicalTensors& result) {
    const auto found = result.tensors.find("patch_embed.proj.weight");
    if (found == result.tensors.end() || found->second.shape.size() != 2) return;
    HostTensor& weight = found->second;
    const std::int64_t outputs = weight.shape[0];
    const std::int64_t channels = patchSide(weight.shape[1], 3) > 0 ? 3 : 1;
    const std::int64_t side = patchSide(weight.shape[1], channels);
    if (side == 0)
        fail(ErrorCode::unsupported,
             "a linear patch embedding of " + std::to_string(weight.shape[1]) +
                 " values fits square patches of neither 1 nor 3 channels",
             "patch_embed.proj.weight");
    if (channels == 1) {
        weight.shape = {outputs, 1, side, side};
        return;
    }
    const std::vector<float> rows = weight.toFloats();
    std::vector<float> kernel(rows.size());
    const std::int64_t area = side * side;
    for (std::int64_t o = 0; o < outputs; ++o)
        for (std::int64_t pixel = 0; pixel < area; ++pixel)
            for (std::int64_t c = 0; c < channels; ++c)
                kernel[static_cast<std::size_t>((o * channels + c) * area + pixel)] =
                    rows[static_cast<std::size_t>((o * area + pixel) * channels + c)];
    weight = HostTensor::of(std::move(kernel), {outputs, channels, side, side});
    result.warnings.push_back("the linear patch embedding was taken as rows x columns x channels");
}

/// timm 1.0 keeps a merging layer in the stage after it; timm 0.6, Microsoft and this program in the stage before.
void moveMergingLayers(CanonicalTensors& result) {
    if (!result.tensors.contains("layers.0.blocks.0.norm1.weight")) return;
    const std::int64_t stages = countIndexed(result.tensors, "layers.");
    const std::string last = "layers." + std::to_string(stages - 1) + ".downsample.reduction.weight";
    if (!result.tensors.contains(last)) return;
    TensorMap moved;
    for (const auto& [name, tensor] : result.tensors) {
        std::string target = name;
        for (std::int64_t stage = 1; stage < stages; ++stage) {
            const std::string prefix = "layers." + std::to_string(stage) + ".downsample.";
            if (name.starts_with(prefix))
                target = "layers." + std::to_string(stage - 1) + ".downsample." + name.substr(prefix.size());
        }
        insertUnique(moved, target, tensor);
    }
    result.tensors = std::move(moved);
}

void renameHead(CanonicalTensors& result) {
    for (const char* ending : {"weight", "bias"}) {
        auto node = result.tensors.extract(std::string("head.fc.") + ending);
        if (!node.empty()) insertUnique(result.tensors, std::string("head.") + ending, node.mapped());
    }
}

}  // namespace

std::optional<std::string> renamed(std::string_view name, std::string_view pattern, std::string_view replacement) {
    std::vector<std::string_view> numbers;
    std::size_t at = 0;
    for (const char c : pattern) {
        if (c != '#') {
            if (at >= name.size() || name[at++] != c) return std::nullopt;
            continue;
        }
        const std::size_t begin = at;
        while (at < name.size() && isDigit(name[at])) ++at;
        if (at == begin) return std::nullopt;
        numbers.push_back(name.substr(begin, at - begin));
    }
    if (at != name.size()) return std::nullopt;
    std::string result;
    std::size_t next = 0;
    for (const char c : replacement)
        if (c == '#')
            result += numbers.at(next++);
        else
            result += c;
    return result;
}

std::int64_t countIndexed(const TensorMap& tensors, const std::string& prefix) {
    std::set<std::int64_t> found;
    for (const auto& entry : tensors) {
        const std::string& name = entry.first;
        if (!name.starts_with(prefix)) continue;
        std::int64_t index = 0;
        const auto [end, error] = std::from_chars(name.data() + prefix.size(), name.data() + name.size(), index);
        if (error == std::errc() && end != name.data() + name.size() && *end == '.' && index >= 0) found.insert(index);
    }
    std::int64_t expected = 0;
    for (const std::int64_t index : found) {
        if (index != expected)
            fail(ErrorCode::badFormat, "the checkpoint has '" + prefix + std::to_string(index) + "' but no '" + prefix +
                                           std::to_string(expected) + "'");
        ++expected;
    }
    return expected;
}

CanonicalTensors canonicalNames(const TensorMap& tensors) {
    CanonicalTensors result{.tensors = tensors};
    translateForeign(result);
    reshapeLinearPatches(result);
    moveMergingLayers(result);
    renameHead(result);
    return result;
}

}  // namespace vitrine::models
