// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/methods/recorded_run.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace vitrine::test {

at::Tensor TensorData::images(std::int64_t first, std::int64_t count) const { return images_.narrow(0, first, count); }

RecordedRun runMethod(const std::string& id, std::shared_ptr<const graph::Graph> graph, const at::Tensor& images,
                      const RunOptions& options) {
    const methods::Method& method = methods::method(id);
    ParameterSet parameters(method.info().parameters);
    for (const auto& [key, text] : options.parameters) parameters.setText(key, text);
    quant::Policy policy = method.info().policy(parameters);
    policy.rules.insert(policy.rules.end(), options.rules.begin(), options.rules.end());
    const engine::Network network(std::move(graph));
    const TensorData data(images);
    const RandomStreams random(1);
    jobs::Control ownControl;
    jobs::Progress progress;
    RecordedRun run;
    for (std::size_t stage = 0; stage < std::min(options.stages, method.info().stages.size()); ++stage) {
        run.checkpoints.clear();
        methods::MethodContext context{
            .network = network,
            .parameters = parameters,
            .policy = policy,
            .data = &data,
            .random = random,
            .control = options.control == nullptr ? ownControl : *options.control,
            .progress = progress,
            .emit =
                [&](results::Artefact artefact) {
                    const std::string name = artefact.id;
                    run.artefacts[name] = std::move(artefact);
                    if (options.onArtefact) options.onArtefact(name);
                },
            .saveCheckpoint =
                [&](const methods::MethodState& state) {
                    run.checkpoints.push_back(state);
                    if (options.onCheckpoint) options.onCheckpoint();
                    if (options.onState) options.onState(state);
                },
            .checkpoint = stage == options.checkpointStage ? options.checkpoint : std::nullopt,
            .start = options.start};
        run.state = method.run(stage, std::move(run.state), context);
    }
    return run;
}

bool identical(const quant::QuantizedModel& a, const quant::QuantizedModel& b) {
    if (a.encodings != b.encodings || a.rewritten != b.rewritten || a.graph->values.size() != b.graph->values.size())
        return false;
    return std::equal(a.graph->values.begin(), a.graph->values.end(), b.graph->values.begin(), [](const auto& x, const auto& y) {
        return x.id == y.id && std::equal(x.data.view().begin(), x.data.view().end(), y.data.view().begin(), y.data.view().end());
    });
}

}  // namespace vitrine::test
