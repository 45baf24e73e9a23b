// SPDX-License-Identifier: GPL-3.0-or-later
// Gaussian images.
#include <ATen/ATen.h>

#include "methods/parts/image_prior.h"
#include "methods/synthesizers.h"

namespace vitrine::methods {

SynthesizedImages synthesizeNoise(MethodContext& context, const MethodState&) {
    Random random = context.random.stream("synthesis.images");
    const graph::ModelInfo& info = context.network.graph().info;
    const at::Tensor images = gaussianImages(info, context.parameters.integer("synthesis.count"), random);
    results::SyntheticImages shown = describeImages("noise", context.network, images, {}, &context.control);
    shown.sheets.push_back(contactSheet(images, info, 0));
    context.emit({.id = "synthesis.images", .title = "Synthetic images", .payload = std::move(shown)});
    return {images, {}};
}

}  // namespace vitrine::methods
