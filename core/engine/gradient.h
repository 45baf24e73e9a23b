// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>
#include <vector>

#include "engine/engine.h"

namespace vitrine::engine {

/// A network whose values are differentiated by its input, by values within it or by parameters: a reverse sweep over the graph with
/// kernels of our own, for float32 on the CPU; on other devices torch does it. Nothing is kept and no time is spent for what is not
/// asked about.
///
/// Thread rule: as Network. The network must outlive it, and its parameters must stay as they are, but for those that refresh() is
/// told of.
class GradientNetwork {
  public:
    /// Packs the linear weights once more, for the way back.
    explicit GradientNetwork(const Network& network);
    ~GradientNetwork();
    GradientNetwork(GradientNetwork&&) noexcept;
    GradientNetwork& operator=(GradientNetwork&&) noexcept;

    const Network& network() const;

    /// Follows Network::setParameter(). Not while a Differentiation is on its way.
    void refresh(graph::ValueId parameter);

    /// About the memory that Differentiation keeps for one image between both ways; with a quantizer at every site four times it.
    /// `parameters` are those that it differentiates by.
    double bytesPerImage(std::span<const graph::ValueId> parameters = {}) const;

    struct State;
    const State& state() const { return *state_; }

  private:
    std::unique_ptr<State> state_;
};

/// Where a batch enters a network, where it is looked at, and what that is differentiated by.
struct Route {
    ValueTensors given;                  ///< as evaluate() takes it: the images, the input of a block, parameters to take instead
    std::vector<graph::ValueId> wanted;
    std::vector<graph::ValueId> by;      ///< some of `given`, and float parameters
};

/// One batch on its way through a network and back. Values are those of evaluate(), bit for bit.
class Differentiation {
  public:
    /// Evaluates `wanted`; keeps what the way back needs (for a vision transformer about the queries, keys, values, attention
    /// probabilities and the inputs of layer norms and GELUs). `hooks.quantize` is differentiated by torch, which quant::fakeQuantize
    /// answers with its straight-through estimator; `hooks.observe` is not called. `hooks.checkpoint` is called before each node, on
    /// the way back too. Where parameters are asked about, the inputs of their layers are kept as well.
    /// Throws as evaluate() does, and Exception(invalidArgument) for what cannot be differentiated by.
    Differentiation(const GradientNetwork& network, Route route, Hooks hooks = {});
    /// By the images alone.
    Differentiation(const GradientNetwork& network, const at::Tensor& images, std::span<const graph::ValueId> wanted, Hooks hooks = {});
    ~Differentiation();
    Differentiation(Differentiation&&) noexcept;
    Differentiation& operator=(Differentiation&&) noexcept;

    /// A wanted value; it has no gradient history.
    const at::Tensor& value(graph::ValueId id) const;

    /// The gradients of a number with respect to all of Route::by, from its gradients with respect to wanted values (those left out
    /// are 0). What the number is a sum of over images may be differentiated batch by batch and added up. Called once; what was kept is
    /// freed on the way. A parameter that is a fake-quantized one gets the gradient of what it is, not of what it was made from.
    ValueTensors gradients(ValueTensors from);
    /// The same with respect to the images, of the second constructor.
    at::Tensor backward(ValueTensors from);

  private:
    struct Tape;
    std::unique_ptr<Tape> tape_;
};

}  // namespace vitrine::engine
