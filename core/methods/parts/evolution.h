// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <utility>
#include <vector>

#include "base/random.h"

/// Evolutionary search over scales and bit widths, in the steady-state form of CPT-V's code (docs/methods.md): tournament, one
/// child at a time, the worst goes. Everything is deterministic given the random stream. Not thread safe.
namespace vitrine::methods {

/// One candidate for a layer or block.
struct Individual {
    std::vector<float> scales;  ///< > 0
    int bits = 0;               ///< 0 where the search does not touch them
    double fitness = 0;         ///< smaller is better
    std::vector<double> losses;  ///< what it is the mean of, by image; empty where the search does not ask
    std::int64_t born = 0;      ///< number of the evaluation that measured it

    bool operator==(const Individual&) const = default;
};

/// Whether the fitness of `individual` is below that of `present` by more than `confidence` standard errors of the paired differences of their
/// losses (ours): what helps some images and harms others is chance. 0, or no losses: whether it is below. Both were measured on the same images.
bool improves(const Individual& individual, const Individual& present, double confidence);

/// The best `capacity` individuals so far, best first; of equal fitness the older one is better.
class Population {
  public:
    explicit Population(std::size_t capacity) : capacity_(capacity) {}

    /// Takes an individual in and drops the worst when there are too many. Tells whether the newcomer stayed. A fitness that is
    /// not a number counts as the worst there is.
    bool insert(Individual individual);

    const std::vector<Individual>& members() const { return members_; }
    const Individual& best() const { return members_.front(); }
    std::size_t capacity() const { return capacity_; }

    /// The best of `size` members drawn with replacement.
    const Individual& tournament(std::size_t size, Random& random) const;
    /// The two best different draws among `size` members drawn with replacement (the same one twice when only one was drawn).
    std::pair<const Individual*, const Individual*> parents(std::size_t size, Random& random) const;

    /// Measures everybody anew, in order, after what fitness depends on has changed; `measure` gives the measured individual.
    template <typename Measure>
    void reassess(const Measure& measure) {
        std::vector<Individual> old = std::move(members_);
        members_.clear();
        for (Individual& individual : old) insert(measure(individual));
    }

    nlohmann::json toJson() const;  ///< exact
    /// Throws Exception(badFormat) on what toJson() did not write.
    static Population fromJson(const nlohmann::json& document);

  private:
    std::vector<std::size_t> draw(std::size_t size, Random& random) const;

    std::size_t capacity_;
    std::vector<Individual> members_;
};

/// The smallest scale that a mutation leaves: a scale of 0 would divide by zero (ours; the official code only takes the absolute value).
inline constexpr float kLeastScale = 1e-8f;

/// s' = |s + U(-amplitude, amplitude)| for every scale (CPT-V code, joint_evol_opt.py), at least kLeastScale.
std::vector<float> mutateAbsolute(std::span<const float> scales, double amplitude, Random& random);
/// s' = s (1 + U(-amplitude, amplitude)), at least kLeastScale (ours: free of the scale's size). `amplitude` is below 1.
std::vector<float> mutateRelative(std::span<const float> scales, double amplitude, Random& random);

/// The scales of a child of `bits` bits: the mean of its parents', each brought to the child's bit width by (2^b' - 1) / (2^b - 1)
/// (ours, after CLAMP-ViT's stage 2; docs/methods.md). Both parents have as many scales; bits of 0 leave scales as they are.
std::vector<float> crossover(const Individual& one, const Individual& other, int bits);

/// Absolute mutation that suits a bit width: 1e-3 up to 4 bits, 1e-4 from 8 bits, geometric in between (CPT-V code for 3, 4 and 8; ours
/// in between).
double mutationAmplitude(int bits);

}  // namespace vitrine::methods
