// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>

#include "engine/engine.h"

namespace vitrine::engine {

/// A network whose values are differentiated by its input: a reverse sweep over the graph with kernels of our own, for float32 on the
/// CPU. Parameters get no gradients, so nothing is kept for them and no time is spent on them; on other devices torch does it.
///
/// Thread rule: as Network. The network must outlive it, and its parameters must stay as they are.
class GradientNetwork {
  public:
    /// Packs the linear weights once more, for the way back.
    explicit GradientNetwork(const Network& network);
    ~GradientNetwork();
    GradientNetwork(GradientNetwork&&) noexcept;
    GradientNetwork& operator=(GradientNetwork&&) noexcept;

    const Network& network() const;

    /// About the memory that Differentiation keeps for one image between both ways; with a quantizer at every site four times it.
    double bytesPerImage() const;

    struct State;
    const State& state() const { return *state_; }

  private:
    std::unique_ptr<State> state_;
};

/// One batch of images on its way through a network and back. Values are those of evaluate(), bit for bit.
class Differentiation {
  public:
    /// Evaluates `wanted`; keeps what the way back needs (for a vision transformer about the queries, keys, values, attention
    /// probabilities and the inputs of layer norms and GELUs). `hooks.quantize` is differentiated by torch, which quant::fakeQuantize
    /// answers with its straight-through estimator; `hooks.observe` is not called. `hooks.checkpoint` is called before each node, on
    /// the way back too.
    /// Throws as evaluate() does.
    Differentiation(const GradientNetwork& network, const at::Tensor& images, std::span<const graph::ValueId> wanted, Hooks hooks = {});
    ~Differentiation();
    Differentiation(Differentiation&&) noexcept;
    Differentiation& operator=(Differentiation&&) noexcept;

    /// A wanted value; it has no gradient history.
    const at::Tensor& value(graph::ValueId id) const;

    /// The gradient of a number with respect to the images, from its gradients with respect to wanted values (those left out
    /// are 0). Called once; what was kept is freed on the way.
    at::Tensor backward(ValueTensors gradients);

  private:
    struct Tape;
    std::unique_ptr<Tape> tape_;
};

}  // namespace vitrine::engine
