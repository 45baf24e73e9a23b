// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/random_networks.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "base/random.h"
#include "engine/tensors.h"
#include "graph/builder.h"

namespace vitrine::test {
namespace {

using namespace graph;

/// A builder that draws its parameters.
class RandomBuilder {
  public:
    RandomBuilder(ModelInfo info, std::uint64_t seed) : builder(std::move(info)), random_(seed) {}

    ValueId normal(const std::string& id, Shape shape, double deviation) {
        std::vector<float> data(static_cast<std::size_t>(elementCount(shape)));
        for (float& value : data) value = static_cast<float>(deviation * random_.normal());
        return builder.parameter(id, HostTensor::of(std::move(data), std::move(shape)));
    }

    ValueId linear(const std::string& id, ValueId x, std::int64_t outputs, bool withBias = true) {
        const std::int64_t inputs = builder.shape(x).back();
        const ValueId weight = normal(id + ".weight", {outputs, inputs}, 1.0 / std::sqrt(static_cast<double>(inputs)));
        return builder.linear(id, x, weight, withBias ? normal(id + ".bias", {outputs}, 0.2) : kNone);
    }

    ValueId norm(const std::string& id, ValueId x) {
        const std::int64_t channels = builder.shape(x).back();
        std::vector<float> weight(static_cast<std::size_t>(channels));
        for (float& value : weight)
            value = static_cast<float>(random_.uniform(0.4, 1.8) * (random_.uniform() < 0.1 ? -1 : 1));
        weight[1] = 12.0F;
        const ValueId scale = builder.parameter(id + ".weight", HostTensor::of(std::move(weight), {channels}));
        return builder.layerNorm(id, x, scale, normal(id + ".bias", {channels}, 0.3), 1e-6);
    }

    /// The projections q, k or v (part 0, 1, 2) of [..., N, 3 C] as [..., heads, N, d].
    ValueId head(const std::string& id, ValueId qkv, int part, std::int64_t heads) {
        Shape shape = builder.shape(qkv);
        const std::int64_t channels = shape.back() / 3;
        shape.back() = 3;
        shape.push_back(heads);
        shape.push_back(channels / heads);
        const auto axis = static_cast<std::int64_t>(shape.size()) - 3;
        const ValueId parts = builder.reshape(id + ".parts", qkv, shape);
        const ValueId one = builder.slice(id + ".part", parts, {.axis = axis, .start = part, .squeeze = true});
        return builder.permute(id, one, swapped(builder.shape(one).size(), 3, 2));
    }

    ValueId attention(const std::string& id, ValueId x, std::int64_t heads, bool withBiasTable) {
        const Shape shape = builder.shape(x);
        const std::int64_t tokens = shape[shape.size() - 2], channels = shape.back();
        const ValueId qkv = linear(id + ".qkv", x, 3 * channels);
        const ValueId q = head(id + ".q", qkv, 0, heads);
        const ValueId k = head(id + ".k", qkv, 1, heads);
        const ValueId v = head(id + ".v", qkv, 2, heads);
        const double scale = 1.0 / std::sqrt(static_cast<double>(channels / heads));
        ValueId logits = builder.matmul(id + ".logits", q, k, {.transposeB = true, .scale = scale});
        if (withBiasTable) {
            const ValueId table = normal(id + ".bias_table", {heads, tokens, tokens}, 0.5);
            logits = builder.add(id + ".biased", logits, table);
        }
        const ValueId mixed = builder.matmul(id + ".mixed", builder.softmax(id + ".softmax", logits), v);
        const ValueId back = builder.permute(id + ".back", mixed, swapped(builder.shape(mixed).size(), 3, 2));
        return linear(id + ".proj", builder.reshape(id + ".out", back, shape), channels);
    }

    ValueId mlp(const std::string& id, ValueId x) {
        const std::int64_t channels = builder.shape(x).back();
        const ValueId hidden = builder.gelu(id + ".gelu", linear(id + ".fc1", x, 2 * channels), false);
        return linear(id + ".fc2", hidden, channels);
    }

    GraphBuilder builder;

  private:
    /// The identity permutation with the axes counted `a` and `b` from the end exchanged.
    static std::vector<std::int64_t> swapped(std::size_t rank, std::size_t a, std::size_t b) {
        std::vector<std::int64_t> axes(rank);
        for (std::size_t i = 0; i < rank; ++i) axes[i] = static_cast<std::int64_t>(i);
        std::swap(axes[rank - a], axes[rank - b]);
        return axes;
    }

    Random random_;
};

ValueId swinBlock(RandomBuilder& random, const std::string& id, ValueId x, std::int64_t heads, bool shifted) {
    GraphBuilder& b = random.builder;
    b.beginBlock(id, BlockKind::transformer, x);
    const Shape shape = b.shape(x);  // [B,H,W,C]
    const std::int64_t window = 4, rows = shape[1] / window, columns = shape[2] / window;
    ValueId y = random.norm(id + ".norm1", x);
    if (shifted) y = b.roll(id + ".roll", y, {.axes = {1, 2}, .shifts = {-2, -2}});
    y = b.reshape(id + ".split", y, {kBatch, rows, window, columns, window, shape[3]});
    y = b.permute(id + ".gather", y, {0, 1, 3, 2, 4, 5});
    y = b.reshape(id + ".windows", y, {kBatch, rows * columns, window * window, shape[3]});
    y = random.attention(id + ".attn", y, heads, true);
    y = b.reshape(id + ".unsplit", y, {kBatch, rows, columns, window, window, shape[3]});
    y = b.permute(id + ".ungather", y, {0, 1, 3, 2, 4, 5});
    y = b.reshape(id + ".map", y, shape);
    if (shifted) y = b.roll(id + ".unroll", y, {.axes = {1, 2}, .shifts = {2, 2}});
    x = b.add(id + ".resid1", x, y);
    return b.add(id + ".out", x, random.mlp(id + ".mlp", random.norm(id + ".norm2", x)));
}

ValueId swinMerging(RandomBuilder& random, const std::string& id, ValueId x) {
    GraphBuilder& b = random.builder;
    b.beginBlock(id, BlockKind::merging, x);
    const Shape shape = b.shape(x);
    ValueId y = b.reshape(id + ".split", x, {kBatch, shape[1] / 2, 2, shape[2] / 2, 2, shape[3]});
    y = b.permute(id + ".gather", y, {0, 1, 3, 2, 4, 5});
    y = b.reshape(id + ".merged", y, {kBatch, shape[1] / 2, shape[2] / 2, 4 * shape[3]});
    return random.linear(id + ".reduction", random.norm(id + ".norm", y), 2 * shape[3], false);
}

}  // namespace

std::shared_ptr<const Graph> randomVit(std::uint64_t seed) {
    RandomBuilder random({.family = "vit", .imageHeight = 16, .imageWidth = 16, .classes = 5, .embedDim = 16,
                          .depths = {2}, .heads = {2}, .patchSize = 8}, seed);
    GraphBuilder& b = random.builder;
    b.beginBlock("patch_embed", BlockKind::embedding, 0);
    const ValueId patches = b.conv2d("patch_embed.proj", 0, random.normal("patch_embed.proj.weight", {16, 3, 8, 8}, 0.1),
                                     random.normal("patch_embed.proj.bias", {16}, 0.2), {.stride = {8, 8}});
    const ValueId flat = b.reshape("patch_embed.flat", patches, {kBatch, 16, 4});
    const ValueId tokens = b.permute("patch_embed", flat, {0, 2, 1});
    const ValueId cls = b.expand("cls", random.normal("cls_token", {1, 1, 16}, 0.5));
    const ValueId all = b.concat("tokens.cat", {cls, tokens}, 1);
    ValueId x = b.add("tokens", all, random.normal("pos_embed", {1, 5, 16}, 0.5));
    for (int i = 0; i < 2; ++i) {
        const std::string id = "blocks." + std::to_string(i);
        b.beginBlock(id, BlockKind::transformer, x);
        x = b.add(id + ".resid1", x, random.attention(id + ".attn", random.norm(id + ".norm1", x), 2, false));
        x = b.add(id + ".out", x, random.mlp(id + ".mlp", random.norm(id + ".norm2", x)));
    }
    b.beginBlock("head", BlockKind::head, x);
    const ValueId first = b.slice("head.cls", random.norm("norm", x), {.axis = 1, .squeeze = true});
    return std::make_shared<const Graph>(b.finish(random.linear("head", first, 5)));
}

std::shared_ptr<const Graph> randomSwin(std::uint64_t seed) {
    RandomBuilder random({.family = "swin", .imageHeight = 32, .imageWidth = 32, .classes = 5, .embedDim = 12,
                          .depths = {2, 1}, .heads = {2, 3}, .patchSize = 4, .windowSize = 4}, seed);
    GraphBuilder& b = random.builder;
    b.beginBlock("patch_embed", BlockKind::embedding, 0);
    const ValueId patches = b.conv2d("patch_embed.proj", 0, random.normal("patch_embed.proj.weight", {12, 3, 4, 4}, 0.1),
                                     random.normal("patch_embed.proj.bias", {12}, 0.2), {.stride = {4, 4}});
    ValueId x = random.norm("patch_embed.norm", b.permute("patch_embed.map", patches, {0, 2, 3, 1}));
    x = swinBlock(random, "layers.0.blocks.0", x, 2, false);
    x = swinBlock(random, "layers.0.blocks.1", x, 2, true);
    x = swinMerging(random, "layers.0.downsample", x);
    x = swinBlock(random, "layers.1.blocks.0", x, 3, false);
    b.beginBlock("head", BlockKind::head, x);
    const ValueId flat = b.reshape("head.flat", random.norm("norm", x), {kBatch, 16, 24});
    return std::make_shared<const Graph>(b.finish(random.linear("head", b.mean("head.pool", flat, 1), 5)));
}

at::Tensor randomImages(const Graph& network, std::int64_t count, std::uint64_t seed) {
    const ModelInfo& info = network.info;
    Random random(seed);
    std::vector<float> pixels(static_cast<std::size_t>(count * info.imageChannels * info.imageHeight * info.imageWidth));
    for (float& pixel : pixels) pixel = static_cast<float>(random.normal());
    return engine::toTorch(HostTensor::of(std::move(pixels), {count, info.imageChannels, info.imageHeight, info.imageWidth}));
}

}  // namespace vitrine::test
