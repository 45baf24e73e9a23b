// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "quant/quantized_model.h"

namespace vitrine::quant {

/// Whether each element is quantized by itself, whatever its token (engine::Hooks::quantizesElements): no encoding has scales by token.
bool quantizesElements(const std::vector<std::optional<Encoding>>& activations);

/// A quantized model made ready to run: its weights fake-quantized once, its activations whenever they pass.
/// Thread rule: as engine::Network, may be evaluated on several threads.
class QuantizedNetwork {
  public:
    /// Throws Exception(badFormat) when an encoding fits no site, and as engine::Network does.
    explicit QuantizedNetwork(const QuantizedModel& model, const std::string& device = "cpu");

    /// The network with quantized weights. Evaluated without hooks() its activations stay in float.
    const engine::Network& network() const { return network_; }

    /// Hooks that quantize activations; the caller may add `observe` and `checkpoint`. They may outlive this object.
    engine::Hooks hooks() const;

    /// Logits [B, classes] of images [B,C,H,W] on the network's device; `checkpoint` is called before each node.
    at::Tensor forward(const at::Tensor& images, std::function<void()> checkpoint = {}) const;

  private:
    using SiteEncodings = std::vector<std::optional<Encoding>>;  ///< by site index; none for weights and float sites

    engine::Network network_;
    std::shared_ptr<const SiteEncodings> activations_;
};

}  // namespace vitrine::quant
