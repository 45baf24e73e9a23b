// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/quantiles.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/error.h"

namespace vitrine::quant {
namespace {

/// Puts the elements of `ranks` (ascending, relative to `offset`) where sorting would.
void selectRanks(std::span<float> values, std::size_t offset, std::span<const std::size_t> ranks) {
    if (ranks.empty() || values.empty()) return;
    const std::size_t middle = ranks.size() / 2;
    const std::size_t place = ranks[middle] - offset;
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(place), values.end());
    selectRanks(values.first(place), offset, ranks.first(middle));
    selectRanks(values.subspan(place + 1), offset + place + 1, ranks.subspan(middle + 1));
}

}  // namespace

std::vector<float> quantiles(std::span<float> values, std::span<const double> probabilities) {
    if (values.empty()) fail(ErrorCode::invalidArgument, "quantiles of no values");
    const double last = static_cast<double>(values.size() - 1);
    std::vector<std::size_t> ranks;
    for (const double probability : probabilities) {
        const double position = std::clamp(probability, 0.0, 1.0) * last;
        ranks.push_back(static_cast<std::size_t>(std::floor(position)));
        ranks.push_back(static_cast<std::size_t>(std::ceil(position)));
    }
    std::sort(ranks.begin(), ranks.end());
    ranks.erase(std::unique(ranks.begin(), ranks.end()), ranks.end());
    selectRanks(values, 0, ranks);

    std::vector<float> result;
    for (const double probability : probabilities) {
        const double position = std::clamp(probability, 0.0, 1.0) * last;
        const double below = values[static_cast<std::size_t>(std::floor(position))];
        const double above = values[static_cast<std::size_t>(std::ceil(position))];
        const double weight = position - std::floor(position);
        result.push_back(static_cast<float>(weight == 0 ? below : below + (above - below) * weight));
    }
    return result;
}

}  // namespace vitrine::quant
