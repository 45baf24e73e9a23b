// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/scale_reparameterization.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace vitrine::methods {
namespace {

using graph::Graph;
using graph::Node;
using graph::Value;

double mean(const std::vector<float>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

HostTensor vectorTensor(const std::vector<double>& values) {
    return HostTensor::of(std::vector<float>(values.begin(), values.end()), {static_cast<std::int64_t>(values.size())});
}

/// x' = x / r - t, channel by channel.
struct ChannelMap {
    std::vector<double> ratio;  ///< r
    std::vector<double> shift;  ///< t
};

ChannelMap channelMap(const quant::Encoding& channelwise, double sharedScale, double sharedZeroPoint) {
    ChannelMap map;
    for (std::size_t c = 0; c < channelwise.scale.size(); ++c) {
        const double ratio = channelwise.scale[c] / sharedScale;
        const double low = -static_cast<double>(channelwise.zeroPoint[c]) * channelwise.scale[c];
        map.ratio.push_back(ratio);
        map.shift.push_back(low / ratio + sharedZeroPoint * sharedScale);
    }
    return map;
}

void rewriteNorm(const Graph& graph, const Node& norm, const ChannelMap& map, TensorMap& parameters) {
    const Value& weight = graph.value(norm.inputs[1]);
    const Value& bias = graph.value(norm.inputs[2]);
    const auto gamma = weight.data.as<float>(), beta = bias.data.as<float>();
    std::vector<double> newGamma, newBeta;
    for (std::size_t c = 0; c < gamma.size(); ++c) {
        newGamma.push_back(gamma[c] / map.ratio[c]);
        newBeta.push_back(beta[c] / map.ratio[c] - map.shift[c]);
    }
    parameters[weight.id] = vectorTensor(newGamma);
    parameters[bias.id] = vectorTensor(newBeta);
}

std::string biasId(const std::string& weightId) {
    const std::string suffix = ".weight";
    const bool regular = weightId.ends_with(suffix);
    return (regular ? weightId.substr(0, weightId.size() - suffix.size()) : weightId) + ".bias";
}

void rewriteLinear(const Graph& graph, const Node& linear, const ChannelMap& map, TensorMap& parameters) {
    const Value& weight = graph.value(linear.inputs[1]);
    const auto rows = static_cast<std::size_t>(weight.shape[0]), columns = static_cast<std::size_t>(weight.shape[1]);
    const bool hasBias = linear.inputs.size() > 2;
    const auto oldWeight = weight.data.as<float>();
    const std::vector<float> oldBias = hasBias ? graph.value(linear.inputs[2]).data.toFloats() : std::vector<float>(rows);
    std::vector<float> newWeight(oldWeight.size());
    std::vector<double> newBias(rows);
    for (std::size_t o = 0; o < rows; ++o) {
        double bias = oldBias[o];
        for (std::size_t c = 0; c < columns; ++c) {
            const double scaled = oldWeight[o * columns + c] * map.ratio[c];
            newWeight[o * columns + c] = static_cast<float>(scaled);
            bias += scaled * map.shift[c];
        }
        newBias[o] = bias;
    }
    parameters[weight.id] = HostTensor::of(std::move(newWeight), weight.shape);
    parameters[hasBias ? graph.value(linear.inputs[2]).id : biasId(weight.id)] = vectorTensor(newBias);
}

}  // namespace

std::map<std::size_t, graph::FoldableNorm> foldableSites(const Graph& graph, const std::vector<graph::Site>& sites) {
    std::map<std::size_t, graph::FoldableNorm> result;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        if (sites[i].role != graph::Role::postLayerNorm) continue;
        const auto norm = graph::foldableNorm(graph, sites[i]);
        if (norm && norm->linears.size() == sites[i].operands.size()) result.emplace(i, *norm);
    }
    return result;
}

Reparameterization reparameterizeScales(const Graph& graph, const graph::FoldableNorm& fold,
                                        const quant::Encoding& channelwise, SharedZeroPoint rule) {
    const Node& norm = graph.node(fold.norm);
    const auto channels = static_cast<std::size_t>(graph.value(norm.inputs[1]).shape[0]);
    if (channelwise.kind != quant::QuantizerKind::uniform || channelwise.scale.size() != channels ||
        channelwise.zeroPoint.size() != channels)
        fail(ErrorCode::invalidArgument, "scales can only be folded into a layer norm channel by channel",
             graph.value(norm.output).id);

    // In single precision, because that is what the quantizer will divide by.
    const auto sharedScale = static_cast<float>(mean(channelwise.scale));
    auto sharedZeroPoint = static_cast<float>(mean(channelwise.zeroPoint));
    if (rule == SharedZeroPoint::rounded)
        sharedZeroPoint = std::clamp(std::nearbyint(sharedZeroPoint), static_cast<float>(channelwise.qmin),
                                     static_cast<float>(channelwise.qmax));
    const ChannelMap map = channelMap(channelwise, sharedScale, sharedZeroPoint);

    Reparameterization result{.encoding = channelwise};
    result.encoding.granularity = quant::Granularity::tensor;
    result.encoding.axis = 0;
    result.encoding.scale = {sharedScale};
    result.encoding.zeroPoint = {sharedZeroPoint};
    rewriteNorm(graph, norm, map, result.parameters);
    for (const graph::NodeId linear : fold.linears) rewriteLinear(graph, graph.node(linear), map, result.parameters);
    return result;
}

}  // namespace vitrine::methods
