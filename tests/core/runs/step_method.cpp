// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runs/step_method.h"

#include <ATen/ATen.h>

#include "engine/tensors.h"

namespace vitrine::test {
namespace {

/// Symmetric per tensor, wide enough for the largest magnitude.
quant::Encoding symmetric(double magnitude, int bits) {
    const std::int64_t last = (std::int64_t{1} << (bits - 1)) - 1;
    return {.bits = bits,
            .qmin = -last - 1,
            .qmax = last,
            .scale = {static_cast<float>(magnitude / static_cast<double>(last))},
            .zeroPoint = {0}};
}

results::Artefact progressTrace(const std::vector<double>& means) {
    results::Trace trace{.name = "means", .xLabel = "step", .yLabel = "mean"};
    for (std::size_t k = 0; k < means.size(); ++k) trace.x.push_back(static_cast<double>(k));
    trace.y = means;
    return {"means", "Means", trace};
}

}  // namespace

StepMethod::StepMethod(std::function<void(int, jobs::Control&)> onStep) : onStep_(std::move(onStep)) {}

const methods::MethodInfo& StepMethod::info() const {
    static const methods::MethodInfo info{
        .id = "baseline",  // an id that the registry knows, for resumeSpec()
        .title = "Steps",
        .parameters = methods::methodInfo("baseline").parameters,
        .stages = {{"collect", "Collect", 4}, {"solve", "Solve", 1}},
        .policy = [](const ParameterSet&) { return quant::standardPolicy(4, 4); }};
    return info;
}

void StepMethod::step(int number, jobs::Control& control) const {
    if (onStep_) onStep_(number, control);
    control.check();
}

methods::MethodState StepMethod::run(std::size_t stage, methods::MethodState state, methods::MethodContext& context) const {
    return stage == 0 ? collect(std::move(state), context) : solve(std::move(state), context);
}

methods::MethodState StepMethod::collect(methods::MethodState state, methods::MethodContext& context) const {
    if (context.checkpoint) state = *context.checkpoint;
    auto means = state.data.value("means", std::vector<double>{});
    while (means.size() < kSteps && !context.control.shouldFinish()) {
        step(static_cast<int>(means.size()), context.control);
        Random random = context.random.stream("step" + std::to_string(means.size()));
        const at::Tensor logits = engine::forward(context.network, context.data->images(0, 2), {});
        means.push_back(logits.mean().item<double>() + random.normal());
        state.data["means"] = means;
        state.tensors["logits"] = engine::toHost(logits);
        context.emit(progressTrace(means));
        context.progress.update(static_cast<double>(means.size()) / kSteps);
        context.saveCheckpoint(state);
        context.control.safePoint([&] { context.saveCheckpoint(state); });
    }
    return state;
}

methods::MethodState StepMethod::solve(methods::MethodState state, methods::MethodContext& context) const {
    step(kSteps, context.control);
    const auto means = state.data.at("means").get<std::vector<double>>();
    const int bits = static_cast<int>(context.parameters.integer("weight.bits"));
    for (const graph::Site& site : context.network.sites()) {
        double magnitude = 4 + 0.01 * means.back();
        if (site.isWeight()) magnitude = context.network.parameter(site.value).abs().max().item<double>();
        state.model.encodings[site.id] = symmetric(magnitude, bits);
    }
    return state;
}

}  // namespace vitrine::test
