// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "engine/products.h"

namespace vitrine::engine {

/// What a Network holds. Fixed while evaluations run, so they need no lock.
///
/// A parameter is either packed, or a tensor, or neither: then it is the graph's own data, which may lie in a mapped file
/// and takes no memory until it is asked for.
struct Network::State {
    State(std::shared_ptr<const graph::Graph> graph, const std::string& deviceName);

    at::Tensor parameter(graph::ValueId id) const;
    void setParameter(graph::ValueId id, const at::Tensor& tensor);

    std::shared_ptr<const graph::Graph> graph;
    std::string deviceName;
    at::Device device;
    std::vector<graph::Site> sites;
    std::vector<std::array<std::int32_t, 2>> siteOfOperand;  ///< by node and input: the activation site read there, or kNone
    std::vector<std::vector<std::int64_t>> orderOfResult;    ///< by node: see Call::order
    std::vector<at::Tensor> parameters;                      ///< by ValueId; undefined when packed or not a parameter
    std::vector<std::unique_ptr<const PackedWeight>> packed; ///< by ValueId; weights of linear layers on the CPU

  private:
    void findOrders(const std::vector<std::vector<graph::NodeId>>& consumers);
    void packWeights(const std::vector<std::vector<graph::NodeId>>& consumers);

    std::vector<bool> packable_;  ///< by ValueId
    std::vector<bool> replaced_;  ///< by ValueId
};

}  // namespace vitrine::engine
