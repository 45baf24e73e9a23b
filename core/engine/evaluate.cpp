// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "engine/operations.h"
#include "engine/plan.h"
#include "engine/state.h"

namespace vitrine::engine {
namespace {

using graph::ValueId;

bool needsGradient(const Network::State& state, const ValueTensors& given) {
    if (!at::GradMode::is_enabled()) return false;
    const auto wantsGradient = [](const at::Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); };
    return std::any_of(given.begin(), given.end(), [&](const auto& entry) { return wantsGradient(entry.second); }) ||
           std::any_of(state.parameters.begin(), state.parameters.end(), wantsGradient);
}

/// One call of evaluate(): the tensors that are alive, and how often each will still be read.
class Evaluation {
  public:
    Evaluation(const Network& network, const ValueTensors& given, std::span<const ValueId> wanted, const Hooks& hooks)
        : state_(network.state()), hooks_(hooks), wanted_(wanted), plan_(planEvaluation(network, given, wanted)),
          differentiable_(needsGradient(state_, given)), values_(plan_.reads.size()), quantized_(state_.sites.size()) {
        for (const auto& [id, tensor] : given) at(id) = tensor;
    }

    ValueTensors run() {
        for (const graph::NodeId node : plan_.nodes) {
            if (hooks_.checkpoint) hooks_.checkpoint();
            runNode(node);
        }
        ValueTensors results;
        for (const ValueId id : wanted_) results[id] = fetch(id);
        return results;
    }

  private:
    at::Tensor& at(ValueId id) { return values_[static_cast<std::size_t>(id)]; }
    Plan::Reads& reads(ValueId id) { return plan_.reads[static_cast<std::size_t>(id)]; }

    /// The tensor of a value, made ready when it is a parameter that was not given.
    const at::Tensor& fetch(ValueId id) {
        at::Tensor& slot = at(id);
        if (!slot.defined()) {
            slot = state_.parameters[static_cast<std::size_t>(id)];
            if (slot.is_floating_point()) slot = slot.to(plan_.type);
        }
        return slot;
    }

    /// Hands the tensor out, and forgets it when nobody will ask again.
    at::Tensor take(ValueId id) {
        fetch(id);
        const Plan::Reads& left = reads(id);
        if (left.kept || left.plain + left.quantized > 0) return at(id);
        return std::move(at(id));
    }

    at::Tensor takeQuantized(ValueId id, std::int32_t site) {
        Plan::Reads& left = reads(id);
        at::Tensor& slot = quantized_[static_cast<std::size_t>(site)];
        if (!slot.defined()) {
            const int later = std::exchange(left.quantized, 0);  // they read the quantized tensor
            at::Tensor value = take(id);
            const bool mayOverwrite = !differentiable_ && overwritable(value);
            slot = hooks_.quantize(static_cast<std::size_t>(site), std::move(value), mayOverwrite);
            left.quantized = later;
        }
        return --left.quantized > 0 ? slot : std::move(slot);
    }

    at::Tensor operand(graph::NodeId node, std::size_t index) {
        const ValueId id = state_.graph->node(node).inputs[index];
        const std::int32_t site = index < 2 ? state_.siteOfOperand[static_cast<std::size_t>(node)][index] : graph::kNone;
        if (site != graph::kNone && hooks_.quantize) return takeQuantized(id, site);
        --(site != graph::kNone ? reads(id).quantized : reads(id).plain);
        return take(id);
    }

    void runNode(graph::NodeId id) {
        const graph::Node& node = state_.graph->node(id);
        std::vector<at::Tensor> inputs;
        for (std::size_t i = 0; i < node.inputs.size(); ++i) inputs.push_back(operand(id, i));
        Call call{.node = node, .inputs = inputs, .batch = plan_.batch, .differentiable = differentiable_};
        at::Tensor result = compute(call);
        if (hooks_.observe) hooks_.observe(node.output, result);
        at(node.output) = std::move(result);
    }

    const Network::State& state_;
    const Hooks& hooks_;
    std::span<const ValueId> wanted_;
    Plan plan_;
    bool differentiable_;
    std::vector<at::Tensor> values_;     ///< by ValueId
    std::vector<at::Tensor> quantized_;  ///< by site
};

}  // namespace

ValueTensors evaluate(const Network& network, const ValueTensors& given, std::span<const ValueId> wanted,
                      const Hooks& hooks) {
    return Evaluation(network, given, wanted, hooks).run();
}

at::Tensor forward(const Network& network, const at::Tensor& images, const Hooks& hooks) {
    const ValueId output = network.graph().output;
    return evaluate(network, {{network.graph().input, images}}, {&output, 1}, hooks).at(output);
}

}  // namespace vitrine::engine
