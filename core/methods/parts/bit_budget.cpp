// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/bit_budget.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "graph/operations.h"

namespace vitrine::methods {
namespace {

constexpr double kFloatBits = 32;
constexpr double kBitsPerByte = 8;
constexpr double kLeastGain = 1e-9;  // of what is exchanged: rounding is no reason to go on

double widthOf(const SiteBits& bits, std::size_t site) { return bits[site] == 0 ? kFloatBits : bits[site]; }

/// Losses that never fall when a layer gets narrower.
LayerLosses monotone(LayerLosses losses) {
    for (auto& [site, byBits] : losses) {
        double worst = -std::numeric_limits<double>::infinity();
        for (auto wide = byBits.rbegin(); wide != byBits.rend(); ++wide) wide->second = worst = std::max(worst, wide->second);
    }
    return losses;
}

class Allocation {
  public:
    Allocation(const BitBudget& budget, SiteBits bits, const LayerLosses& losses, const CompleteBits& complete)
        : budget_(budget), losses_(monotone(losses)), complete_(complete), bits_(std::move(bits)) {
        for (const auto& [site, byBits] : losses_) bits_[site] = byBits.rbegin()->first;
        complete_(bits_);
    }

    SiteBits run() {
        while (!budget_.allows(bits_)) narrow();
        while (widen() || exchange()) {
        }
        return bits_;
    }

  private:
    struct Step {
        double worth;
        SiteBits bits;
    };

    SiteBits with(std::size_t site, int width) const {
        SiteBits changed = bits_;
        changed[site] = width;
        complete_(changed);
        return changed;
    }

    void narrow() {
        std::optional<Step> best;
        const double load = budget_.load(bits_);
        for (const auto& [site, byBits] : losses_)
            for (const auto& [width, loss] : byBits) {
                if (width >= bits_[site]) break;
                SiteBits changed = with(site, width);
                const double saved = load - budget_.load(changed);
                if (saved <= 0) continue;
                const double worth = -(loss - byBits.at(bits_[site])) / saved;
                if (!best || worth > best->worth) best = Step{worth, std::move(changed)};
            }
        if (!best)
            fail(ErrorCode::invalidArgument, "cannot be met even at the narrowest widths", "budget", "allow more, or narrower widths");
        bits_ = std::move(best->bits);
    }

    bool widen() {
        std::optional<Step> best;
        for (const auto& [site, byBits] : losses_)
            for (auto wider = byBits.upper_bound(bits_[site]); wider != byBits.end(); ++wider) {
                SiteBits changed = with(site, wider->first);
                if (!budget_.allows(changed)) break;
                const double gain = byBits.at(bits_[site]) - wider->second;
                if (gain > 0 && (!best || gain > best->worth)) best = Step{gain, std::move(changed)};
            }
        if (!best) return false;
        bits_ = std::move(best->bits);
        return true;
    }

    /// One layer gets wider and another narrower, where that lowers the loss most.
    bool exchange() {
        std::optional<Step> best;
        for (const auto& [wider, gains] : losses_)
            for (const auto& [width, loss] : gains) {
                const double gain = gains.at(bits_[wider]) - loss;
                if (width <= bits_[wider] || gain <= 0) continue;
                for (const auto& [narrower, costs] : losses_)
                    for (const auto& [less, higher] : costs) {
                        if (less >= bits_[narrower] || narrower == wider) continue;
                        const double worth = gain - (higher - costs.at(bits_[narrower]));
                        if (worth <= kLeastGain * std::abs(gain) || (best && worth <= best->worth)) continue;
                        SiteBits changed = bits_;
                        changed[wider] = width;
                        changed[narrower] = less;
                        complete_(changed);
                        if (budget_.allows(changed)) best = Step{worth, std::move(changed)};
                    }
            }
        if (!best) return false;
        bits_ = std::move(best->bits);
        return true;
    }

    const BitBudget& budget_;
    LayerLosses losses_;
    const CompleteBits& complete_;
    SiteBits bits_;
};

}  // namespace

BitBudget::BitBudget(const graph::Graph& graph, const std::vector<graph::Site>& sites, BitLimits limits)
    : limits_(limits), floatBytes_(static_cast<double>(graph.parameterCount()) * kFloatBits / kBitsPerByte) {
    std::unordered_map<graph::ValueId, std::size_t> siteOf;
    for (std::size_t i = 0; i < sites.size(); ++i) {
        siteOf.emplace(sites[i].value, i);
        if (sites[i].isWeight())
            weights_.push_back({i, static_cast<double>(elementCount(sites[i].shape)), static_cast<double>(sites[i].macs)});
    }
    const auto find = [&](graph::ValueId value) {
        const auto found = siteOf.find(value);
        return found == siteOf.end() ? kFloatSite : found->second;
    };
    for (const graph::Node& node : graph.nodes) {
        const auto macs = static_cast<double>(graph::macs(graph, node));
        if (macs > 0) products_.push_back({macs, find(node.inputs[0]), find(node.inputs[1])});
    }
}

BitUsage BitBudget::usage(const SiteBits& bits) const {
    BitUsage usage{.sizeBytes = floatBytes_};
    double parameters = 0, macs = 0, byParameters = 0, byMacs = 0;
    for (const Weight& weight : weights_) {
        const double width = widthOf(bits, weight.site);
        parameters += weight.parameters;
        macs += weight.macs;
        byParameters += width * weight.parameters;
        byMacs += width * weight.macs;
        usage.sizeBytes -= weight.parameters * (kFloatBits - width) / kBitsPerByte;
    }
    if (parameters > 0) usage.weightBits = byParameters / parameters;
    if (macs > 0) usage.weightBitsByMacs = byMacs / macs;
    for (const Product& product : products_) {
        const double left = product.left == kFloatSite ? kFloatBits : widthOf(bits, product.left);
        const double right = product.right == kFloatSite ? kFloatBits : widthOf(bits, product.right);
        usage.bops += product.macs * left * right;
    }
    return usage;
}

double BitBudget::load(const SiteBits& bits) const {
    if (!isLimited()) return 0;
    const BitUsage used = usage(bits);
    double load = 0;
    if (limits_.weightBits > 0) load = std::max(load, used.weightBits / limits_.weightBits);
    if (limits_.sizeBytes > 0) load = std::max(load, used.sizeBytes / limits_.sizeBytes);
    if (limits_.bops > 0) load = std::max(load, used.bops / limits_.bops);
    return load;
}

SiteBits allocateBits(const BitBudget& budget, SiteBits bits, const LayerLosses& losses, const CompleteBits& complete) {
    return Allocation(budget, std::move(bits), losses, complete).run();
}

}  // namespace vitrine::methods
