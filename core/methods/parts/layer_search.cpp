// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/layer_search.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace vitrine::methods {
namespace {

constexpr double kRelativeAmplitude = 0.02;  // ours

}  // namespace

std::vector<float> LayerSearch::mutated(const std::vector<float>& scales, int bits, Random& random) const {
    const double usual = rules_.relative ? kRelativeAmplitude : mutationAmplitude(bits);
    const double amplitude = rules_.amplitude > 0 ? rules_.amplitude : usual;
    return rules_.relative ? mutateRelative(scales, amplitude, random) : mutateAbsolute(scales, amplitude, random);
}

template <typename Draw>
std::optional<int> LayerSearch::allowedBits(const Draw& draw) {
    for (int attempt = 0; attempt < kTries; ++attempt) {
        const int bits = draw();
        if (allows_(bits)) return bits;
        ++rejected_;
    }
    return std::nullopt;
}

std::vector<Individual> LayerSearch::first(const Individual& present, std::size_t count, Random& random) {
    std::vector<Individual> individuals;
    for (int distance = 1; rules_.mixed && distance <= rules_.maxBits - rules_.minBits; ++distance)
        for (const int bits : {present.bits - distance, present.bits + distance}) {
            if (individuals.size() == count || bits < rules_.minBits || bits > rules_.maxBits) continue;
            if (allows_(bits))
                individuals.push_back({.scales = first_(bits), .bits = bits});
            else
                ++rejected_;
        }
    while (individuals.size() < count)
        individuals.push_back({.scales = mutated(present.scales, present.bits, random), .bits = present.bits});
    return individuals;
}

std::optional<Individual> LayerSearch::child(const Population& population, Random& random) {
    const auto [one, other] = population.parents(rules_.tournament, random);
    std::optional<int> bits = one->bits;
    if (rules_.mixed) {
        const auto middle = static_cast<int>(std::lround((one->bits + other->bits) / 2.0));
        bits = allowedBits([&, from = rules_.minBits, to = rules_.maxBits] {
            return std::clamp(middle + static_cast<int>(random.integer(-1, 1)), from, to);
        });
    }
    if (!bits) return std::nullopt;
    return Individual{.scales = mutated(crossover(*one, *other, *bits), *bits, random), .bits = *bits};
}

std::optional<Individual> LayerSearch::stranger(int presentBits, Random& random) {
    std::optional<int> bits = presentBits;
    if (rules_.mixed)
        bits = allowedBits([&, from = rules_.minBits, to = rules_.maxBits] { return static_cast<int>(random.integer(from, to)); });
    if (!bits) return std::nullopt;
    return Individual{.scales = mutated(first_(*bits), *bits, random), .bits = *bits};
}

double relativeChange(const Individual& before, const Individual& after) {
    if (before.scales.empty()) return 0;
    const double ratio = before.bits == 0 || after.bits == 0 ? 1 : (std::exp2(after.bits) - 1) / (std::exp2(before.bits) - 1);
    double sum = 0;
    for (std::size_t i = 0; i < before.scales.size(); ++i) {
        const double change = after.scales[i] * ratio / before.scales[i] - 1;
        sum += change * change;
    }
    return std::sqrt(sum / static_cast<double>(before.scales.size()));
}

}  // namespace vitrine::methods
