// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "base/error.h"
#include "engine/mapped_pages.h"
#include "engine/operations.h"
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
    : graph(std::move(network)), deviceName(name), device(parseDevice(name)), sites(graph::findSites(*graph)),
      siteOfOperand(graph->nodes.size(), {graph::kNone, graph::kNone}), orderOfResult(graph->nodes.size()),
      parameters(graph->values.size()), packed(graph->values.size()), packable_(graph->values.size()),
      replaced_(graph->values.size()) {
    for (std::size_t i = 0; i < sites.size(); ++i) {
        if (sites[i].isWeight()) continue;
        for (const graph::Operand& operand : sites[i].operands)
            siteOfOperand[static_cast<std::size_t>(operand.node)][static_cast<std::size_t>(operand.index)] =
                static_cast<std::int32_t>(i);
    }
    const auto consumers = graph->consumers();
    findOrders(consumers);
    packWeights(consumers);
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const graph::Value& value = graph->values[i];
        if (value.kind == graph::ValueKind::parameter && !packed[i]) parameters[i] = toTorch(value.data).to(device);
    }
}

/// A matrix product whose only reader permutes it is written in the permuted order: the permutation becomes a view.
void Network::State::findOrders(const std::vector<std::vector<graph::NodeId>>& consumers) {
    for (std::size_t i = 0; i < graph->nodes.size(); ++i) {
        const graph::Node& node = graph->nodes[i];
        const auto& readers = consumers[static_cast<std::size_t>(node.output)];
        if (node.op != graph::Op::matmul || readers.size() != 1) continue;
        const graph::Node& reader = graph->node(readers[0]);
        if (reader.op != graph::Op::permute) continue;
        const auto& axes = reader.as<graph::PermuteAttributes>().axes;
        const bool rowsStayDense = axes.back() + 1 == static_cast<std::int64_t>(axes.size());
        if (rowsStayDense) orderOfResult[i] = axes;
    }
}

void Network::State::packWeights(const std::vector<std::vector<graph::NodeId>>& consumers) {
    if (!device.is_cpu()) return;
    const MappedPages pages;
    for (std::size_t i = 0; i < graph->values.size(); ++i) {
        const graph::Value& value = graph->values[i];
        const auto id = static_cast<graph::ValueId>(i);
        const auto multiplies = [&](graph::NodeId reader) {
            const graph::Node& node = graph->node(reader);
            return takesPackedWeight(*graph, node) && std::count(node.inputs.begin(), node.inputs.end(), id) == 1 &&
                   node.inputs[1] == id;
        };
        packable_[i] = value.kind == graph::ValueKind::parameter && value.data.dtype == DType::f32 && !consumers[i].empty() &&
                       std::all_of(consumers[i].begin(), consumers[i].end(), multiplies);
        if (!packable_[i]) continue;
        packed[i] = std::make_unique<const PackedWeight>(toTorch(value.data));
        pages.release(value.data.view());
    }
}

at::Tensor Network::State::parameter(graph::ValueId id) const {
    const auto i = static_cast<std::size_t>(id);
    if (parameters[i].defined()) return parameters[i];
    return replaced_[i] ? packed[i]->unpack() : toTorch(graph->value(id).data);
}

void Network::State::setParameter(graph::ValueId id, const at::Tensor& tensor) {
    const auto i = static_cast<std::size_t>(id);
    const bool pack = packable_[i] && !tensor.requires_grad();
    packed[i] = pack ? std::make_unique<const PackedWeight>(tensor.to(device)) : nullptr;
    parameters[i] = pack ? at::Tensor() : tensor.to(device).contiguous();
    replaced_[i] = true;
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
    return state_->parameter(value);
}

void Network::setParameter(graph::ValueId value, at::Tensor tensor) {
    const graph::Value& expected = parameterValue(*state_->graph, value);
    const at::ScalarType type = expected.data.dtype == DType::f32 ? at::kFloat : at::kLong;
    if (!tensor.defined() || tensor.sizes() != at::IntArrayRef(expected.shape) || tensor.scalar_type() != type)
        fail(ErrorCode::invalidArgument,
             "a parameter is replaced by a tensor of another shape or type than " + std::string(dtypeName(expected.data.dtype)) +
                 " " + shapeText(expected.shape),
             expected.id);
    state_->setParameter(value, tensor);
}

}  // namespace vitrine::engine
