// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "graph/graph.h"

namespace vitrine::engine {

/// Whether two values share no element although their tensors may share memory: because they were cut from one value by
/// slices that do not overlap, as q, k and v are. False when this cannot be told.
bool areDisjointParts(const graph::Graph& graph, graph::ValueId a, graph::ValueId b);

}  // namespace vitrine::engine
