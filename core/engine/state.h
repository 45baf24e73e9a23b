// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"

namespace vitrine::engine {

/// What a Network holds. Everything but the packed weights is fixed while evaluations run.
struct Network::State {
    State(std::shared_ptr<const graph::Graph> graph, const std::string& deviceName);

    std::shared_ptr<const graph::Graph> graph;
    std::string deviceName;
    at::Device device;
    std::vector<graph::Site> sites;
    std::vector<std::array<std::int32_t, 2>> siteOfOperand;  ///< by node and input: the activation site read there, or kNone
    std::vector<at::Tensor> parameters;                      ///< by ValueId, defined for parameters only
};

}  // namespace vitrine::engine
