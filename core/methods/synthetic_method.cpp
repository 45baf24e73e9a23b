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
#include "methods/synthesizers.h"

namespace vitrine::methods {
namespace {

enum Stage : std::size_t { kSynthesize, kQuantize };

MethodState quantize(const at::Tensor& images, MethodContext& outer) {
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

class SyntheticMethod final : public Method {
  public:
    explicit SyntheticMethod(const char* id) : id_(id) {}

    const MethodInfo& info() const override { return methodInfo(id_); }

    MethodState run(std::size_t stage, MethodState state, MethodContext& context) const override {
        const at::NoGradGuard noGradient;
        if (stage == kSynthesize) {
            const at::Tensor images = synthesize(id_, context, state).images;
            state.tensors[kMadeImages] = engine::toHost(images);
            // Who stops here gets a whole model, of the images as they are.
            if (context.control.shouldFinish()) {
                context.checkpoint.reset();
                context.saveCheckpoint = [](const MethodState&) {};
                state.model = quantize(images, context).model;
            }
        } else if (stage == kQuantize) {
            HostTensor images = std::move(state.tensors.at(kMadeImages));
            state = quantize(engine::toTorch(images), context);
            state.tensors[kMadeImages] = std::move(images);
        } else {
            fail(ErrorCode::internal, std::string(id_) + " has no stage " + std::to_string(stage));
        }
        context.progress.finish();
        return state;
    }

  private:
    const char* id_;
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

const Method& noise() {
    static const SyntheticMethod method("noise");
    return method;
}
const Method& psaq() {
    static const SyntheticMethod method("psaq");
    return method;
}
const Method& psaq2() {
    static const SyntheticMethod method("psaq2");
    return method;
}

}  // namespace vitrine::methods
