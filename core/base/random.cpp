// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/random.h"

#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <sstream>

#include "base/error.h"
#include "base/hash.h"

namespace vitrine {

double Random::uniform() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

double Random::uniform(double low, double high) { return low + (high - low) * uniform(); }

std::int64_t Random::integer(std::int64_t low, std::int64_t high) {
    if (high < low) fail(ErrorCode::internal, "empty range of random integers");
    const std::uint64_t span = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low) + 1;
    if (span == 0) return static_cast<std::int64_t>(engine_());
    // Rejection keeps it unbiased.
    const std::uint64_t limit = std::numeric_limits<std::uint64_t>::max() - std::numeric_limits<std::uint64_t>::max() % span;
    std::uint64_t draw = engine_();
    while (draw >= limit) draw = engine_();
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(low) + draw % span);
}

double Random::normal() {
    // Box-Muller without keeping the second value, so that the engine alone is the state.
    const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
    return radius * std::cos(2.0 * std::numbers::pi * uniform());
}

std::vector<std::int64_t> Random::permutation(std::int64_t count) {
    std::vector<std::int64_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), 0);
    for (std::int64_t i = count - 1; i > 0; --i) std::swap(order[i], order[integer(0, i)]);
    return order;
}

std::string Random::state() const {
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << engine_;
    return out.str();
}

void Random::restore(const std::string& state) {
    std::istringstream in(state);
    in.imbue(std::locale::classic());
    std::mt19937_64 engine;
    in >> engine;
    if (!in) fail(ErrorCode::badFormat, "the saved state of a random stream is damaged");
    engine_ = engine;
}

Random RandomStreams::stream(std::string_view name) const {
    return Random(hashText(std::to_string(seed_) + "/" + std::string(name)));
}

}  // namespace vitrine
