// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include "core/engine/networks.h"
#include "engine/engine.h"
#include "engine/tensors.h"

namespace vitrine::test {

inline at::Tensor randomImages(const graph::Graph& graph, std::int64_t batch, std::uint64_t seed = 11) {
    Shape shape = graph.value(graph.input).shape;
    shape[0] = batch;
    return engine::toTorch(randomTensor(shape, seed));
}

inline std::vector<graph::ValueId> computedValues(const graph::Graph& graph) {
    std::vector<graph::ValueId> ids;
    for (const graph::Node& node : graph.nodes) ids.push_back(node.output);
    return ids;
}

/// Same shape and same bits, whatever the strides.
inline bool sameBits(const at::Tensor& a, const at::Tensor& b) {
    if (a.sizes() != b.sizes() || a.scalar_type() != b.scalar_type()) return false;
    const at::Tensor left = a.contiguous();
    const at::Tensor right = b.contiguous();
    return std::memcmp(left.data_ptr(), right.data_ptr(), left.nbytes()) == 0;
}

inline double largestDifference(const at::Tensor& a, const at::Tensor& b) {
    return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

/// The networks that together use every operation.
inline std::vector<std::shared_ptr<const graph::Graph>> testNetworks() { return {makeVit({}), makeWindowNetwork()}; }

}  // namespace vitrine::test
