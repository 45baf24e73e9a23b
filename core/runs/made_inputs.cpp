// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/made_inputs.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engine/tensors.h"
#include "methods/parts/synthesis.h"
#include "methods/synthesizers.h"
#include "runs/state_store.h"

namespace vitrine::runs {
namespace {

const char* const kImages = "images";

[[noreturn]] void refuseStart(const std::string& id, const std::string& why, const std::string& remedy) {
    fail(ErrorCode::invalidArgument, "run " + id + " " + why, "start.run", remedy);
}

}  // namespace

std::unique_ptr<methods::CalibrationData> makeCalibration(const SyntheticCalibration& synthetic, const engine::Network& network,
                                                          const quant::Policy& policy, std::uint64_t seed, const SyntheticStage& stage) {
    const at::NoGradGuard noGradient;
    StateStore states(stage.folder);
    SavedState saved = states.load(network.sharedGraph());
    if (saved.nextStage > 0) return std::make_unique<methods::SyntheticData>(engine::toTorch(saved.state.tensors.at(kImages)));
    const methods::SynthesizerInfo& info = methods::synthesizerInfo(synthetic.method);
    const quant::Policy own = info.policy ? info.policy(synthetic.parameters) : policy;
    const RandomStreams random(seed);
    methods::MethodContext context{.network = network,
                                   .parameters = synthetic.parameters,
                                   .policy = own,
                                   .data = nullptr,
                                   .random = random,
                                   .control = stage.control,
                                   .progress = stage.progress,
                                   .emit = stage.emit,
                                   .saveCheckpoint =
                                       [&](const methods::MethodState& reached) {
                                           stage.flush();
                                           states.saveCheckpoint(0, reached);
                                       },
                                   .checkpoint = std::move(saved.checkpoint)};
    methods::MethodState state{.model = {.graph = network.sharedGraph()}};
    const at::Tensor images = methods::synthesize(synthetic.method, context, state).images.contiguous();
    stage.flush();
    state.tensors[kImages] = engine::toHost(images);
    if (!stage.control.endedEarly()) states.saveStart(1, state);
    stage.control.safePoint([] {});  // the state is on disk already
    return std::make_unique<methods::SyntheticData>(images);
}

std::optional<quant::QuantizedModel> startModel(const RunSpec& spec, const project::Project& project, const models::LoadedModel& model) {
    const ParameterSchema& schema = spec.parameters.schema();
    const bool mayName = std::any_of(schema.begin(), schema.end(), [](const ParameterSpec& parameter) { return parameter.id == "start.run"; });
    if (!mayName || spec.parameters.text("start.run").empty()) return std::nullopt;
    const std::string& id = spec.parameters.text("start.run");
    const project::RunRecord record = project.run(id);
    if (record.state != project::RunState::finished && record.state != project::RunState::kept)
        refuseStart(id, "has no quantized model: it is " + std::string(project::runStateName(record.state)), "name a finished run");
    for (const project::InputRecord& input : record.inputs)
        if (input.role == "model" && input.hash != model.hash) refuseStart(id, "is of another network", "name a run of this network");
    std::vector<std::pair<std::string, std::string>> theirs, ours;
    for (const project::ParameterRecord& override : record.modelOverrides) theirs.emplace_back(override.id, parameterText(override.value));
    for (const ParameterSpec& parameter : spec.modelOverrides.schema())
        if (!spec.modelOverrides.isDefault(parameter.id))
            ours.emplace_back(parameter.id, parameterText(spec.modelOverrides.value(parameter.id)));
    if (theirs != ours) refuseStart(id, "took the network with other settings", "set the same values for the network");
    return quant::load(project.modelFolder(id), model.graph);
}

}  // namespace vitrine::runs
