// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/engine.h"
#include "engine/tensors.h"

namespace vitrine::test {

std::map<std::string, HostTensor> evaluateValues(const graph::Graph& graph, const HostTensor& images,
                                                 const std::vector<std::string>& ids) {
    const engine::Network network(std::make_shared<const graph::Graph>(graph));
    std::map<std::string, HostTensor> results;
    std::vector<graph::ValueId> wanted;
    for (const std::string& id : ids) {
        const graph::ValueId value = graph.require(id);
        if (graph.value(value).kind == graph::ValueKind::parameter)
            results[id] = graph.value(value).data;
        else
            wanted.push_back(value);
    }
    at::NoGradGuard noGradients;
    const auto computed = engine::evaluate(network, {{graph.input, engine::toTorch(images)}}, wanted);
    for (const graph::ValueId value : wanted) results[graph.value(value).id] = engine::toHost(computed.at(value));
    return results;
}

HostTensor logitsOf(const graph::Graph& graph, const HostTensor& images) {
    return evaluateValues(graph, images, {"logits"}).at("logits");
}

HostTensor firstRows(const HostTensor& tensor, std::int64_t count) {
    HostTensor result = tensor;
    result.byteCount = tensor.byteCount / static_cast<std::size_t>(tensor.shape[0]) * static_cast<std::size_t>(count);
    result.shape[0] = count;
    return result;
}

double largestDifference(const std::vector<float>& a, const std::vector<float>& b) {
    if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        if (!(difference <= largest)) largest = difference;  // a NaN is the largest of all
    }
    return largest;
}

double largestMagnitude(const std::vector<float>& values) {
    double largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(static_cast<double>(value)));
    return largest;
}

}  // namespace vitrine::test
