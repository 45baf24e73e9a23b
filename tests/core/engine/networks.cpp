// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/networks.h"

#include <cmath>
#include <utility>

#include "base/random.h"

namespace vitrine::test {
namespace {

using graph::GraphBuilder;
using graph::kBatch;
using graph::ValueId;

/// A builder that also invents the parameters.
class NetworkBuilder : public GraphBuilder {
  public:
    NetworkBuilder(graph::ModelInfo info, ParameterSource source) : GraphBuilder(std::move(info)), source_(std::move(source)) {}

    ValueId weight(const std::string& id, const Shape& shape) {
        const double fanIn = static_cast<double>(elementCount(shape) / shape[0]);
        return parameter(id, source_(shape, 1.0 / std::sqrt(fanIn), 0.0));
    }
    ValueId vector(const std::string& id, const Shape& shape, double mean = 0.0) {
        return parameter(id, source_(shape, 0.2, mean));
    }
    ValueId dense(const std::string& id, ValueId x, std::int64_t outputs) {
        const ValueId w = weight(id + ".weight", {outputs, shape(x).back()});
        return linear(id, x, w, vector(id + ".bias", {outputs}));
    }
    ValueId norm(const std::string& id, ValueId x) {
        const std::int64_t channels = shape(x).back();
        const ValueId w = vector(id + ".weight", {channels}, 1.0);
        return layerNorm(id, x, w, vector(id + ".bias", {channels}), 1e-6);
    }

  private:
    ParameterSource source_;
};

ValueId attention(NetworkBuilder& b, const std::string& id, ValueId x, std::int64_t heads) {
    const std::int64_t tokens = b.shape(x)[1];
    const std::int64_t channels = b.shape(x)[2];
    const std::int64_t size = channels / heads;
    ValueId qkv = b.dense(id + ".qkv", x, 3 * channels);
    qkv = b.reshape(id + ".qkv.split", qkv, {kBatch, tokens, 3, heads, size});
    qkv = b.permute(id + ".qkv.heads", qkv, {0, 2, 3, 1, 4});
    const ValueId q = b.slice(id + ".q", qkv, {.axis = 1, .start = 0, .squeeze = true});
    const ValueId k = b.slice(id + ".k", qkv, {.axis = 1, .start = 1, .squeeze = true});
    const ValueId v = b.slice(id + ".v", qkv, {.axis = 1, .start = 2, .squeeze = true});
    const double scale = 1.0 / std::sqrt(static_cast<double>(size));
    const ValueId logits = b.matmul(id + ".logits", q, k, {.transposeB = true, .scale = scale});
    const ValueId weights = b.softmax(id + ".softmax", logits);
    const ValueId heads4 = b.matmul(id + ".heads", weights, v);
    const ValueId merged = b.permute(id + ".heads.permute", heads4, {0, 2, 1, 3});
    return b.dense(id + ".proj", b.reshape(id + ".out", merged, {kBatch, tokens, channels}), channels);
}

ValueId transformerBlock(NetworkBuilder& b, const std::string& id, ValueId x, std::int64_t heads) {
    const std::int64_t channels = b.shape(x)[2];
    const ValueId attended = attention(b, id + ".attn", b.norm(id + ".norm1", x), heads);
    const ValueId middle = b.add(id + ".resid1", x, attended);
    const ValueId hidden = b.dense(id + ".mlp.fc1", b.norm(id + ".norm2", middle), 4 * channels);
    return b.add(id + ".resid2", middle, b.dense(id + ".mlp.fc2", b.gelu(id + ".mlp.gelu", hidden, false), channels));
}

HostTensor indexTensor(Shape shape, std::int64_t rows) {
    std::vector<std::int64_t> indices(static_cast<std::size_t>(elementCount(shape)));
    for (std::size_t i = 0; i < indices.size(); ++i) indices[i] = static_cast<std::int64_t>(i * 7) % rows;
    return HostTensor::of(std::move(indices), std::move(shape));
}

}  // namespace

HostTensor randomTensor(Shape shape, std::uint64_t seed, double deviation, double mean) {
    Random random(seed);
    std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
    for (float& value : values) value = static_cast<float>(mean + deviation * random.normal());
    return HostTensor::of(std::move(values), std::move(shape));
}

ParameterSource randomParameters(std::uint64_t seed) {
    return [seed](const Shape& shape, double deviation, double mean) mutable {
        return randomTensor(shape, ++seed, deviation, mean);
    };
}

std::shared_ptr<const graph::Graph> makeVit(const VitSizes& s, const ParameterSource& parameters) {
    graph::ModelInfo info;
    info.imageHeight = info.imageWidth = s.image;
    info.classes = s.classes;
    NetworkBuilder b(info, parameters);
    const std::int64_t side = s.image / s.patch;
    b.beginBlock("patch_embed", graph::BlockKind::embedding, 0);
    const ValueId kernel = b.weight("patch_embed.proj.weight", {s.embed, 3, s.patch, s.patch});
    ValueId x = b.conv2d("patch_embed.proj", 0, kernel, b.vector("patch_embed.proj.bias", {s.embed}),
                         {.stride = {s.patch, s.patch}});
    x = b.permute("patch_embed", b.reshape("patch_embed.flatten", x, {kBatch, s.embed, side * side}), {0, 2, 1});
    const ValueId token = b.expand("cls_token.expand", b.vector("cls_token", {1, 1, s.embed}));
    x = b.concat("tokens.cat", {token, x}, 1);
    x = b.add("tokens", x, b.vector("pos_embed", {1, side * side + 1, s.embed}));
    for (std::int64_t i = 0; i < s.depth; ++i) {
        const std::string id = "blocks." + std::to_string(i);
        b.beginBlock(id, graph::BlockKind::transformer, x);
        x = transformerBlock(b, id, x, s.heads);
    }
    b.beginBlock("head", graph::BlockKind::head, x);
    x = b.slice("pre_logits", b.norm("norm", x), {.axis = 1, .squeeze = true});
    x = b.dense("logits", x, s.classes);
    return std::make_shared<const graph::Graph>(b.finish(x));
}

std::shared_ptr<const graph::Graph> makeWindowNetwork() {
    graph::ModelInfo info;
    info.imageChannels = 2;
    info.imageHeight = 5;
    info.imageWidth = 6;
    info.classes = 3;
    NetworkBuilder b(info, randomParameters(1));
    b.beginBlock("block", graph::BlockKind::transformer, 0);
    ValueId x = b.permute("channels_last", 0, {0, 2, 3, 1});
    x = b.dense("grow", x, 4);
    x = b.pad("pad", x, {.axes = {1, 2}, .after = {1, 0}});
    x = b.roll("shift", x, {.axes = {1, 2}, .shifts = {-1, -1}});
    x = b.permute("windows.permute", b.reshape("windows.split", x, {kBatch, 2, 3, 2, 3, 4}), {0, 1, 3, 2, 4, 5});
    x = b.reshape("windows", x, {kBatch, 4, 9, 2, 2});
    const ValueId q = b.permute("q", x, {0, 1, 3, 2, 4});
    const ValueId logits = b.matmul("logits.product", q, q, {.transposeB = true, .scale = 0.5});
    const ValueId table = b.vector("table", {11, 2});
    const ValueId rows = b.gather("bias.rows", table, b.parameter("index", indexTensor({9, 9}, 11)));
    const ValueId biased = b.add("biased", logits, b.reshape("bias", b.permute("bias.permute", rows, {2, 0, 1}), {1, 1, 2, 9, 9}));
    const ValueId masked = b.add("masked", biased, b.vector("mask", {1, 4, 1, 9, 9}));
    x = b.matmul("heads", b.softmax("softmax", masked), q);
    x = b.reshape("merged", b.permute("heads.permute", x, {0, 1, 3, 2, 4}), {kBatch, 36, 4});
    x = b.relu("relu", x);
    x = b.mean("mean", x, 1);
    x = b.dense("logits", x, 3);
    return std::make_shared<const graph::Graph>(b.finish(x));
}

}  // namespace vitrine::test
