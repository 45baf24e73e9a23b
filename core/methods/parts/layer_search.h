// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "base/random.h"
#include "methods/parts/evolution.h"

/// How candidates for one layer are made in the layer-wise search of CLAMP-ViT's stage 2 (docs/methods.md). No Torch.
namespace vitrine::methods {

struct LayerSearchRules {
    bool mixed = false;             ///< bits are searched beside scales
    int minBits = 2, maxBits = 8;
    bool relative = true;           ///< noise in proportion to the scale, else of fixed size
    double amplitude = 0;           ///< of the noise; 0: 0.02 relative, mutationAmplitude() absolute
    std::size_t tournament = 10;
};

/// The first scales of a layer at a width.
using FirstScales = std::function<const std::vector<float>&(int bits)>;
/// Whether a layer may have a width while the others stay as they are.
using AllowsBits = std::function<bool(int bits)>;

/// Candidates for one layer. A width that is not allowed is rejected, counted and drawn anew, kTries times at most.
class LayerSearch {
  public:
    static constexpr int kTries = 8;

    LayerSearch(LayerSearchRules rules, FirstScales first, AllowsBits allows)
        : rules_(rules), first_(std::move(first)), allows_(std::move(allows)) {}

    /// What a visit begins with beside the present individual: at fixed precision its mutations; in mixed precision the other
    /// widths, nearest first and narrower before wider, then mutations. `count` of them, without fitness.
    std::vector<Individual> first(const Individual& present, std::size_t count, Random& random);

    /// A child of two parents: the mean of their widths moved by -1, 0 or 1 and of their scales at its width, then noise. None
    /// when every width that was drawn is above the budget.
    std::optional<Individual> child(const Population& population, Random& random);

    /// An individual from nowhere: its first scales with noise, at any width. None as above.
    std::optional<Individual> stranger(int presentBits, Random& random);

    std::int64_t rejected() const { return rejected_; }  ///< so far

  private:
    template <typename Draw>
    std::optional<int> allowedBits(const Draw& draw);
    std::vector<float> mutated(const std::vector<float>& scales, int bits, Random& random) const;

    LayerSearchRules rules_;
    FirstScales first_;
    AllowsBits allows_;
    std::int64_t rejected_ = 0;
};

/// Root of the mean squared relative change of what scales cover, scale (2^bits - 1). Both have as many scales.
double relativeChange(const Individual& before, const Individual& after);

}  // namespace vitrine::methods
