// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "methods/method.h"
#include "methods/parts/site_specs.h"

namespace vitrine::methods {

/// The calibration images that a method uses: the first "calibration.count" there are.
/// Throws Exception(invalidArgument) when there are none.
std::int64_t calibrationCount(const MethodContext& context);

/// Called once for each activation site that has a spec, in network order; what it returns goes on through the network.
using SiteVisitor = std::function<at::Tensor(std::size_t site, at::Tensor value, bool mayOverwrite)>;

/// Walks through a network block by block with one batch of images, so that the work can stop between blocks.
/// A block is the same bit for bit whether the walk began at it or before it.
class BlockWalk {
  public:
    /// `network` is evaluated; the walk stands before the first block.
    BlockWalk(const engine::Network& network, const SiteSpecs& specs, at::Tensor images, const jobs::Control& control);

    std::size_t next() const { return next_; }  ///< index of the block that comes next
    bool atEnd() const;
    const graph::Block& block() const;          ///< the block that comes next

    /// Evaluates the next block; `visit` sees its sites.
    void step(const SiteVisitor& visit);

  private:
    const engine::Network& network_;
    const SiteSpecs& specs_;
    const jobs::Control& control_;
    at::Tensor value_;
    std::size_t next_ = 0;
};

}  // namespace vitrine::methods
