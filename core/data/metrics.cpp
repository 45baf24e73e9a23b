// SPDX-License-Identifier: GPL-3.0-or-later
#include "data/metrics.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "base/error.h"
#include "data/dataset.h"

namespace vitrine::data {
namespace {

bool hasNaN(std::span<const float> logits) {
    return std::any_of(logits.begin(), logits.end(), [](float value) { return std::isnan(value); });
}

/// How many classes come before `label`.
std::int64_t rankOf(std::span<const float> logits, std::size_t label) {
    std::int64_t before = 0;
    for (std::size_t i = 0; i < logits.size(); ++i)
        before += logits[i] > logits[label] || (logits[i] == logits[label] && i < label);
    return before;
}

double percent(std::int64_t part, std::int64_t count) {
    return count == 0 ? 0.0 : 100.0 * static_cast<double>(part) / static_cast<double>(count);
}

double logSumExp(std::span<const float> logits) {
    const double largest = logits.empty() ? 0 : *std::max_element(logits.begin(), logits.end());
    double sum = 0;
    for (const float value : logits) sum += std::exp(value - largest);
    return largest + std::log(sum);
}

}  // namespace

std::int64_t argMax(std::span<const float> logits) {
    if (logits.empty() || hasNaN(logits)) return -1;
    return std::max_element(logits.begin(), logits.end()) - logits.begin();
}

Interval wilsonInterval(std::int64_t successes, std::int64_t count, double z) {
    if (successes < 0 || successes > count)
        fail(ErrorCode::invalidArgument,
             std::to_string(successes) + " successes of " + std::to_string(count) + " are impossible");
    if (count == 0) return {};
    const double n = static_cast<double>(count);
    const double share = static_cast<double>(successes) / n;
    const double centre = (share + z * z / (2.0 * n)) / (1.0 + z * z / n);
    const double half = z / (1.0 + z * z / n) * std::sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

double Accuracy::top1() const { return percent(top1Hits, count); }

double Accuracy::top5() const { return percent(top5Hits, count); }

void Accuracy::add(std::span<const float> logits, std::span<const std::int64_t> labels, std::int64_t classes) {
    if (classes < 1 || logits.size() != labels.size() * static_cast<std::size_t>(classes))
        fail(ErrorCode::invalidArgument, std::to_string(logits.size()) + " logits are not " +
                                             std::to_string(labels.size()) + " rows of " + std::to_string(classes) +
                                             " classes");
    for (const std::int64_t label : labels)
        if (label != kUnlabelled && (label < 0 || label >= classes))
            fail(ErrorCode::invalidArgument, "the label " + std::to_string(label) + " is none of the " +
                                                 std::to_string(classes) + " classes of the network");
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (labels[i] == kUnlabelled) continue;
        ++count;
        const auto row = logits.subspan(i * static_cast<std::size_t>(classes), static_cast<std::size_t>(classes));
        if (hasNaN(row)) continue;
        const std::int64_t rank = rankOf(row, static_cast<std::size_t>(labels[i]));
        top1Hits += rank < 1;
        top5Hits += rank < 5;
    }
}

double agreement(std::span<const std::int64_t> predictions, std::span<const std::int64_t> others) {
    if (predictions.size() != others.size())
        fail(ErrorCode::invalidArgument, "the predictions of two networks are for different numbers of pictures");
    std::int64_t equal = 0;
    for (std::size_t i = 0; i < predictions.size(); ++i) equal += predictions[i] == others[i] && predictions[i] >= 0;
    return percent(equal, static_cast<std::int64_t>(predictions.size()));
}

double divergence(std::span<const float> original, std::span<const float> logits) {
    if (original.size() != logits.size())
        fail(ErrorCode::invalidArgument, "the logits of two networks are for different numbers of classes");
    const double normalP = logSumExp(original), normalQ = logSumExp(logits);
    double sum = 0;
    for (std::size_t i = 0; i < logits.size(); ++i) {
        const double logP = original[i] - normalP, logQ = logits[i] - normalQ;
        sum += std::exp(logP) * (logP - logQ);
    }
    return sum < 0 ? 0 : sum;  // rounding; what is not a number stays
}

}  // namespace vitrine::data
