// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/gradient.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <unordered_map>
#include <utility>
#include <vector>

#include "base/error.h"
#include "engine/gradient_operations.h"
#include "engine/operations.h"
#include "engine/plan.h"
#include "engine/state.h"

namespace vitrine::engine {
namespace {

using graph::NodeId;
using graph::Op;
using graph::ValueId;

std::size_t at(std::int32_t id) { return static_cast<std::size_t>(id); }

}  // namespace

struct GradientNetwork::State {
    explicit State(const Network& of) : network(of), transposed(of.graph().values.size()) {
        const at::NoGradGuard noGradient;
        const graph::Graph& graph = of.graph();
        if (!of.state().device.is_cpu()) return;
        for (const graph::Node& node : graph.nodes) {
            if (!takesPackedWeight(graph, node) || transposed[at(node.inputs[1])]) continue;
            const graph::Value& value = graph.value(node.inputs[1]);
            if (value.kind != graph::ValueKind::parameter) continue;
            const at::Tensor weight = of.parameter(node.inputs[1]);
            transposed[at(node.inputs[1])] = std::make_unique<const PackedWeight>(weight.reshape({weight.size(0), -1}).t());
        }
    }

    const Network& network;
    std::vector<std::unique_ptr<const PackedWeight>> transposed;  ///< by ValueId
};

GradientNetwork::GradientNetwork(const Network& network) : state_(std::make_unique<State>(network)) {}
GradientNetwork::~GradientNetwork() = default;
GradientNetwork::GradientNetwork(GradientNetwork&&) noexcept = default;
GradientNetwork& GradientNetwork::operator=(GradientNetwork&&) noexcept = default;

const Network& GradientNetwork::network() const { return state_->network; }

double GradientNetwork::bytesPerImage() const {
    const graph::Graph& graph = state_->network.graph();
    std::vector<bool> kept(graph.values.size());
    for (const graph::Node& node : graph.nodes) {
        if (keepsOutput(node)) kept[at(node.output)] = true;
        for (std::size_t i = 0; i < node.inputs.size(); ++i)
            if (keepsInput(node, i)) kept[at(node.inputs[i])] = true;
    }
    double elements = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        const Shape& shape = graph.values[i].shape;
        if (!kept[i] || shape.empty() || shape[0] != graph::kBatch) continue;
        double count = 1;
        for (std::size_t k = 1; k < shape.size(); ++k) count *= static_cast<double>(shape[k]);
        elements += count;
    }
    return elements * sizeof(float);
}

/// What happened on the way forth, and the gradients on the way back.
struct Differentiation::Tape {
    /// A quantizer's way: its argument as a leaf of torch's graph, and its result.
    struct Quantized {
        at::Tensor leaf, result;
    };

    Tape(const GradientNetwork::State& of, const at::Tensor& images, std::span<const ValueId> wanted, Hooks given)
        : network(of), graph(of.network.graph()), state(of.network.state()), hooks(std::move(given)),
          byTorch(!state.device.is_cpu() || images.scalar_type() != at::kFloat), kept(graph.values.size()),
          gradients(graph.values.size()), siteGradients(state.sites.size()), quantized(state.sites.size()) {
        if (byTorch)
            evaluateByTorch(images, wanted);
        else
            evaluateByOurselves(images, wanted);
    }

    void evaluateByTorch(const at::Tensor& images, std::span<const ValueId> wanted) {
        const at::AutoGradMode gradient(true);
        input = images.detach().clone().requires_grad_(true);
        history = evaluate(network.network, {{graph.input, input}}, wanted, hooks);
        for (const auto& [id, tensor] : history) values[id] = tensor.detach();
    }

    void evaluateByOurselves(const at::Tensor& images, std::span<const ValueId> wanted) {
        const at::NoGradGuard noGradient;
        input = images.detach();
        nodes = planEvaluation(network.network, {{graph.input, input}}, wanted).nodes;
        findActive();
        Hooks own{.observe = [this](ValueId id, const at::Tensor& tensor) { if (needed[at(id)]) kept[at(id)] = tensor; },
                  .checkpoint = hooks.checkpoint};
        if (hooks.quantize)
            own.quantize = [this](std::size_t site, at::Tensor value, bool) { return quantize(site, std::move(value)); };
        values = evaluate(network.network, {{graph.input, input}}, wanted, own);
    }

    /// Which values depend on the images, and which of them the way back looks at.
    void findActive() {
        active.resize(graph.values.size());
        needed.resize(graph.values.size());
        active[at(graph.input)] = true;
        for (const NodeId id : nodes) {
            const graph::Node& node = graph.node(id);
            for (const ValueId operand : node.inputs)
                if (active[at(operand)]) active[at(node.output)] = true;
            if (!active[at(node.output)]) continue;
            if (keepsOutput(node)) needed[at(node.output)] = true;
            for (std::size_t i = 0; i < node.inputs.size(); ++i)
                if (keepsInput(node, i) && graph.value(node.inputs[i]).kind == graph::ValueKind::computed) needed[at(node.inputs[i])] = true;
        }
    }

    at::Tensor quantize(std::size_t site, at::Tensor value) {
        const at::AutoGradMode gradient(true);
        Quantized& way = quantized[site];
        way.leaf = value.detach().requires_grad_(true);
        way.result = hooks.quantize(site, way.leaf, false);
        return way.result.detach();
    }

    /// The operand as the node read it.
    at::Tensor operand(NodeId id, std::size_t index) const {
        const ValueId value = graph.node(id).inputs[index];
        const std::int32_t site = siteOf(id, index);
        if (site != graph::kNone && quantized[at(site)].result.defined()) return quantized[at(site)].result.detach();
        if (value == graph.input) return input;
        return kept[at(value)].defined() ? kept[at(value)] : state.parameter(value);
    }

    std::int32_t siteOf(NodeId id, std::size_t index) const {
        return index < 2 ? state.siteOfOperand[at(id)][index] : graph::kNone;
    }

    Shape sizesOf(ValueId id) const {
        Shape sizes = graph.value(id).shape;
        if (!sizes.empty() && sizes[0] == graph::kBatch) sizes[0] = input.size(0);
        return sizes;
    }

    at::Tensor backwardByTorch(const ValueTensors& from) {
        at::Tensor total = at::zeros({}, input.options());
        for (const auto& [id, gradient] : from) total = total + (history.at(id) * gradient).sum();
        if (total.requires_grad()) total.backward();
        history.clear();
        return input.grad().defined() ? input.grad() : at::zeros_like(input);
    }

    at::Tensor backwardByOurselves(ValueTensors from) {
        const at::NoGradGuard noGradient;
        for (auto& [id, gradient] : from)
            if (active[at(id)]) gradients[at(id)] = std::move(gradient);
        from.clear();
        for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
            if (hooks.checkpoint) hooks.checkpoint();
            pass(*node);
        }
        const at::Tensor result = take(graph.input);
        return result.defined() ? result.contiguous() : at::zeros_like(input);
    }

    /// The whole gradient of a value, once all its readers have passed.
    at::Tensor take(ValueId id) {
        at::Tensor gradient = std::move(gradients[at(id)]);
        for (std::size_t site = 0; site < state.sites.size(); ++site) {
            if (state.sites[site].value != id || !siteGradients[site].defined()) continue;
            Quantized way = std::exchange(quantized[site], {});
            way.result.backward(std::exchange(siteGradients[site], {}));
            at::Tensor through = way.leaf.grad();
            gradient = gradient.defined() ? gradient.add(through) : std::move(through);
        }
        return gradient;
    }

    void pass(NodeId id) {
        const graph::Node& node = graph.node(id);
        if (!active[at(node.output)]) return;
        at::Tensor gradient = take(node.output);
        at::Tensor output = std::move(kept[at(node.output)]);
        if (!gradient.defined()) return;
        if (node.op == Op::slice) return addSlice(node, gradient);
        std::vector<at::Tensor> inputs(node.inputs.size());
        const PackedWeight* transposed = node.inputs.size() > 1 ? network.transposed[at(node.inputs[1])].get() : nullptr;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const bool parameter = graph.value(node.inputs[i]).kind == graph::ValueKind::parameter;
            const bool asked = parameter ? i == 1 && transposed == nullptr : keepsInput(node, i);
            if (asked) inputs[i] = operand(id, i);
        }
        const std::size_t receivers = countActive(node);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (!active[at(node.inputs[i])]) continue;
            BackwardCall call{graph, node, receivers == 1 ? std::move(gradient) : gradient, output, inputs, transposed,
                              sizesOf(node.inputs[0])};
            accumulate(id, i, gradientOf(call, i));
        }
    }

    std::size_t countActive(const graph::Node& node) const {
        std::size_t count = 0;
        for (const ValueId operand : node.inputs) count += active[at(operand)] ? 1 : 0;
        return count;
    }

    void accumulate(NodeId id, std::size_t index, at::Tensor gradient) {
        const std::int32_t site = siteOf(id, index);
        const bool throughQuantizer = site != graph::kNone && quantized[at(site)].result.defined();
        at::Tensor& slot = throughQuantizer ? siteGradients[at(site)] : gradients[at(graph.node(id).inputs[index])];
        if (!slot.defined())
            slot = std::move(gradient);
        else if (overwritable(slot))
            slot.add_(gradient);
        else
            slot = slot.add(gradient);
    }

    /// Slices of one value share the memory of its gradient. It lies as the value before a permutation does, which makes the way
    /// back through that permutation a view.
    void addSlice(const graph::Node& node, const at::Tensor& gradient) {
        const auto& a = node.as<graph::SliceAttributes>();
        at::Tensor& whole = gradients[at(node.inputs[0])];
        if (!whole.defined()) whole = zerosFor(node.inputs[0]);
        at::Tensor part = whole.narrow(a.axis, a.start, a.length);
        if (a.squeeze) part = part.squeeze(a.axis);
        part.add_(gradient);
    }

    at::Tensor zerosFor(ValueId id) const {
        const NodeId producer = graph.value(id).producer;
        if (producer == graph::kNone || graph.node(producer).op != Op::permute) return at::zeros(sizesOf(id), input.options());
        const graph::Node& permutation = graph.node(producer);
        return at::zeros(sizesOf(permutation.inputs[0]), input.options()).permute(permutation.as<graph::PermuteAttributes>().axes);
    }

    const GradientNetwork::State& network;
    const graph::Graph& graph;
    const Network::State& state;
    Hooks hooks;
    bool byTorch;
    at::Tensor input;
    std::vector<NodeId> nodes;
    std::vector<bool> active, needed;       ///< by ValueId
    std::vector<at::Tensor> kept;           ///< by ValueId
    std::vector<at::Tensor> gradients;      ///< by ValueId: of what ordinary readers saw
    std::vector<at::Tensor> siteGradients;  ///< by site: of what quantizable readers saw
    std::vector<Quantized> quantized;       ///< by site
    ValueTensors values;
    ValueTensors history;  ///< with torch's graph, where torch differentiates
};

Differentiation::Differentiation(const GradientNetwork& network, const at::Tensor& images, std::span<const ValueId> wanted, Hooks hooks) {
    at::internal::lazy_init_num_threads();
    tape_ = std::make_unique<Tape>(network.state(), images, wanted, std::move(hooks));
}
Differentiation::~Differentiation() = default;
Differentiation::Differentiation(Differentiation&&) noexcept = default;
Differentiation& Differentiation::operator=(Differentiation&&) noexcept = default;

const at::Tensor& Differentiation::value(ValueId id) const { return tape_->values.at(id); }

at::Tensor Differentiation::backward(ValueTensors gradients) {
    return tape_->byTorch ? tape_->backwardByTorch(gradients) : tape_->backwardByOurselves(std::move(gradients));
}

}  // namespace vitrine::engine
