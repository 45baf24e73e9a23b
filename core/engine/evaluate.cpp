// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <utility>

#include "engine/operations.h"
#include "engine/plan.h"
#include "engine/state.h"
#include "engine/views.h"

namespace vitrine::engine {
namespace {

using graph::ValueId;

bool needsGradient(const Network::State& state, const ValueTensors& given) {
    if (!at::GradMode::is_enabled()) return false;
    const auto wantsGradient = [](const at::Tensor& tensor) { return tensor.defined() && tensor.requires_grad(); };
    return std::any_of(given.begin(), given.end(), [&](const auto& entry) { return wantsGradient(entry.second); }) ||
           std::any_of(state.parameters.begin(), state.parameters.end(), wantsGradient);
}

/// Whether several elements of the tensor lie in one place, as after an expansion.
bool hasRepeatedElements(const at::Tensor& tensor) {
    for (std::int64_t i = 0; i < tensor.dim(); ++i)
        if (tensor.stride(i) == 0 && tensor.size(i) > 1) return true;
    return false;
}

/// One call of evaluate(): the tensors that are alive, and how often each will still be read.
class Evaluation {
  public:
    Evaluation(const Network& network, const ValueTensors& given, std::span<const ValueId> wanted, const Hooks& hooks)
        : state_(network.state()), hooks_(hooks), wanted_(wanted), plan_(planEvaluation(network, given, wanted)),
          differentiable_(needsGradient(state_, given)),
          torchOnly_(differentiable_ || !state_.device.is_cpu() || plan_.type != at::kFloat),
          values_(plan_.reads.size()), quantized_(state_.sites.size()) {
        for (const auto& [id, tensor] : given) at(id) = tensor;
        const bool hidden = !hooks.observe && (!hooks.quantize || hooks.quantizesElements);  // nobody sees what is left out
        if (hidden && !torchOnly_ && productsKeepRows()) computeOnlyReadRows(plan_, *state_.graph);
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
            slot = state_.parameter(id);
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
            const bool mayOverwrite = !differentiable_ && isExclusive(id, value);
            slot = hooks_.quantize(static_cast<std::size_t>(site), std::move(value), mayOverwrite);
            left.quantized = later;
        }
        return --left.quantized > 0 ? slot : std::move(slot);
    }

    /// Whether nobody else can see the elements of `tensor`, which holds `id`. Others may see other parts of its memory.
    bool isExclusive(ValueId id, const at::Tensor& tensor) const {
        if (overwritable(tensor)) return true;
        if (tensor.use_count() != 1 || hasRepeatedElements(tensor)) return false;
        std::size_t known = 1;
        const auto isApart = [&](ValueId other, const at::Tensor& held) {
            if (!held.defined() || !held.is_alias_of(tensor)) return true;
            ++known;
            return areDisjointParts(*state_.graph, id, other);
        };
        for (std::size_t i = 0; i < values_.size(); ++i)
            if (!isApart(static_cast<ValueId>(i), values_[i])) return false;
        for (std::size_t i = 0; i < quantized_.size(); ++i)
            if (!isApart(state_.sites[i].value, quantized_[i])) return false;
        for (std::size_t i = 0; i < inputs_.size(); ++i)
            if (!isApart(current_->inputs[i], inputs_[i])) return false;
        return tensor.storage().use_count() == known;  // somebody outside may hold a view
    }

    at::Tensor takeOperand(graph::NodeId node, std::size_t index) {
        const ValueId id = current_->inputs[index];
        const std::int32_t site = index < 2 ? state_.siteOfOperand[static_cast<std::size_t>(node)][index] : graph::kNone;
        if (site != graph::kNone && hooks_.quantize) return takeQuantized(id, site);
        --(site != graph::kNone ? reads(id).quantized : reads(id).plain);
        return take(id);
    }

    const Rows& rows(ValueId id) const { return plan_.rows[static_cast<std::size_t>(id)]; }

    /// The operand, cut to what the node reads of it.
    at::Tensor operand(graph::NodeId node, std::size_t index) {
        at::Tensor whole = takeOperand(node, index);
        const Rows& held = rows(current_->inputs[index]);
        const Rows read = rowsOfInput(*state_.graph, *current_, index, rows(current_->output)).value();
        if (read == held || read.all()) return whole;
        return whole.narrow(read.axis, read.start - held.start, read.length);
    }

    /// The packed form of the node's weight, when there is one and nobody gave another weight.
    const PackedWeight* packedWeight() {
        if (torchOnly_ || current_->inputs.size() < 2 || at(current_->inputs[1]).defined()) return nullptr;
        return state_.packed[static_cast<std::size_t>(current_->inputs[1])].get();
    }

    void runNode(graph::NodeId id) {
        current_ = &state_.graph->node(id);
        const PackedWeight* weight = packedWeight();
        inputs_.clear();
        for (std::size_t i = 0; i < current_->inputs.size(); ++i)
            inputs_.push_back(i == 1 && weight != nullptr ? at::Tensor() : operand(id, i));
        Call call{.graph = *state_.graph,
                  .node = *current_,
                  .inputs = inputs_,
                  .batch = plan_.batch,
                  .torchOnly = torchOnly_,
                  .mayOverwrite = !differentiable_,
                  .rows = rows(current_->output),
                  .weight = weight,
                  .order = state_.orderOfResult[static_cast<std::size_t>(id)]};
        at::Tensor result = compute(call);
        inputs_.clear();
        if (hooks_.observe) hooks_.observe(current_->output, result);
        at(current_->output) = std::move(result);
    }

    const Network::State& state_;
    const Hooks& hooks_;
    std::span<const ValueId> wanted_;
    Plan plan_;
    bool differentiable_;
    bool torchOnly_;
    std::vector<at::Tensor> values_;     ///< by ValueId
    std::vector<at::Tensor> quantized_;  ///< by site
    const graph::Node* current_ = nullptr;
    std::vector<at::Tensor> inputs_;  ///< of the current node, as far as they are ready
};

}  // namespace

ValueTensors evaluate(const Network& network, const ValueTensors& given, std::span<const ValueId> wanted,
                      const Hooks& hooks) {
    at::internal::lazy_init_num_threads();  // a new thread does not know the chosen number of threads yet
    return Evaluation(network, given, wanted, hooks).run();
}

at::Tensor forward(const Network& network, const at::Tensor& images, const Hooks& hooks) {
    const ValueId output = network.graph().output;
    return evaluate(network, {{network.graph().input, images}}, {&output, 1}, hooks).at(output);
}

}  // namespace vitrine::engine
