// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/synthesis_losses.h"

#include <ATen/ATen.h>

#include "base/error.h"
#include "methods/parts/patch_features.h"

namespace vitrine::methods {
namespace {

std::vector<PatchFeature> featuresOf(const graph::Graph& graph) {
    std::vector<PatchFeature> features = patchFeatures(graph);
    if (features.empty())
        fail(ErrorCode::unsupported, "no attention module of the network has its patches on a grid", "synthesis",
             "make images with the method 'noise'");
    return features;
}

class ContrastiveTerm final : public SynthesisLoss {
  public:
    ContrastiveTerm(const graph::Graph& graph, const PatchContrast& contrast, FeatureSource source)
        : features_(featuresOf(graph)), contrast_(contrast), source_(source) {}

    std::string name() const override { return "contrastive"; }

    std::vector<SynthesisProbe> probes() const override {
        std::vector<SynthesisProbe> probes;
        if (source_ != FeatureSource::quantized)
            for (const PatchFeature& feature : features_) probes.push_back({feature.output, false});
        if (source_ != FeatureSource::floating)
            for (const PatchFeature& feature : features_) probes.push_back({feature.output, true});
        return probes;
    }

    at::Tensor evaluate(std::span<const at::Tensor> values, const at::Tensor&) const override {
        at::Tensor sum;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const PatchFeature& feature = features_[i % features_.size()];
            const at::Tensor loss = patchContrastiveLoss(patchesOf(feature, values[i]), feature.rows, feature.columns, contrast_);
            sum = sum.defined() ? sum + loss : loss;
        }
        return sum / static_cast<double>(values.size());
    }

  private:
    std::vector<PatchFeature> features_;
    PatchContrast contrast_;
    FeatureSource source_;
};

class ClassTerm final : public SynthesisLoss {
  public:
    explicit ClassTerm(graph::ValueId output) : output_(output) {}
    std::string name() const override { return "class"; }
    std::vector<SynthesisProbe> probes() const override { return {{output_, false}}; }
    at::Tensor evaluate(std::span<const at::Tensor> values, const at::Tensor& labels) const override {
        return -values[0].log_softmax(1).gather(1, labels.unsqueeze(1)).squeeze(1);
    }

  private:
    graph::ValueId output_;
};

class PatchEntropyTerm final : public SynthesisLoss {
  public:
    PatchEntropyTerm(const graph::Graph& graph, const PatchDensity& density) : features_(featuresOf(graph)), density_(density) {}

    std::string name() const override { return "patch_entropy"; }

    std::vector<SynthesisProbe> probes() const override {
        std::vector<SynthesisProbe> probes;
        for (const PatchFeature& feature : features_) probes.push_back({feature.attended, false});
        return probes;
    }

    at::Tensor evaluate(std::span<const at::Tensor> values, const at::Tensor&) const override {
        at::Tensor sum;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const at::Tensor patches = attendedPatches(features_[i], values[i]);
            const at::Tensor entropy = patchEntropy(patches.flatten(0, 1), density_).view({patches.size(0), patches.size(1)}).mean(1);
            sum = sum.defined() ? sum - entropy : -entropy;
        }
        return sum;
    }

  private:
    std::vector<PatchFeature> features_;
    PatchDensity density_;
};

class DisagreementTerm final : public SynthesisLoss {
  public:
    explicit DisagreementTerm(graph::ValueId output) : output_(output) {}
    std::string name() const override { return "disagreement"; }
    std::vector<SynthesisProbe> probes() const override { return {{output_, false}, {output_, true}}; }
    at::Tensor evaluate(std::span<const at::Tensor> values, const at::Tensor&) const override {
        return -(values[0] - values[1]).abs().mean(1);
    }

  private:
    graph::ValueId output_;
};

}  // namespace

FeatureSource featureSourceFromName(std::string_view name) {
    if (name == "fp") return FeatureSource::floating;
    if (name == "quant") return FeatureSource::quantized;
    if (name == "both") return FeatureSource::both;
    fail(ErrorCode::invalidArgument, "there is no such source of features", std::string(name), "take fp, quant or both");
}

SynthesisLossPtr contrastiveTerm(const graph::Graph& graph, const PatchContrast& contrast, FeatureSource source) {
    return std::make_shared<const ContrastiveTerm>(graph, contrast, source);
}
SynthesisLossPtr classTerm(const graph::Graph& graph) { return std::make_shared<const ClassTerm>(graph.output); }
SynthesisLossPtr patchEntropyTerm(const graph::Graph& graph, const PatchDensity& density) {
    return std::make_shared<const PatchEntropyTerm>(graph, density);
}
SynthesisLossPtr disagreementTerm(const graph::Graph& graph) { return std::make_shared<const DisagreementTerm>(graph.output); }

}  // namespace vitrine::methods
