// SPDX-License-Identifier: GPL-3.0-or-later
#include "runs/forward.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "base/error.h"
#include "engine/engine.h"
#include "engine/tensors.h"
#include "formats/safetensors.h"

namespace vitrine::runs {
namespace {

const HostTensor& inputTensor(const TensorMap& tensors, const graph::Graph& graph, const std::string& where) {
    const auto found = tensors.find("input");
    if (found == tensors.end())
        fail(ErrorCode::badFormat, "the file has no tensor named 'input'", where, "name the batch [B,C,H,W] 'input'");
    const HostTensor& input = found->second;
    if (input.dtype != DType::f32)
        fail(ErrorCode::unsupported, "'input' is " + std::string(dtypeName(input.dtype)) + ", not F32", where,
             "give preprocessed images as float32");
    const Shape& wanted = graph.value(graph.input).shape;
    const bool fits = input.shape.size() == wanted.size() && input.shape[0] > 0 &&
                      std::equal(wanted.begin() + 1, wanted.end(), input.shape.begin() + 1);
    if (!fits)
        fail(ErrorCode::badFormat,
             "'input' is " + shapeText(input.shape) + ", and the network takes B images of " +
                 shapeText(Shape(wanted.begin() + 1, wanted.end())),
             where);
    return input;
}

/// The logits and what the patterns match, in network order.
std::vector<graph::ValueId> wantedValues(const graph::Graph& graph, const std::vector<std::string>& patterns) {
    std::set<graph::ValueId> wanted{graph.output};
    for (const std::string& pattern : patterns) {
        bool matched = false;
        for (const graph::ValueId value : graph::matchValues(graph, pattern)) {
            if (graph.value(value).kind != graph::ValueKind::computed) continue;
            wanted.insert(value);
            matched = true;
        }
        if (!matched)
            fail(ErrorCode::notFound, "the pattern matches no computed value", pattern,
                 "'vitrine-cli info' lists sites; '*' stands for any characters");
    }
    return {wanted.begin(), wanted.end()};
}

}  // namespace

ForwardResult forward(const ForwardSpec& spec) {
    const models::LoadedModel model = models::loadModel(spec.model, models::overridesFrom(spec.modelOverrides));
    const graph::Graph& graph = *model.graph;
    const std::vector<graph::ValueId> wanted = wantedValues(graph, spec.capture);
    const TensorMap file = formats::readSafetensors(spec.input);
    const HostTensor& input = inputTensor(file, graph, spec.input.string());

    const engine::Network network(model.graph, spec.device);
    const auto start = std::chrono::steady_clock::now();
    const engine::ValueTensors values =
        engine::evaluate(network, {{graph.input, engine::toTorch(input).to(network.device())}}, wanted);
    TensorMap output;
    ForwardResult result{input.shape, {}, 0, model.warnings};
    for (const graph::ValueId value : wanted) {
        output.emplace(graph.value(value).id, engine::toHost(values.at(value).cpu()));
        result.written.push_back(graph.value(value).id);
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    formats::writeSafetensors(spec.output, output);
    return result;
}

}  // namespace vitrine::runs
