// SPDX-License-Identifier: GPL-3.0-or-later
#include <utility>

#include "base/error.h"
#include "engine/state.h"
#include "engine/tensors.h"

namespace vitrine::engine {
namespace {

at::Device parseDevice(const std::string& name) {
    if (name == "cpu") return at::Device(at::kCPU);
    const std::string prefix = "cuda:";
    const bool numbered = name.size() > prefix.size() && name.size() <= prefix.size() + 3 && name.starts_with(prefix) &&
                          name.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
    if (!numbered) fail(ErrorCode::invalidArgument, "this names no device", name, "use 'cpu' or 'cuda:0'");
    const int index = std::stoi(name.substr(prefix.size()));
    const int count = at::globalContext().hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0;
    if (index >= count)
        fail(ErrorCode::invalidArgument, "there is no such device; " + std::to_string(count) + " CUDA devices are usable here",
             name, "use 'cpu'");
    return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

const graph::Value& parameterValue(const graph::Graph& graph, graph::ValueId id) {
    const bool known = id >= 0 && static_cast<std::size_t>(id) < graph.values.size();
    if (!known || graph.value(id).kind != graph::ValueKind::parameter)
        fail(ErrorCode::invalidArgument, "this is no parameter of the network",
             known ? graph.value(id).id : "value " + std::to_string(id));
    return graph.value(id);
}

}  // namespace

Network::State::State(std::shared_ptr<const graph::Graph> network, const std::string& name)
    : graph(std::move(network)), deviceName(name), device(parseDevice(name)), sites(graph::findSites(*graph)) {
    siteOfOperand.assign(graph->nodes.size(), {graph::kNone, graph::kNone});
    for (std::size_t i = 0; i < sites.size(); ++i) {
        if (sites[i].isWeight()) continue;
        for (const graph::Operand& operand : sites[i].operands)
            siteOfOperand[static_cast<std::size_t>(operand.node)][static_cast<std::size_t>(operand.index)] =
                static_cast<std::int32_t>(i);
    }
    for (const graph::Value& value : graph->values)
        parameters.push_back(value.kind == graph::ValueKind::parameter ? toTorch(value.data).to(device) : at::Tensor());
}

Network::Network(std::shared_ptr<const graph::Graph> graph, const std::string& device)
    : state_(std::make_unique<State>(std::move(graph), device)) {}
Network::~Network() = default;
Network::Network(Network&&) noexcept = default;
Network& Network::operator=(Network&&) noexcept = default;

const graph::Graph& Network::graph() const { return *state_->graph; }
std::shared_ptr<const graph::Graph> Network::sharedGraph() const { return state_->graph; }
const std::vector<graph::Site>& Network::sites() const { return state_->sites; }
const std::string& Network::device() const { return state_->deviceName; }

at::Tensor Network::parameter(graph::ValueId value) const {
    parameterValue(*state_->graph, value);
    return state_->parameters[static_cast<std::size_t>(value)];
}

void Network::setParameter(graph::ValueId value, at::Tensor tensor) {
    const graph::Value& expected = parameterValue(*state_->graph, value);
    at::Tensor& current = state_->parameters[static_cast<std::size_t>(value)];
    if (tensor.sizes() != current.sizes() || tensor.scalar_type() != current.scalar_type())
        fail(ErrorCode::invalidArgument,
             "a parameter of shape " + shapeText(expected.shape) + " cannot be replaced by a tensor of shape " +
                 shapeText(tensor.sizes().vec()) + " or of another type",
             expected.id);
    current = tensor.to(state_->device).contiguous();
}

}  // namespace vitrine::engine
