// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// One stream of random numbers with the same sequence on every machine and compiler. Not thread safe.
class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    std::uint64_t bits() { return engine_(); }
    double uniform();                                  ///< in [0, 1)
    double uniform(double low, double high);           ///< in [low, high)
    std::int64_t integer(std::int64_t low, std::int64_t high);  ///< in [low, high], unbiased
    double normal();                                   ///< mean 0, standard deviation 1
    std::vector<std::int64_t> permutation(std::int64_t count);  ///< of 0..count-1

    std::string state() const;              ///< exact state as text, for checkpoints
    void restore(const std::string& state); ///< throws Exception(badFormat) on text that state() did not write

  private:
    std::mt19937_64 engine_;
};

/// Independent streams derived from one seed by name ("data", "search", "initialisation", ...), so that drawing more
/// from one never changes another.
class RandomStreams {
  public:
    explicit RandomStreams(std::uint64_t seed) : seed_(seed) {}
    std::uint64_t seed() const { return seed_; }
    Random stream(std::string_view name) const;

  private:
    std::uint64_t seed_;
};

}  // namespace vitrine
