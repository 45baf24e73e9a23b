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

bool isParameter(const graph::Graph& graph, ValueId id) { return graph.value(id).kind == graph::ValueKind::parameter; }

/// By ValueId. Throws where something is neither given nor a parameter of floating numbers.
std::vector<bool> startsOf(const graph::Graph& graph, const Route& route) {
    std::vector<bool> starts(graph.values.size());
    for (const ValueId id : route.by) {
        const bool known = id >= 0 && at(id) < starts.size();
        const bool floating = known && isParameter(graph, id) && graph.value(id).data.dtype == DType::f32;
        if (!known || (!floating && (isParameter(graph, id) || !route.given.contains(id))))
            fail(ErrorCode::invalidArgument, "nothing can be differentiated by this: it is neither given nor a parameter of floating numbers",
                 known ? graph.value(id).id : "value " + std::to_string(id));
        starts[at(id)] = true;
    }
    return starts;
}

}  // namespace

struct GradientNetwork::State {
    explicit State(const Network& of) : network(of), transposed(of.graph().values.size()) {
        const at::NoGradGuard noGradient;
        const graph::Graph& graph = of.graph();
        if (!of.state().device.is_cpu()) return;
        for (const graph::Node& node : graph.nodes)
            if (takesPackedWeight(graph, node) && !transposed[at(node.inputs[1])] && isParameter(graph, node.inputs[1])) pack(node.inputs[1]);
    }

    void pack(ValueId id) {
        const at::Tensor weight = network.parameter(id);
        transposed[at(id)] = std::make_unique<const PackedWeight>(weight.reshape({weight.size(0), -1}).t());
    }

    const Network& network;
    std::vector<std::unique_ptr<const PackedWeight>> transposed;  ///< by ValueId
};

GradientNetwork::GradientNetwork(const Network& network) : state_(std::make_unique<State>(network)) {}
GradientNetwork::~GradientNetwork() = default;
GradientNetwork::GradientNetwork(GradientNetwork&&) noexcept = default;
GradientNetwork& GradientNetwork::operator=(GradientNetwork&&) noexcept = default;

const Network& GradientNetwork::network() const { return state_->network; }

void GradientNetwork::refresh(ValueId parameter) {
    const at::NoGradGuard noGradient;
    if (state_->transposed.at(at(parameter))) state_->pack(parameter);
}

double GradientNetwork::bytesPerImage(std::span<const ValueId> parameters) const {
    const graph::Graph& graph = state_->network.graph();
    std::vector<bool> kept(graph.values.size());
    std::vector<bool> asked(graph.values.size());
    for (const ValueId id : parameters) asked[at(id)] = true;
    for (const graph::Node& node : graph.nodes) {
        if (keepsOutput(node)) kept[at(node.output)] = true;
        for (std::size_t i = 0; i < node.inputs.size(); ++i)
            if (keepsInput(node, i, asked)) kept[at(node.inputs[i])] = true;
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

    Tape(const GradientNetwork::State& of, Route route, Hooks given)
        : network(of), graph(of.network.graph()), state(of.network.state()), hooks(std::move(given)), by(std::move(route.by)),
          kept(graph.values.size()), gradients(graph.values.size()), siteGradients(state.sites.size()), quantized(state.sites.size()) {
        active = startsOf(graph, {.given = route.given, .wanted = {}, .by = by});
        for (auto& [id, tensor] : route.given) {
            if (tensor.defined() && tensor.is_floating_point()) type = tensor.scalar_type();
            if (tensor.defined() && tensor.dim() > 0 && graph.value(id).shape.front() == graph::kBatch) batch = tensor.size(0);
            tensor = tensor.detach();
        }
        byTorch = !state.device.is_cpu() || type != at::kFloat;
        if (byTorch)
            evaluateByTorch(std::move(route.given), route.wanted);
        else
            evaluateByOurselves(std::move(route.given), route.wanted);
    }

    void evaluateByTorch(ValueTensors given, std::span<const ValueId> wanted) {
        const at::AutoGradMode gradient(true);
        for (const ValueId id : by) {
            const at::Tensor value = given.contains(id) ? given.at(id) : state.parameter(id).to(type);
            leaves[id] = given[id] = value.detach().clone().requires_grad_(true);
        }
        history = evaluate(network.network, given, wanted, hooks);
        for (const auto& [id, tensor] : history) values[id] = tensor.detach();
    }

    void evaluateByOurselves(ValueTensors given, std::span<const ValueId> wanted) {
        const at::NoGradGuard noGradient;
        nodes = planEvaluation(network.network, given, wanted).nodes;
        findActive(given);
        Hooks own{.observe = [this](ValueId id, const at::Tensor& tensor) { if (needed[at(id)]) kept[at(id)] = tensor; },
                  .checkpoint = hooks.checkpoint};
        if (hooks.quantize)
            own.quantize = [this](std::size_t site, at::Tensor value, bool) { return quantize(site, std::move(value)); };
        values = evaluate(network.network, given, wanted, own);
    }

    /// Which values depend on what is differentiated by, and which of them the way back looks at.
    void findActive(const ValueTensors& given) {
        needed.resize(graph.values.size());
        replaced.resize(graph.values.size());
        for (const auto& [id, tensor] : given) {
            kept[at(id)] = tensor;
            replaced[at(id)] = true;
        }
        for (const NodeId id : nodes) {
            const graph::Node& node = graph.node(id);
            for (const ValueId operand : node.inputs)
                if (active[at(operand)]) active[at(node.output)] = true;
            if (!active[at(node.output)]) continue;
            if (keepsOutput(node)) needed[at(node.output)] = true;
            for (std::size_t i = 0; i < node.inputs.size(); ++i)
                if (keepsInput(node, i, active)) needed[at(node.inputs[i])] = true;
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
        return kept[at(value)].defined() ? kept[at(value)] : state.parameter(value);
    }

    std::int32_t siteOf(NodeId id, std::size_t index) const {
        return index < 2 ? state.siteOfOperand[at(id)][index] : graph::kNone;
    }

    Shape sizesOf(ValueId id) const {
        Shape sizes = graph.value(id).shape;
        if (!sizes.empty() && sizes[0] == graph::kBatch) sizes[0] = batch;
        return sizes;
    }

    ValueTensors backwardByTorch(const ValueTensors& from) {
        const at::AutoGradMode differentiable(true);
        at::Tensor total = at::zeros({}, at::TensorOptions(state.device).dtype(type));
        for (const auto& [id, gradient] : from) total = total + (history.at(id) * gradient).sum();
        if (total.requires_grad()) total.backward();
        history.clear();
        ValueTensors found;
        for (const auto& [id, leaf] : leaves) found[id] = leaf.grad().defined() ? leaf.grad() : at::zeros_like(leaf);
        return found;
    }

    ValueTensors backwardByOurselves(ValueTensors from) {
        const at::NoGradGuard noGradient;
        for (auto& [id, gradient] : from)
            if (active[at(id)]) gradients[at(id)] = std::move(gradient);
        from.clear();
        for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
            if (hooks.checkpoint) hooks.checkpoint();
            pass(*node);
        }
        ValueTensors found;
        for (const ValueId id : by) {
            if (found.contains(id)) continue;
            const at::Tensor result = take(id);
            found[id] = result.defined() ? result.contiguous() : at::zeros(sizesOf(id), at::kFloat);
        }
        return found;
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
        const bool constant = node.inputs.size() > 1 && !replaced[at(node.inputs[1])];
        const PackedWeight* transposed = constant ? network.transposed[at(node.inputs[1])].get() : nullptr;
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            const bool weight = isParameter(graph, node.inputs[i]) && i == 1 && transposed == nullptr;
            if (weight || keepsInput(node, i, active)) inputs[i] = operand(id, i);
        }
        // Activations come last: what is left of the gradient then may be overwritten.
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (!active[at(node.inputs[i])] || !isParameter(graph, node.inputs[i])) continue;
            BackwardCall call{graph, node, gradient, output, inputs, nullptr, sizesOf(node.inputs[0])};
            accumulate(id, i, gradientOf(call, i));
        }
        const std::size_t receivers = countActivations(node);
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            if (!active[at(node.inputs[i])] || isParameter(graph, node.inputs[i])) continue;
            BackwardCall call{graph, node, receivers == 1 ? std::move(gradient) : gradient, output, inputs, transposed,
                              sizesOf(node.inputs[0])};
            accumulate(id, i, gradientOf(call, i));
        }
    }

    std::size_t countActivations(const graph::Node& node) const {
        std::size_t count = 0;
        for (const ValueId operand : node.inputs) count += active[at(operand)] && !isParameter(graph, operand) ? 1 : 0;
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
        if (!whole.defined())
            whole = zerosFor(node.inputs[0]);
        else if (!overwritable(whole))
            whole = whole.clone();
        at::Tensor part = whole.narrow(a.axis, a.start, a.length);
        if (a.squeeze) part = part.squeeze(a.axis);
        part.add_(gradient);
    }

    at::Tensor zerosFor(ValueId id) const {
        const NodeId producer = graph.value(id).producer;
        if (producer == graph::kNone || graph.node(producer).op != Op::permute) return at::zeros(sizesOf(id), at::kFloat);
        const graph::Node& permutation = graph.node(producer);
        return at::zeros(sizesOf(permutation.inputs[0]), at::kFloat).permute(permutation.as<graph::PermuteAttributes>().axes);
    }

    const GradientNetwork::State& network;
    const graph::Graph& graph;
    const Network::State& state;
    Hooks hooks;
    std::vector<ValueId> by;
    bool byTorch = false;
    at::ScalarType type = at::kFloat;
    std::int64_t batch = 0;
    std::vector<NodeId> nodes;
    std::vector<bool> active, needed;       ///< by ValueId
    std::vector<bool> replaced;             ///< by ValueId: given
    std::vector<at::Tensor> kept;           ///< by ValueId
    std::vector<at::Tensor> gradients;      ///< by ValueId: of what ordinary readers saw
    std::vector<at::Tensor> siteGradients;  ///< by site: of what quantizable readers saw
    std::vector<Quantized> quantized;       ///< by site
    ValueTensors values;
    ValueTensors history, leaves;  ///< with torch's graph, where torch differentiates
};

Differentiation::Differentiation(const GradientNetwork& network, Route route, Hooks hooks) {
    at::internal::lazy_init_num_threads();
    tape_ = std::make_unique<Tape>(network.state(), std::move(route), std::move(hooks));
}
Differentiation::Differentiation(const GradientNetwork& network, const at::Tensor& images, std::span<const ValueId> wanted, Hooks hooks)
    : Differentiation(network,
                      {.given = {{network.network().graph().input, images}},
                       .wanted = {wanted.begin(), wanted.end()},
                       .by = {network.network().graph().input}},
                      std::move(hooks)) {}
Differentiation::~Differentiation() = default;
Differentiation::Differentiation(Differentiation&&) noexcept = default;
Differentiation& Differentiation::operator=(Differentiation&&) noexcept = default;

const at::Tensor& Differentiation::value(ValueId id) const { return tape_->values.at(id); }

ValueTensors Differentiation::gradients(ValueTensors from) {
    return tape_->byTorch ? tape_->backwardByTorch(from) : tape_->backwardByOurselves(std::move(from));
}

at::Tensor Differentiation::backward(ValueTensors from) { return gradients(std::move(from)).at(tape_->graph.input); }

}  // namespace vitrine::engine
