// SPDX-License-Identifier: GPL-3.0-or-later
#include "tiny_networks.h"

#include "base/random.h"

namespace vitrine::test {
namespace {

class RandomWeights {
  public:
    explicit RandomWeights(std::uint64_t seed) : random_(RandomStreams(seed).stream("weights")) {}

    void tensor(const std::string& name, const Shape& shape, double mean, double deviation) {
        std::vector<float> values(static_cast<std::size_t>(elementCount(shape)));
        for (float& value : values) value = static_cast<float>(mean + deviation * random_.normal());
        checkpoint.tensors[name] = HostTensor::of(std::move(values), shape);
    }
    void linear(const std::string& name, std::int64_t inputs, std::int64_t outputs, bool bias = true) {
        tensor(name + ".weight", {outputs, inputs}, 0.0, 0.5);
        if (bias) tensor(name + ".bias", {outputs}, 0.0, 0.3);
    }
    void norm(const std::string& name, std::int64_t channels) {
        tensor(name + ".weight", {channels}, 1.1, 0.4);
        tensor(name + ".bias", {channels}, 0.0, 0.3);
    }
    void block(const std::string& name, std::int64_t dim, std::int64_t attention, std::int64_t hidden, bool qkvBias) {
        norm(name + ".norm1", dim);
        linear(name + ".attn.qkv", dim, 3 * attention, qkvBias);
        linear(name + ".attn.proj", attention, dim);
        norm(name + ".norm2", dim);
        linear(name + ".mlp.fc1", dim, hidden);
        linear(name + ".mlp.fc2", hidden, dim);
    }

    formats::Checkpoint checkpoint;

  private:
    Random random_;
};

}  // namespace

models::ModelOverrides TinyVit::overrides() const {
    models::ModelOverrides result;
    result.heads = heads;
    result.imageSize = {height, width};
    result.activation = activation;
    result.norm = norm;
    result.pooling = pooling;
    result.epsilon = epsilon;
    return result;
}

models::ModelOverrides TinySwin::overrides() const {
    models::ModelOverrides result;
    result.imageSize = {height, width};
    return result;
}

formats::Checkpoint randomCheckpoint(const TinyVit& n, std::uint64_t seed) {
    RandomWeights weights(seed);
    weights.tensor("patch_embed.proj.weight", {n.dim, n.channels, n.patch, n.patch}, 0.0, 0.3);
    weights.tensor("patch_embed.proj.bias", {n.dim}, 0.0, 0.3);
    if (n.classToken) weights.tensor("cls_token", {1, 1, n.dim}, 0.0, 0.5);
    if (n.distilled) weights.tensor("dist_token", {1, 1, n.dim}, 0.0, 0.5);
    weights.tensor("pos_embed", {1, n.patches() + n.prefix(), n.dim}, 0.0, 0.5);
    for (std::int64_t i = 0; i < n.depth; ++i)
        weights.block("blocks." + std::to_string(i), n.dim, n.heads * n.headDim, n.hidden, n.qkvBias);
    if (n.finalNorm) weights.norm("norm", n.dim);
    if (n.pooledNorm) weights.norm("fc_norm", n.dim);
    weights.linear("head", n.dim, n.classes);
    if (n.distilled) weights.linear("head_dist", n.dim, n.classes);
    return std::move(weights.checkpoint);
}

formats::Checkpoint randomCheckpoint(const TinySwin& n, std::uint64_t seed) {
    RandomWeights weights(seed);
    weights.tensor("patch_embed.proj.weight", {n.dims[0], n.channels, n.patch, n.patch}, 0.0, 0.3);
    weights.tensor("patch_embed.proj.bias", {n.dims[0]}, 0.0, 0.3);
    if (n.patchNorm) weights.norm("patch_embed.norm", n.dims[0]);
    const std::int64_t rows = (2 * n.window - 1) * (2 * n.window - 1);
    for (std::size_t stage = 0; stage < n.dims.size(); ++stage) {
        const std::string layer = "layers." + std::to_string(stage);
        for (std::int64_t i = 0; i < n.depths[stage]; ++i) {
            const std::string name = layer + ".blocks." + std::to_string(i);
            weights.block(name, n.dims[stage], n.dims[stage], n.hiddenRatio * n.dims[stage], true);
            weights.tensor(name + ".attn.relative_position_bias_table", {rows, n.heads[stage]}, 0.0, 0.5);
        }
        if (stage + 1 == n.dims.size()) continue;
        weights.norm(layer + ".downsample.norm", 4 * n.dims[stage]);
        weights.linear(layer + ".downsample.reduction", 4 * n.dims[stage], n.dims[stage + 1], false);
    }
    weights.norm("norm", n.dims.back());
    weights.linear("head", n.dims.back(), n.classes);
    return std::move(weights.checkpoint);
}

HostTensor randomImages(std::int64_t count, std::int64_t channels, std::int64_t height, std::int64_t width) {
    Random random = RandomStreams(7).stream("images");
    std::vector<float> values(static_cast<std::size_t>(count * channels * height * width));
    for (float& value : values) value = static_cast<float>(random.normal());
    return HostTensor::of(std::move(values), {count, channels, height, width});
}

}  // namespace vitrine::test
