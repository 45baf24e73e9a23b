// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vitrine::data {

/// The predicted class: the largest logit, of equal ones the first; -1 when one of them is not a number or there are
/// none.
std::int64_t argMax(std::span<const float> logits);

/// An interval of shares in 0..1.
struct Interval {
    double low = 0.0;
    double high = 1.0;
};

/// The Wilson score interval of a share that was measured as `successes` of `count` (E. B. Wilson, JASA 22, 1927), for
/// the normal quantile `z`: 1.96 gives 95 % confidence. Without measurements it is 0..1. Throws
/// Exception(invalidArgument) unless 0 <= successes <= count.
Interval wilsonInterval(std::int64_t successes, std::int64_t count, double z = 1.959963984540054);

/// How often the right class was among the first one and among the first five.
struct Accuracy {
    std::int64_t count = 0;
    std::int64_t top1Hits = 0;
    std::int64_t top5Hits = 0;

    double top1() const;  ///< percent; 0 when nothing was counted
    double top5() const;  ///< percent

    /// Counts a batch: `logits` is [labels.size(), classes] row by row. A class is ranked behind those with larger
    /// logits and those with equal logits and smaller numbers; a row that holds a NaN is never right. Pictures without
    /// a label (kUnlabelled) are not counted. Throws Exception(invalidArgument) on sizes that do not fit or a label
    /// that is no class.
    void add(std::span<const float> logits, std::span<const std::int64_t> labels, std::int64_t classes);

    friend bool operator==(const Accuracy&, const Accuracy&) = default;
};

/// How often two networks predict the same class, in percent: the fidelity of a quantized network to its original.
/// Predictions of -1 (see argMax) agree with nothing. Throws Exception(invalidArgument) when the lengths differ.
double agreement(std::span<const std::int64_t> predictions, std::span<const std::int64_t> others);

/// The Kullback-Leibler divergence D(p || q) of the class probabilities q that `logits` give from those, p, that `original` gives, in nats; 0 or
/// more. Not finite when a logit is not. Throws Exception(invalidArgument) when the lengths differ.
double divergence(std::span<const float> original, std::span<const float> logits);

}  // namespace vitrine::data
