// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "graph/builder.h"

namespace vitrine::test {

/// Sizes of a plain vision transformer.
struct VitSizes {
    std::int64_t image = 32;
    std::int64_t patch = 8;
    std::int64_t embed = 32;
    std::int64_t depth = 2;
    std::int64_t heads = 2;
    std::int64_t classes = 5;
};
inline constexpr VitSizes kDeitTiny{224, 16, 192, 12, 3, 1000};
inline constexpr VitSizes kDeitSmall{224, 16, 384, 12, 6, 1000};
inline constexpr VitSizes kDeitBase{224, 16, 768, 12, 12, 1000};

/// A parameter of normal random numbers around `mean`.
HostTensor randomTensor(Shape shape, std::uint64_t seed, double deviation = 1.0, double mean = 0.0);

/// Invents a parameter of a shape, with random numbers around `mean`.
using ParameterSource = std::function<HostTensor(const Shape& shape, double deviation, double mean)>;
ParameterSource randomParameters(std::uint64_t seed);

/// A vision transformer wired as timm does it.
std::shared_ptr<const graph::Graph> makeVit(const VitSizes& sizes, const ParameterSource& parameters = randomParameters(1));

/// One block with shifted windows: roll, padding, window partition, gathered bias, mask, mean. Input [B,2,5,6].
std::shared_ptr<const graph::Graph> makeWindowNetwork();

}  // namespace vitrine::test
