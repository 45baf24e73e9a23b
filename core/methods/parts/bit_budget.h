// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <vector>

#include "graph/graph.h"
#include "graph/sites.h"

/// Mixed precision under hard limits. Conventions as quant::cost(), docs/methods.md 5. No Torch.
namespace vitrine::methods {

/// Bits of every site, in site order; 0 = float, which counts 32.
using SiteBits = std::vector<int>;

/// What a network costs at some bits.
struct BitUsage {
    double weightBits = 32;        ///< average over the parameters of quantizable weights
    double weightBitsByMacs = 32;  ///< the same weights, by the operations that read them
    double sizeBytes = 0;          ///< all parameters, without scales and zero points
    double bops = 0;               ///< bit operations for one image
};

/// Upper bounds; 0 = none.
struct BitLimits {
    double weightBits = 0;
    double sizeBytes = 0;
    double bops = 0;
};

/// Tells what bits cost and whether they are within limits. Immutable; any thread.
class BitBudget {
  public:
    BitBudget(const graph::Graph& graph, const std::vector<graph::Site>& sites, BitLimits limits);

    BitUsage usage(const SiteBits& bits) const;
    const BitLimits& limits() const { return limits_; }
    bool isLimited() const { return limits_.weightBits > 0 || limits_.sizeBytes > 0 || limits_.bops > 0; }
    bool allows(const SiteBits& bits) const { return load(bits) <= 1; }
    /// The largest share of a limit that is used; 0 without limits.
    double load(const SiteBits& bits) const;

  private:
    struct Weight {
        std::size_t site;
        double parameters, macs;
    };
    struct Product {
        double macs;
        std::size_t left, right;  ///< sites; `kFloatSite` where the operand is none
    };
    static constexpr std::size_t kFloatSite = static_cast<std::size_t>(-1);

    BitLimits limits_;
    double floatBytes_ = 0;
    std::vector<Weight> weights_;
    std::vector<Product> products_;
};

/// The loss that a layer makes alone at each width it may have, by site.
using LayerLosses = std::map<std::size_t, std::map<int, double>>;

/// Fills in what follows from the widths of weights: those of activations.
using CompleteBits = std::function<void(SiteBits&)>;

/// Widths for the layers of `losses` whose summed loss is small and which the budget allows (ours): from the widest on, the
/// step that costs the least loss for what it saves is taken until the limits hold; then single layers are widened where there is room, and
/// widths of two layers exchanged, as long as the loss falls. A loss counts as no smaller than that of a wider layer. Deterministic;
/// ties go to the earlier site.
/// Throws Exception(invalidArgument) when even the narrowest widths are above a limit.
SiteBits allocateBits(const BitBudget& budget, SiteBits bits, const LayerLosses& losses, const CompleteBits& complete);

}  // namespace vitrine::methods
