// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "jobs/control.h"
#include "quant/quantized_model.h"

namespace vitrine::methods {

/// Encodings of some sites, by site index.
using SiteEncodings = std::map<std::size_t, quant::Encoding>;

/// Measures how good candidate quantizers are on fixed images, evaluating only what a candidate can change: everything
/// before the first node that it changes comes from caches. The same bytes as a whole forward pass, whatever was cached.
///
/// Memory, in bytes, for N images: 4 N P for the targets (P values of all probes) + C for the caches + the activations of `chunk` images,
/// beside the images and two copies of the weights. C <= `cacheBytes`: first the values alive at the first changed node, 4 N D
/// (D of one image), if they fit; then inputs of blocks, 4 N V each (V values), as many as fit. What does not fit is computed again for
/// every candidate, with the same result. Not thread safe.
class CandidateEvaluator {
  public:
    struct Options {
        std::vector<graph::ValueId> probes;  ///< what is compared, in network order; flattened for each image
        std::int64_t lossBatch = 100;        ///< images whose outputs are compared with each other
        std::int64_t chunk = 5;              ///< images that are evaluated at once: few, so that they stay in the processor's caches
        double cacheBytes = 2e9;             ///< most that caches hold
        /// How a weight is fake-quantized; empty: quant::fakeQuantize. Bias correction puts its own here.
        std::function<at::Tensor(const at::Tensor& weight, const quant::Encoding& encoding)> quantizeWeight;
    };

    /// The loss of one batch: rows [images, values] of the quantized network and of the float one, for every probe that lies behind the
    /// first changed node; those before it are the same for all candidates.
    using Loss = std::function<double(const std::vector<at::Tensor>& quantized, const std::vector<at::Tensor>& floating)>;

    /// `floating` computes the targets; `model` is where candidates start from. `images` are [N,C,H,W].
    CandidateEvaluator(const engine::Network& floating, const quant::QuantizedModel& model, at::Tensor images, Options options,
                       const jobs::Control& control);

    const std::vector<graph::Site>& sites() const { return network_.sites(); }
    const std::optional<quant::Encoding>& encoding(std::size_t site) const { return encodings_[site]; }

    /// The loss with `candidate` in place of the present encodings, mean over batches. The present ones stay installed.
    /// Throws Exception(stopped) when the work is cancelled.
    double measure(const SiteEncodings& candidate, const Loss& loss);

    /// Makes a candidate the present state.
    void install(const SiteEncodings& candidate);

    /// Other images from now on: targets and caches are computed anew.
    void setImages(at::Tensor images);

    std::int64_t evaluations() const { return evaluations_; }  ///< calls of measure()
    double targetBytes() const;                                ///< held by the float network's outputs
    double cachedBytes() const;                                ///< held by caches now: at most Options::cacheBytes

  private:
    /// Values by chunk of images.
    using Cut = std::vector<engine::ValueTensors>;
    struct Measured {
        graph::NodeId node;  ///< the first that changes
        const std::vector<std::optional<quant::Encoding>>& encodings;
        std::span<const graph::ValueId> probes;
        const Loss& loss;
    };

    graph::NodeId firstChangedNode(const SiteEncodings& candidate) const;
    std::vector<graph::ValueId> cutBefore(graph::NodeId node) const;
    double bytesOfValue(graph::ValueId value) const;
    std::size_t nearestCachedBlock(std::size_t block) const;
    void prepare(graph::NodeId node);
    void cacheBlockInputs(std::size_t block, double bytes);
    engine::ValueTensors startOf(std::size_t chunk, std::size_t block) const;
    void forget(graph::NodeId from);
    at::Tensor weightWith(std::size_t site, const quant::Encoding& encoding) const;
    void putWeights(const SiteEncodings& encodings);
    std::span<const graph::ValueId> probesFrom(graph::NodeId node) const;
    std::vector<at::Tensor> rowsOf(const engine::Network& network, const engine::Hooks& hooks, const engine::ValueTensors& given,
                                   std::span<const graph::ValueId> probes) const;
    engine::Hooks hooks(const std::vector<std::optional<quant::Encoding>>& encodings) const;
    std::size_t chunkCount() const;
    at::Tensor chunkImages(std::size_t chunk) const;
    double batchLoss(std::size_t firstChunk, std::size_t endChunk, const Measured& what) const;
    void computeTargets();

    const engine::Network& floating_;
    std::shared_ptr<const graph::Graph> graph_;  ///< of the quantized model, with its parameters before fake quantization
    engine::Network network_;                    ///< weights fake-quantized with the present encodings
    std::vector<std::optional<quant::Encoding>> encodings_;
    at::Tensor images_;
    Options options_;
    const jobs::Control& control_;
    std::vector<std::vector<at::Tensor>> targets_;       ///< by chunk and probe
    std::map<std::size_t, std::vector<at::Tensor>> blockInputs_;  ///< by block: one tensor a chunk
    std::optional<graph::NodeId> prepared_;              ///< the node that the caches were filled for
    std::optional<Cut> cut_;                             ///< values that are alive before it, when they fit
    std::int64_t evaluations_ = 0;
};

}  // namespace vitrine::methods
