// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include "graph/operations.h"
#include "quant/quantized_model.h"

namespace vitrine::quant {
namespace {

constexpr double kFloatBits = 32;
constexpr double kBitsPerByte = 8;

using Encodings = std::map<std::string, Encoding>;

double bitsAt(const Encodings& encodings, const std::string& site) {
    const auto found = encodings.find(site);
    return found == encodings.end() ? kFloatBits : found->second.bits;
}

/// Elements of a value for one image.
double elementsPerImage(const Shape& shape) {
    double count = 1;
    for (const std::int64_t size : shape)
        if (size != graph::kBatch) count *= static_cast<double>(size);
    return count;
}

double storageBits(const Encoding& encoding) {
    const auto isWhole = [](float zero) { return zero == std::floor(zero); };
    const bool whole = std::all_of(encoding.zeroPoint.begin(), encoding.zeroPoint.end(), isWhole);
    const bool symmetric = encoding.qmin < 0;
    const double perZeroPoint = symmetric ? 0 : whole ? encoding.bits : kFloatBits;
    return kFloatBits * static_cast<double>(encoding.scale.size()) +
           perZeroPoint * static_cast<double>(encoding.zeroPoint.size());
}

class Average {
  public:
    void add(double value, double weight) {
        sum_ += value * weight;
        weight_ += weight;
    }
    double value() const { return weight_ > 0 ? sum_ / weight_ : kFloatBits; }

  private:
    double sum_ = 0, weight_ = 0;
};

void addOperations(Cost& cost, const graph::Graph& graph, const Encodings& encodings) {
    for (const graph::Node& node : graph.nodes) {
        const auto macs = static_cast<double>(graph::macs(graph, node));
        if (macs == 0) continue;
        const double left = bitsAt(encodings, graph.value(node.inputs[0]).id);
        const double right = bitsAt(encodings, graph.value(node.inputs[1]).id);
        cost.bops += macs * left * right;
        cost.floatBops += macs * kFloatBits * kFloatBits;
    }
}

void addSites(Cost& cost, const graph::Graph& graph, const Encodings& encodings) {
    Average weights, activations, weightsByMacs, activationsByMacs;
    for (const graph::Site& site : graph::findSites(graph)) {
        const double bits = bitsAt(encodings, site.id);
        const double elements = elementsPerImage(site.shape);
        (site.isWeight() ? weights : activations).add(bits, elements);
        (site.isWeight() ? weightsByMacs : activationsByMacs).add(bits, static_cast<double>(site.macs));
        if (site.isWeight()) cost.sizeBytes -= elements * (kFloatBits - bits) / kBitsPerByte;
    }
    cost.averageWeightBits = weights.value();
    cost.averageActivationBits = activations.value();
    cost.averageWeightBitsByMacs = weightsByMacs.value();
    cost.averageActivationBitsByMacs = activationsByMacs.value();
}

}  // namespace

Cost cost(const graph::Graph& graph, const Encodings& encodings) {
    Cost cost;
    cost.floatBytes = static_cast<double>(graph.parameterCount()) * kFloatBits / kBitsPerByte;
    cost.sizeBytes = cost.floatBytes;
    addOperations(cost, graph, encodings);
    addSites(cost, graph, encodings);
    for (const auto& [site, encoding] : encodings) cost.encodingBytes += storageBits(encoding) / kBitsPerByte;
    return cost;
}

}  // namespace vitrine::quant
