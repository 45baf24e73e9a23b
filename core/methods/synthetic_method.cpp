// SPDX-License-Identifier: GPL-3.0-or-later
// The methods that make images, then quantize by another method on them.
#include "methods/synthetic_method.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/error.h"
#include "engine/tensors.h"
#include "methods/builtin.h"
#include "methods/infos.h"
#include "methods/parts/common_parameters.h"
#include "methods/parts/start_model.h"
#include "methods/psaq2_student.h"
#include "methods/synthesizers.h"

namespace vitrine::methods {
namespace {

enum Stage : std::size_t { kSynthesize, kQuantize };

/// The second stage: a quantized network by images, and by what the first stage left besides.
using Quantize = MethodState (*)(const at::Tensor& images, const MethodState& made, MethodContext& context);

class SyntheticMethod final : public Method {
  public:
    SyntheticMethod(const char* id, Quantize quantize) : id_(id), quantize_(quantize) {}

    const MethodInfo& info() const override { return methodInfo(id_); }

    MethodState run(std::size_t stage, MethodState state, MethodContext& context) const override {
        const at::NoGradGuard noGradient;
        if (stage == kSynthesize) {
            SynthesizedImages made = synthesize(id_, context, state);
            if (made.learned.model.graph != nullptr) state = std::move(made.learned);
            state.tensors[kMadeImages] = engine::toHost(made.images);
            // Who stops here gets a whole model, of the images as they are.
            if (context.control.shouldFinish()) {
                context.checkpoint.reset();
                context.saveCheckpoint = [](const MethodState&) {};
                state.model = quantize_(made.images, state, context).model;
            }
        } else if (stage == kQuantize) {
            HostTensor images = std::move(state.tensors.at(kMadeImages));
            state = quantize_(engine::toTorch(images), state, context);
            state.tensors[kMadeImages] = std::move(images);
        } else {
            fail(ErrorCode::internal, std::string(id_) + " has no stage " + std::to_string(stage));
        }
        context.progress.finish();
        return state;
    }

  private:
    const char* id_;
    Quantize quantize_;
};

}  // namespace

ParameterSet withCalibrationCount(const ParameterSet& parameters, std::int64_t count) {
    ParameterSchema schema = parameters.schema();
    const bool has = std::any_of(schema.begin(), schema.end(), [](const ParameterSpec& spec) { return spec.id == "calibration.count"; });
    if (!has) schema.push_back(integerParameter("calibration.count", count, 1, 1024, "Images calibrated on."));
    ParameterSet result(std::move(schema));
    for (const ParameterSpec& spec : parameters.schema()) result.set(spec.id, parameters.value(spec.id));
    result.set("calibration.count", count);
    return result;
}

MethodState quantizeOn(const at::Tensor& images, const MethodState&, MethodContext& outer) {
    const ParameterSet parameters = withCalibrationCount(outer.parameters, images.size(0));
    const SyntheticData data(images);
    MethodContext context{.network = outer.network,
                          .parameters = parameters,
                          .policy = outer.policy,
                          .data = &data,
                          .random = outer.random,
                          .control = outer.control,
                          .progress = outer.progress,
                          .emit = outer.emit,
                          .saveCheckpoint = outer.saveCheckpoint,
                          .checkpoint = outer.checkpoint};
    return makeStart({.model = {.graph = outer.network.sharedGraph()}}, context);
}

const Method& noise() {
    static const SyntheticMethod method("noise", quantizeOn);
    return method;
}
const Method& psaq() {
    static const SyntheticMethod method("psaq", quantizeOn);
    return method;
}
const Method& psaq2() {
    static const SyntheticMethod method("psaq2", quantizePsaq2);
    return method;
}

}  // namespace vitrine::methods
