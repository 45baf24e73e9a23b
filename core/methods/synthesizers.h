// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string_view>

#include "methods/method.h"
#include "methods/parts/synthesis.h"
#include "methods/synthesizer_info.h"

namespace vitrine::methods {

/// Images as a network takes them.
struct SynthesizedImages {
    at::Tensor images;  ///< [count,C,H,W] float
    at::Tensor labels;  ///< int64 [count]: what they were asked to show; undefined for none
    MethodState learned; ///< a quantized network that was trained along with them; without a graph for none
};

/// Makes images by the synthesizer `id` with context.parameters, which hold at least those of its schema. Emits
/// results::SyntheticImages as "synthesis.images". Saves `base` with its own state in it as the checkpoint, and takes up at
/// context.checkpoint. When the user stops early it hands on the images as they are then.
/// Throws Exception(notFound) for an unknown id, unsupported for a network whose patches lie on no grid.
SynthesizedImages synthesize(std::string_view id, MethodContext& context, const MethodState& base);

// The synthesizers, one function each.
SynthesizedImages synthesizeNoise(MethodContext& context, const MethodState& base);
SynthesizedImages synthesizePsaq(MethodContext& context, const MethodState& base);
SynthesizedImages synthesizePsaq2(MethodContext& context, const MethodState& base);
SynthesizedImages synthesizeClampVit(MethodContext& context, const MethodState& base);

/// Saves `base` with the state of `synthesis` and what `extra` adds as the checkpoint of `context`.
void saveSynthesis(const Synthesis& synthesis, MethodContext& context, const MethodState& base, const std::function<void(MethodState&)>& extra);

/// Runs `synthesis` to its end or `until` within `context`, as synthesize() says. `extra` adds to what is saved.
void runSynthesis(Synthesis& synthesis, MethodContext& context, const MethodState& base,
                  const std::function<void(MethodState&)>& extra = {}, std::int64_t until = std::numeric_limits<std::int64_t>::max());

}  // namespace vitrine::methods
