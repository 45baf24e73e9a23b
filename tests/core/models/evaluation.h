// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/host_tensor.h"
#include "graph/graph.h"

namespace vitrine::test {

/// The values with these ids for a batch of images, computed by the engine; parameters are returned as they are.
std::map<std::string, HostTensor> evaluateValues(const graph::Graph& graph, const HostTensor& images,
                                                 const std::vector<std::string>& ids);

HostTensor logitsOf(const graph::Graph& graph, const HostTensor& images);

/// The first `count` elements along dimension 0.
HostTensor firstRows(const HostTensor& tensor, std::int64_t count);

double largestDifference(const std::vector<float>& a, const std::vector<float>& b);
double largestMagnitude(const std::vector<float>& values);

}  // namespace vitrine::test
