// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>

namespace vitrine::analysis {

/// Where an analysis gets its images from, a batch at a time.
struct Images {
    std::int64_t count = 0;
    std::int64_t batch = 8;  ///< how many are evaluated at once; memory grows with it
    /// Images first..first+count-1 as float [count,C,H,W], preprocessed for the network.
    std::function<at::Tensor(std::int64_t first, std::int64_t count)> load;
};

}  // namespace vitrine::analysis
