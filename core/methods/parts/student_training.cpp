// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/student_training.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "base/error.h"
#include "engine/tensors.h"
#include "methods/parts/pace.h"
#include "quant/quantized_network.h"
#include "quant/quantizers.h"

namespace vitrine::methods {
namespace {

constexpr double kQuantizedFactor = 4;  // memory of a quantized network's way, relative to the float one's
constexpr double kSavingShare = 0.05;
constexpr double kSavingSeconds = 1;
constexpr const char* kKey = "student_training";
const std::string kFirst = "student_training/first/";
const std::string kSecond = "student_training/second/";

[[noreturn]] void refuse(const std::string& what) {
    fail(ErrorCode::badFormat, "does not fit this training", what, "start the run again");
}

at::Tensor readLike(const MethodState& state, const std::string& name, const at::Tensor& like) {
    const auto found = state.tensors.find(name);
    if (found == state.tensors.end() || found->second.dtype != DType::f32 || found->second.shape != like.sizes().vec()) refuse(name);
    return engine::toTorch(found->second).clone();
}

/// The gradient of what a quantizer was given, from that of its result.
at::Tensor throughQuantizer(const at::Tensor& value, const quant::Encoding& encoding, const at::Tensor& gradient) {
    const at::AutoGradMode differentiable(true);
    const at::Tensor leaf = value.detach().requires_grad_(true);
    quant::fakeQuantize(leaf, encoding).backward(gradient);
    return leaf.grad();
}

std::string shortNumber(double value) {
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", value);
    return text;
}

}  // namespace

StudentTraining::StudentTraining(const engine::Network& teacher, const quant::QuantizedModel& student, at::Tensor images,
                                 const StudentSettings& settings, const jobs::Control& control)
    : student_(student), settings_(settings), images_(std::move(images)), network_(student_.graph, teacher.device()),
      quantizers_(quant::QuantizedNetwork(student_, teacher.device()).hooks()), gradients_(network_) {
    const at::NoGradGuard noGradient;
    const graph::Graph& graph = *student_.graph;
    for (std::size_t i = 0; i < graph.values.size(); ++i) {
        const graph::Value& value = graph.values[i];
        if (value.kind != graph::ValueKind::parameter || value.constant || value.data.dtype != DType::f32) continue;
        const at::Tensor start = engine::toTorch(value.data).clone();
        const auto encoding = student_.encodings.find(value.id);
        parameters_.push_back({.id = static_cast<graph::ValueId>(i),
                               .encoding = encoding == student_.encodings.end() ? nullptr : &encoding->second,
                               .adam = {start, at::zeros_like(start), at::zeros_like(start)}});
        ids_.push_back(parameters_.back().id);
        control.check();
        if (parameters_.back().encoding != nullptr) install(parameters_.back());
    }
    const engine::Hooks hooks{.checkpoint = [&control] { control.check(); }};
    targets_ = at::empty({images_.size(0), graph.info.classes}, at::kFloat);
    forEachChunk([&](std::int64_t first, std::int64_t count) {
        const at::Tensor logits = engine::forward(teacher, images_.narrow(0, first, count).to(teacher.device()), hooks);
        targets_.narrow(0, first, count).copy_(logits);
    });
}

/// The network computes with the quantized form.
void StudentTraining::install(const Parameter& parameter) {
    const at::Tensor& value = parameter.adam.value;
    network_.setParameter(parameter.id, parameter.encoding == nullptr ? value.clone() : quant::fakeQuantize(value, *parameter.encoding));
    gradients_.refresh(parameter.id);
}

std::int64_t StudentTraining::chunkSize() const {
    if (settings_.chunk > 0) return std::min(settings_.chunk, images_.size(0));
    const double bytes = std::max(kQuantizedFactor * gradients_.bytesPerImage(), gradients_.bytesPerImage(ids_));
    const double images = settings_.memoryBytes / std::max(bytes, 1.0);
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(std::min(images, 1e6)), 1, images_.size(0));
}

void StudentTraining::forEachChunk(const std::function<void(std::int64_t first, std::int64_t count)>& action) const {
    const std::int64_t chunk = chunkSize();
    for (std::int64_t first = 0; first < images_.size(0); first += chunk) action(first, std::min(chunk, images_.size(0) - first));
}

engine::Hooks StudentTraining::hooks(const jobs::Control& control) const {
    engine::Hooks all = quantizers_;
    all.checkpoint = [&control] { control.check(); };
    return all;
}

double StudentTraining::disagreement(const jobs::Control& control) const {
    const at::NoGradGuard noGradient;
    double sum = 0;
    forEachChunk([&](std::int64_t first, std::int64_t count) {
        const at::Tensor logits = engine::forward(network_, images_.narrow(0, first, count).to(network_.device()), hooks(control));
        sum += (logits.to(at::kCPU) - targets_.narrow(0, first, count)).abs().sum(at::kDouble).item<double>();
    });
    return sum / static_cast<double>(targets_.numel());
}

double StudentTraining::step(const jobs::Control& control) {
    const at::NoGradGuard noGradient;
    const graph::ValueId input = network_.graph().input;
    const graph::ValueId output = network_.graph().output;
    const double share = 1 / static_cast<double>(targets_.numel());
    double sum = 0;
    engine::ValueTensors total;
    forEachChunk([&](std::int64_t first, std::int64_t count) {
        const at::Tensor images = images_.narrow(0, first, count).to(network_.device());
        engine::Differentiation way(gradients_, {.given = {{input, images}}, .wanted = {output}, .by = ids_}, hooks(control));
        const at::Tensor difference = way.value(output) - targets_.narrow(0, first, count).to(network_.device());
        sum += difference.abs().sum(at::kDouble).item<double>();
        for (auto& [id, gradient] : way.gradients({{output, difference.sign() * share}})) {
            control.check();
            if (const auto known = total.find(id); known != total.end())
                known->second.add_(gradient);
            else
                total[id] = gradient.clone();  // it may be a view of what others hold
        }
    });
    ++step_;
    for (const Parameter& parameter : parameters_) {
        control.check();
        at::Tensor gradient = std::exchange(total.at(parameter.id), {}).to(at::kCPU);
        if (parameter.encoding != nullptr) gradient = throughQuantizer(parameter.adam.value, *parameter.encoding, gradient);
        update(Adam{}, parameter.adam, gradient, settings_.rate, step_);
        install(parameter);
    }
    return sum * share;
}

void StudentTraining::run(jobs::Control& control, jobs::Progress& progress, const std::function<void(double)>& note,
                          const std::function<void()>& save) {
    Pace pace(kSavingShare, kSavingSeconds);
    while (!done() && !control.shouldFinish()) {
        const double disagreement = step(control);
        note(disagreement);
        progress.update(static_cast<double>(step_) / static_cast<double>(settings_.steps),
                        "step " + std::to_string(step_) + " of " + std::to_string(settings_.steps) + ", disagreement " + shortNumber(disagreement));
        pace.maybe(save);
        control.safePoint(save);
    }
}

quant::QuantizedModel StudentTraining::model() const {
    quant::QuantizedModel result = student_;
    TensorMap learned;
    std::vector<std::string> ids;
    for (const Parameter& parameter : parameters_) {
        const std::string& id = student_.graph->value(parameter.id).id;
        learned[id] = engine::toHost(parameter.adam.value.clone());  // which goes on changing
        ids.push_back(id);
    }
    result.graph = quant::withParameters(*student_.graph, learned);
    result.rewritten = united(std::move(result.rewritten), ids);
    return result;
}

void StudentTraining::save(MethodState& state) const {
    state.model = model();
    for (const Parameter& parameter : parameters_) {
        const std::string& id = student_.graph->value(parameter.id).id;
        state.tensors[kFirst + id] = engine::toHost(parameter.adam.first.clone());
        state.tensors[kSecond + id] = engine::toHost(parameter.adam.second.clone());
    }
    state.data[kKey] = {{"step", step_}};
}

void StudentTraining::restore(const MethodState& state) {
    for (Parameter& parameter : parameters_) {
        const std::string& id = student_.graph->value(parameter.id).id;
        parameter.adam.first = readLike(state, kFirst + id, parameter.adam.value);
        parameter.adam.second = readLike(state, kSecond + id, parameter.adam.value);
    }
    try {
        step_ = state.data.at(kKey).at("step");
    } catch (const nlohmann::json::exception&) {
        refuse(kKey);
    }
    if (step_ < 0) refuse(kKey);
}

bool StudentTraining::isIn(const MethodState& state) { return state.data.contains(kKey); }

std::vector<std::string> united(std::vector<std::string> ids, const std::vector<std::string>& others) {
    ids.insert(ids.end(), others.begin(), others.end());
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

}  // namespace vitrine::methods
