// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/engine.h"
#include "methods/method.h"
#include "methods/parts/bit_budget.h"
#include "methods/parts/candidate_evaluator.h"
#include "methods/parts/evolution.h"
#include "methods/parts/site_specs.h"
#include "quant/quantized_model.h"

/// The layers that CLAMP-ViT searches, and what their quantizers look like at each width. Internal to the method.
namespace vitrine::methods::clamp {

/// A layer with a weight: the unit of the search.
struct Layer {
    std::size_t site = 0;                  ///< of its weight
    std::size_t block = 0;
    bool searchesBits = false;             ///< mixed precision, and no rule fixed its width
    std::vector<std::size_t> activations;  ///< sites whose width follows that of the weight
};

/// How activations get their widths.
enum class ActivationBits {
    given,        ///< as the policy says
    sensitivity,  ///< that of the layer's weight and 1 more, 2 in the most sensitive third; within 4 and 8
};

/// What the parameters mean for one network. Holds references to the network and to what it was given.
class Layers {
  public:
    /// `start` is the model that calibration left; its weights may be rewritten.
    Layers(const MethodContext& context, const quant::QuantizedModel& start);

    const std::vector<Layer>& all() const { return layers_; }
    const std::vector<graph::Site>& sites() const { return sites_; }
    const std::string& idOf(const Layer& layer) const { return sites_[layer.site].id; }
    bool mixed() const { return mixed_; }
    int minBits() const { return minBits_; }
    int maxBits() const { return maxBits_; }

    /// The layers of the most sensitive third, whose activations get one bit more.
    void setSensitive(std::vector<std::size_t> layers) { sensitive_ = std::move(layers); }

    /// The first encoding of a layer's weight at a width, by "weight.range". Made once.
    const quant::Encoding& first(std::size_t layer, int bits);

    /// The encodings that an individual stands for: the layer's weight, and activations whose width follows.
    SiteEncodings encodings(std::size_t layer, const Individual& individual);

    /// A layer as it is in `model`.
    Individual present(std::size_t layer, const quant::QuantizedModel& model) const;

    /// Activations that a layer feeds: what is computed behind its operation and before that of the next layer, with one uniform
    /// quantizer for the tensor.
    const std::vector<std::size_t>& fedBy(std::size_t layer) const { return fed_[layer]; }

    /// The range of an activation at the width of calibration; encodings() give it the width that the layer asks for.
    const quant::Encoding& range(std::size_t site) const { return start_.at(sites_[site].id); }
    void setRange(std::size_t site, quant::Encoding range);

    /// The range of an activation calibrated anew on its values, as "activation.calibration" says. Behind folded norms the present one,
    /// wider where values lie outside of it; none behind a GELU of the reparameterized calibration, where another search decides.
    std::optional<quant::Encoding> recomputed(std::size_t site, const at::Tensor& values) const;

    /// A range whose ends have moved outwards, to `ratio` times their distance from zero or, on the other side of it, to 1 / ratio; behind
    /// a GELU its upper end alone. `ratio` is above 1.
    quant::Encoding stretched(std::size_t site, const quant::Encoding& range, double ratio) const;

    /// The ranges that setRange() has changed, and back into the layers and `model`.
    void saveRanges(MethodState& state) const;
    void restoreRanges(const MethodState& state, quant::QuantizedModel& model);

    SiteBits bitsOf(const quant::QuantizedModel& model) const;
    /// Widths of activations that follow from those of weights.
    void complete(SiteBits& bits) const;

  private:
    void findActivations();
    void findFed();
    int activationBits(std::size_t layer, int weightBits) const;

    const graph::Graph& graph_;  ///< with rewritten weights
    const std::vector<graph::Site>& sites_;
    SiteSpecs specs_;
    bool mixed_;
    ActivationBits activationBits_;
    int minBits_, maxBits_;
    std::string range_;
    std::string calibration_;
    bool keepsStart_;  ///< a model that the user named keeps its own scales at its own widths
    std::map<std::string, quant::Encoding> start_;
    std::vector<Layer> layers_;
    std::vector<std::vector<std::size_t>> fed_;  ///< by layer
    std::set<std::size_t> changed_;              ///< activations with a range of their own
    std::vector<std::size_t> sensitive_;
    std::map<std::pair<std::size_t, int>, quant::Encoding> first_;
};

/// An activation's encoding at another width: it covers the same interval (log kinds: begins at the same scale).
quant::Encoding withBits(const quant::Encoding& encoding, int bits);

/// The loss of the search: mean over probes of the distance between float and quantized rows (docs/methods.md). Each call also appends the
/// losses of its images to `byImage`, unless that is null; it must outlive the loss.
CandidateEvaluator::Loss fitnessLoss(const ParameterSet& parameters, std::vector<double>* byImage = nullptr);

/// What the fitness compares: outputs of attention modules or blocks, and the logits; or the logits alone. In network order.
std::vector<graph::ValueId> fitnessProbes(const graph::Graph& graph, const ParameterSet& parameters);

}  // namespace vitrine::methods::clamp
