// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <span>

#include "graph/graph.h"

namespace vitrine::engine {

/// A node about to be computed. A kernel may take over the storage of an input that nobody else holds (overwritable()).
struct Call {
    const graph::Node& node;
    std::span<at::Tensor> inputs;
    std::int64_t batch = graph::kNone;
    bool differentiable = false;  ///< torch's own kernels, nothing in place
};

at::Tensor compute(Call& call);

/// Whether nobody but the holder of `tensor` can see its memory, and every element has a place of its own.
bool overwritable(const at::Tensor& tensor);

}  // namespace vitrine::engine
