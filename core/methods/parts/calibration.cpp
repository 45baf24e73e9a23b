// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/calibration.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "base/error.h"

namespace vitrine::methods {

std::int64_t calibrationCount(const MethodContext& context) {
    const std::int64_t available = context.data == nullptr ? 0 : context.data->count();
    if (available < 1)
        fail(ErrorCode::invalidArgument, "the method needs calibration images and got none", "calibration",
             "name a set of images to calibrate on");
    return std::min(available, context.parameters.integer("calibration.count"));
}

BlockWalk::BlockWalk(const engine::Network& network, const SiteSpecs& specs, at::Tensor images,
                     const jobs::Control& control)
    : network_(network), specs_(specs), control_(control), value_(std::move(images)) {}

bool BlockWalk::atEnd() const { return next_ == network_.graph().blocks.size(); }

const graph::Block& BlockWalk::block() const { return network_.graph().blocks[next_]; }

void BlockWalk::step(const SiteVisitor& visit) {
    const engine::Hooks hooks{.quantize =
                                  [&](std::size_t site, at::Tensor value, bool mayOverwrite) {
                                      if (!specs_[site]) return value;
                                      return visit(site, std::move(value), mayOverwrite);
                                  },
                              .checkpoint = [&] { control_.check(); }};
    const graph::Block& here = block();
    value_ = engine::evaluate(network_, {{here.input, std::move(value_)}}, {&here.output, 1}, hooks).at(here.output);
    ++next_;
}

}  // namespace vitrine::methods
