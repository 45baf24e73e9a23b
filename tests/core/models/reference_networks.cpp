// SPDX-License-Identifier: GPL-3.0-or-later
// Forward passes by plain loops in double precision: slow, obvious, and independent of graph and engine.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "tiny_networks.h"

namespace vitrine::test {
namespace {

using Vector = std::vector<double>;
using Tokens = std::vector<Vector>;  ///< one vector of channels for each token

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

/// The parts of a network for one image.
class Reference {
  public:
    Reference(const TensorMap& weights, double epsilon, models::Activation activation)
        : weights_(weights), epsilon_(epsilon), activation_(activation) {}

    std::vector<float> values(const std::string& name) const { return weights_.at(name).toFloats(); }

    Vector linear(const std::string& name, const Vector& x) const {
        const auto weight = values(name + ".weight");
        Vector result(weight.size() / x.size());
        if (weights_.contains(name + ".bias")) {
            const auto bias = values(name + ".bias");
            result.assign(bias.begin(), bias.end());
        }
        for (std::size_t o = 0; o < result.size(); ++o)
            for (std::size_t i = 0; i < x.size(); ++i)
                result[o] += static_cast<double>(weight[o * x.size() + i]) * x[i];
        return result;
    }

    Vector norm(const std::string& name, const Vector& x) const {
        const auto count = static_cast<double>(x.size());
        double mean = 0, variance = 0;
        for (const double value : x) mean += value / count;
        for (const double value : x) variance += (value - mean) * (value - mean) / count;
        const auto weight = values(name + ".weight");
        const auto bias = values(name + ".bias");
        Vector result(x.size());
        for (std::size_t i = 0; i < x.size(); ++i)
            result[i] = (x[i] - mean) / std::sqrt(variance + epsilon_) * static_cast<double>(weight[i]) +
                        static_cast<double>(bias[i]);
        return result;
    }

    double activate(double x) const {
        if (activation_ == models::Activation::relu) return std::max(x, 0.0);
        if (activation_ == models::Activation::geluTanh)
            return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
        return 0.5 * x * (1 + std::erf(x / std::numbers::sqrt2));
    }

    Vector mlp(const std::string& name, const Vector& x) const {
        Vector hidden = linear(name + ".fc1", x);
        for (double& value : hidden) value = activate(value);
        return linear(name + ".fc2", hidden);
    }

    /// Attention among `x`; `bias(head, query, key)` is added to the scaled products.
    template <typename PairBias>
    Tokens attention(const std::string& name, const Tokens& x, std::size_t heads, PairBias bias) const {
        Tokens qkv;
        for (const Vector& token : x) qkv.push_back(linear(name + ".qkv", token));
        const std::size_t width = qkv[0].size() / 3;
        const std::size_t d = width / heads;
        Tokens merged(x.size(), Vector(width));
        for (std::size_t head = 0; head < heads; ++head)
            for (std::size_t query = 0; query < x.size(); ++query) {
                Vector weight(x.size());
                double sum = 0;
                for (std::size_t key = 0; key < x.size(); ++key) {
                    double product = 0;
                    for (std::size_t c = 0; c < d; ++c)
                        product += qkv[query][head * d + c] * qkv[key][width + head * d + c];
                    weight[key] = std::exp(product / std::sqrt(static_cast<double>(d)) + bias(head, query, key));
                    sum += weight[key];
                }
                for (std::size_t key = 0; key < x.size(); ++key)
                    for (std::size_t c = 0; c < d; ++c)
                        merged[query][head * d + c] += weight[key] / sum * qkv[key][2 * width + head * d + c];
            }
        for (Vector& token : merged) token = linear(name + ".proj", token);
        return merged;
    }

    /// Tokens of the patches of one image, row by row.
    Tokens patches(const std::vector<float>& images, std::int64_t image, const Shape& shape, std::int64_t patch) const {
        const auto weight = values("patch_embed.proj.weight");
        const auto bias = values("patch_embed.proj.bias");
        const auto [channels, height, width] = std::array{shape[1], shape[2], shape[3]};
        Tokens tokens;
        for (std::int64_t top = 0; top < height; top += patch)
            for (std::int64_t left = 0; left < width; left += patch) {
                Vector token(bias.begin(), bias.end());
                for (std::size_t o = 0; o < token.size(); ++o)
                    for (std::int64_t c = 0; c < channels; ++c)
                        for (std::int64_t y = 0; y < patch; ++y)
                            for (std::int64_t x = 0; x < patch; ++x)
                                token[o] +=
                                    static_cast<double>(
                                        weight[((o * at(channels) + at(c)) * at(patch) + at(y)) * at(patch) + at(x)]) *
                                    static_cast<double>(
                                        images[at(((image * channels + c) * height + top + y) * width + left + x)]);
                tokens.push_back(token);
            }
        return tokens;
    }

  private:
    const TensorMap& weights_;
    double epsilon_;
    models::Activation activation_;
};

void addTo(Vector& x, const Vector& y) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
}

Vector meanOf(const Tokens& tokens, std::size_t first) {
    Vector result(tokens[0].size());
    for (std::size_t i = first; i < tokens.size(); ++i)
        for (std::size_t c = 0; c < result.size(); ++c)
            result[c] += tokens[i][c] / static_cast<double>(tokens.size() - first);
    return result;
}

Vector floatsAsDoubles(const std::vector<float>& values, std::size_t begin, std::size_t count) {
    return {values.begin() + static_cast<std::ptrdiff_t>(begin),
            values.begin() + static_cast<std::ptrdiff_t>(begin + count)};
}

void vitBlock(const Reference& net, const TinyVit& n, const std::string& name, Tokens& x) {
    const bool post = n.norm == models::NormPlacement::post;
    Tokens input = x;
    if (!post)
        for (Vector& token : input) token = net.norm(name + ".norm1", token);
    const Tokens attended = net.attention(name + ".attn", input, at(n.heads), [](auto...) { return 0.0; });
    for (std::size_t i = 0; i < x.size(); ++i) {
        addTo(x[i], attended[i]);
        if (post) {
            x[i] = net.norm(name + ".norm1", x[i]);
            addTo(x[i], net.mlp(name + ".mlp", x[i]));
            x[i] = net.norm(name + ".norm2", x[i]);
        } else {
            addTo(x[i], net.mlp(name + ".mlp", net.norm(name + ".norm2", x[i])));
        }
    }
}

Vector vitLogits(const Reference& net, const TinyVit& n, Tokens x) {
    if (n.finalNorm)
        for (Vector& token : x) token = net.norm("norm", token);
    if (n.distilled) {
        Vector result = net.linear("head", x[0]);
        addTo(result, net.linear("head_dist", x[1]));
        for (double& value : result) value /= 2;
        return result;
    }
    Vector features = n.pooling == models::Pooling::mean ? meanOf(x, at(n.prefix())) : x[0];
    if (n.pooledNorm) features = net.norm("fc_norm", features);
    return net.linear("head", features);
}

/// A map of tokens, row by row.
struct TokenMap {
    std::int64_t height = 0;
    std::int64_t width = 0;
    Tokens tokens;

    Vector& operator()(std::int64_t y, std::int64_t x) { return tokens[at(y * width + x)]; }
};

/// The region of a position among the three slices of one side: all windows but the last, the last up to the shift, the
/// shifted part.
int slice(std::int64_t position, std::int64_t size, std::int64_t window, std::int64_t shift) {
    if (shift == 0) return 0;
    return position < size - window ? 0 : position < size - shift ? 1 : 2;
}

/// Attention within windows of the rolled, then padded map, read and written in place of the normed tokens.
TokenMap windowAttention(const Reference& net, const std::string& name, TokenMap map, std::int64_t window,
                         std::int64_t shift, std::size_t heads) {
    const std::int64_t h = (map.height + window - 1) / window * window;
    const std::int64_t w = (map.width + window - 1) / window * window;
    TokenMap rolled{h, w, Tokens(at(h * w), Vector(map.tokens[0].size()))};
    for (std::int64_t y = 0; y < map.height; ++y)
        for (std::int64_t x = 0; x < map.width; ++x)
            rolled(y, x) = map((y + shift) % map.height, (x + shift) % map.width);
    const auto table = net.values(name + ".relative_position_bias_table");
    for (std::int64_t top = 0; top < h; top += window)
        for (std::int64_t left = 0; left < w; left += window) {
            Tokens inside;
            for (std::int64_t i = 0; i < window * window; ++i)
                inside.push_back(rolled(top + i / window, left + i % window));
            const auto region = [&](std::int64_t i) {
                return 3 * slice(top + i / window, h, window, shift) + slice(left + i % window, w, window, shift);
            };
            const auto bias = [&](std::size_t head, std::size_t query, std::size_t key) {
                const auto q = static_cast<std::int64_t>(query), k = static_cast<std::int64_t>(key);
                const std::int64_t row =
                    (q / window - k / window + window - 1) * (2 * window - 1) + q % window - k % window + window - 1;
                return static_cast<double>(table[at(row) * heads + head]) + (region(q) == region(k) ? 0.0 : -100.0);
            };
            const Tokens out = net.attention(name, inside, heads, bias);
            for (std::int64_t i = 0; i < window * window; ++i) rolled(top + i / window, left + i % window) = out[at(i)];
        }
    for (std::int64_t y = 0; y < map.height; ++y)
        for (std::int64_t x = 0; x < map.width; ++x)
            map((y + shift) % map.height, (x + shift) % map.width) = rolled(y, x);
    return map;
}

TokenMap mergePatches(const Reference& net, const std::string& name, TokenMap& map) {
    TokenMap result{(map.height + 1) / 2, (map.width + 1) / 2, {}};
    const Vector zeros(map.tokens[0].size());
    for (std::int64_t y = 0; y < result.height; ++y)
        for (std::int64_t x = 0; x < result.width; ++x) {
            Vector joined;
            for (const auto& [dy, dx] : {std::pair{0, 0}, {1, 0}, {0, 1}, {1, 1}}) {
                const bool inside = 2 * y + dy < map.height && 2 * x + dx < map.width;
                const Vector& part = inside ? map(2 * y + dy, 2 * x + dx) : zeros;
                joined.insert(joined.end(), part.begin(), part.end());
            }
            result.tokens.push_back(net.linear(name + ".reduction", net.norm(name + ".norm", joined)));
        }
    return result;
}

}  // namespace

std::vector<float> referenceLogits(const TinyVit& n, const TensorMap& weights, const HostTensor& images) {
    const Reference net(weights, n.epsilon, n.activation);
    const auto pixels = images.toFloats();
    const auto positions = net.values("pos_embed");
    std::vector<float> logits;
    for (std::int64_t image = 0; image < images.shape[0]; ++image) {
        Tokens x = net.patches(pixels, image, images.shape, n.patch);
        if (n.distilled) x.insert(x.begin(), floatsAsDoubles(net.values("dist_token"), 0, at(n.dim)));
        if (n.classToken) x.insert(x.begin(), floatsAsDoubles(net.values("cls_token"), 0, at(n.dim)));
        for (std::size_t i = 0; i < x.size(); ++i) addTo(x[i], floatsAsDoubles(positions, i * at(n.dim), at(n.dim)));
        for (std::int64_t i = 0; i < n.depth; ++i) vitBlock(net, n, "blocks." + std::to_string(i), x);
        for (const double value : vitLogits(net, n, x)) logits.push_back(static_cast<float>(value));
    }
    return logits;
}

std::vector<float> referenceLogits(const TinySwin& n, const TensorMap& weights, const HostTensor& images) {
    const Reference net(weights, n.epsilon, models::Activation::geluErf);
    const auto pixels = images.toFloats();
    std::vector<float> logits;
    for (std::int64_t image = 0; image < images.shape[0]; ++image) {
        TokenMap map{n.height / n.patch, n.width / n.patch, net.patches(pixels, image, images.shape, n.patch)};
        if (n.patchNorm)
            for (Vector& token : map.tokens) token = net.norm("patch_embed.norm", token);
        for (std::size_t stage = 0; stage < n.dims.size(); ++stage) {
            const std::string layer = "layers." + std::to_string(stage);
            const bool oneWindow = std::min(n.height, n.width) / n.patch / (1 << stage) <= n.window;
            for (std::int64_t i = 0; i < n.depths[stage]; ++i) {
                const std::string name = layer + ".blocks." + std::to_string(i);
                TokenMap normed = map;
                for (Vector& token : normed.tokens) token = net.norm(name + ".norm1", token);
                const std::int64_t shift = i % 2 == 1 && !oneWindow ? n.window / 2 : 0;
                const TokenMap attended =
                    windowAttention(net, name + ".attn", normed, n.window, shift, at(n.heads[stage]));
                for (std::size_t t = 0; t < map.tokens.size(); ++t) {
                    addTo(map.tokens[t], attended.tokens[t]);
                    addTo(map.tokens[t], net.mlp(name + ".mlp", net.norm(name + ".norm2", map.tokens[t])));
                }
            }
            if (stage + 1 < n.dims.size()) map = mergePatches(net, layer + ".downsample", map);
        }
        for (Vector& token : map.tokens) token = net.norm("norm", token);
        for (const double value : net.linear("head", meanOf(map.tokens, 0)))
            logits.push_back(static_cast<float>(value));
    }
    return logits;
}

}  // namespace vitrine::test
