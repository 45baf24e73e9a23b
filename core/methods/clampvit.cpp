// SPDX-License-Identifier: GPL-3.0-or-later
// CLAMP-ViT: data-free quantization by patch-contrastive images and a layer-wise evolutionary search (docs/methods.md).
#include <ATen/ATen.h>

#include <string>
#include <utility>

#include "base/error.h"
#include "engine/tensors.h"
#include "methods/builtin.h"
#include "methods/clampvit_allocation.h"
#include "methods/clampvit_images.h"
#include "methods/clampvit_search.h"
#include "methods/clampvit_start.h"
#include "methods/infos.h"
#include "methods/parts/start_model.h"

namespace vitrine::methods {
namespace {

using clamp::Images;

enum Stage : std::size_t { kSynthesize, kStart, kAllocate, kSearch };

/// The quantized model that the search improves, calibrated on the images.
void calibrate(MethodState& state, MethodContext& context, const Images& images, bool savesCheckpoints) {
    const ParameterSet parameters = clamp::startOf(context.parameters, images.present().size(0));
    const SyntheticData data(images.present());
    MethodContext inner{.network = context.network,
                        .parameters = parameters,
                        .policy = context.policy,
                        .data = &data,
                        .random = context.random,
                        .control = context.control,
                        .progress = context.progress,
                        .emit = context.emit,
                        .saveCheckpoint = [](const MethodState&) {},
                        .checkpoint = std::nullopt,
                        .start = context.start};
    if (savesCheckpoints) {
        inner.saveCheckpoint = context.saveCheckpoint;
        inner.checkpoint = context.checkpoint;
    }
    state.model = makeStart({}, inner).model;
}

void synthesize(MethodState& state, MethodContext& context) {
    Images images(context, context.checkpoint ? *context.checkpoint : state);
    const auto saved = [&] {
        MethodState reached;
        reached.model.graph = context.network.sharedGraph();
        images.save(reached);
        return reached;
    };
    images.make(context.progress, [&] { context.saveCheckpoint(saved()); });
    state = saved();
    // Whoever finishes early gets a whole model all the same.
    if (context.control.shouldFinish()) calibrate(state, context, images, false);
}

void search(MethodState& state, MethodContext& context) {
    clamp::Search search(state, context);
    search.run();
    if (search.images().synthetic()) state.tensors[kMadeImages] = engine::toHost(search.images().present());
}

class ClampVit final : public Method {
  public:
    const MethodInfo& info() const override { return methodInfo("clampvit"); }

    MethodState run(std::size_t stage, MethodState state, MethodContext& context) const override {
        const at::NoGradGuard noGradient;
        switch (stage) {
            case kSynthesize: synthesize(state, context); break;
            case kStart: calibrate(state, context, Images(context, state), true); break;
            case kAllocate: clamp::allocate(state, context, Images(context, state).present()); break;
            case kSearch: search(state, context); break;
            default: fail(ErrorCode::internal, "CLAMP-ViT has no stage " + std::to_string(stage));
        }
        context.progress.finish();
        return state;
    }
};

}  // namespace

const Method& clampvit() {
    static const ClampVit method;
    return method;
}

}  // namespace vitrine::methods
