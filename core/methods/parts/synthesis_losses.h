// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/graph.h"
#include "methods/parts/patch_losses.h"

namespace vitrine::methods {

/// A value that a loss looks at, in the float network or in the quantized one.
struct SynthesisProbe {
    graph::ValueId value = graph::kNone;
    bool quantized = false;
};

/// One term of the loss that images are made by. Immutable.
class SynthesisLoss {
  public:
    virtual ~SynthesisLoss() = default;
    virtual std::string name() const = 0;  ///< "contrastive": names a curve
    virtual std::vector<SynthesisProbe> probes() const = 0;

    /// The term of each image [B], without its weight. Differentiable in `values`, which are those of probes() in their order, [B, ...].
    /// `labels` int64 [B] are the classes that the images shall show. An image's term depends on nothing but that image.
    virtual at::Tensor evaluate(std::span<const at::Tensor> values, const at::Tensor& labels) const = 0;
};
using SynthesisLossPtr = std::shared_ptr<const SynthesisLoss>;

struct WeightedLoss {
    SynthesisLossPtr loss;
    double weight = 1;
};

/// Whose features a loss looks at; with `both` it is the mean of the two losses.
enum class FeatureSource { floating, quantized, both };
FeatureSource featureSourceFromName(std::string_view name);  ///< "fp", "quant", "both"; else Exception(invalidArgument)

/// "contrastive": mean over attention modules of patchContrastiveLoss() of what they add to the residual stream.
SynthesisLossPtr contrastiveTerm(const graph::Graph& graph, const PatchContrast& contrast, FeatureSource source);
/// "class": cross entropy of the float network's logits with the labels.
SynthesisLossPtr classTerm(const graph::Graph& graph);
/// "patch_entropy": minus the sum over attention modules of patchEntropy() of attention times values (with windows their mean).
SynthesisLossPtr patchEntropyTerm(const graph::Graph& graph, const PatchDensity& density);
/// "disagreement": minus the mean absolute difference of the logits of the float and the quantized network.
SynthesisLossPtr disagreementTerm(const graph::Graph& graph);

}  // namespace vitrine::methods
