// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "graph/graph.h"
#include "graph/sites.h"

namespace vitrine::engine {

/// Tensors by value of the graph.
using ValueTensors = std::unordered_map<graph::ValueId, at::Tensor>;

/// A graph made ready to run on one device: its parameters as tensors and, on the CPU, its linear weights packed for
/// oneDNN when it is made. Thread rule: evaluate() may run on several threads with one Network.
class Network {
  public:
    /// `device` is "cpu" or "cuda:N"; throws Exception(invalidArgument) when there is no such device.
    explicit Network(std::shared_ptr<const graph::Graph> graph, const std::string& device = "cpu");
    ~Network();
    Network(Network&&) noexcept;
    Network& operator=(Network&&) noexcept;

    const graph::Graph& graph() const;
    std::shared_ptr<const graph::Graph> sharedGraph() const;
    const std::vector<graph::Site>& sites() const;
    const std::string& device() const;

    /// A parameter on the device. The tensor must not be written to.
    at::Tensor parameter(graph::ValueId value) const;

    /// Replaces a parameter, by its fake-quantized form for instance; shape and type must stay. Not while it is evaluated.
    void setParameter(graph::ValueId value, at::Tensor tensor);

    struct State;
    State& state() const { return *state_; }

  private:
    std::unique_ptr<State> state_;
};

/// What a caller may do while values pass by. All are optional and are called on the evaluating thread.
struct Hooks {
    /// Quantizes activations: called once for every activation site whose value is computed or given and whose readers
    /// run; the quantizable readers get the returned tensor, everybody else the original. `value` may be overwritten
    /// and returned when `mayOverwrite` is set (nobody else will read it).
    std::function<at::Tensor(std::size_t siteIndex, at::Tensor value, bool mayOverwrite)> quantize;

    /// Set when `quantize` treats every element by itself, whatever its token: then it may get only those rows of a value that are read.
    bool quantizesElements = false;

    /// Sees every value that is computed, before it is freed. It may keep the tensor (which makes the engine copy
    /// instead of overwriting it) but must not write to it.
    std::function<void(graph::ValueId value, const at::Tensor& tensor)> observe;

    /// Called before each node; throws to stop (job tokens).
    std::function<void()> checkpoint;
};

/// Computes `wanted` from `given`, running exactly the nodes they need, and frees every other tensor as soon as its
/// last reader has run. `given` may hold the input, any inner value (a cached prefix, a block's input) or a parameter
/// (a candidate weight); what lies before a given value is not computed. Given tensors are float32, or all of them float64:
/// then everything is computed in float64.
///
/// Without `observe`, and with `quantizesElements` where there is `quantize`, rows of inner values that nobody reads are not computed: those
/// behind a class token in the last block.
///
/// For the same batch a value is the same bit for bit whichever way it was reached. With gradients enabled (at::GradMode) and an
/// input or parameter that requires them, everything is differentiable, in torch's own kernels.
/// Throws Exception(invalidArgument) when a wanted value cannot be reached or a given tensor has another shape.
ValueTensors evaluate(const Network& network, const ValueTensors& given, std::span<const graph::ValueId> wanted,
                      const Hooks& hooks = {});

/// Logits [B, classes] of a batch of images [B,C,H,W].
at::Tensor forward(const Network& network, const at::Tensor& images, const Hooks& hooks = {});

}  // namespace vitrine::engine
