// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/output_error.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "quant/quantizers.h"
#include "quant/range_encoding.h"

namespace vitrine::methods {
namespace {

constexpr std::int64_t kMostTokens = 4096;
constexpr int kSteps = 40;
constexpr double kLeastPower = 1e-6;  // of a token, in shares of the mean: silent tokens do not decide
constexpr double kSpan = 256;  // the smallest upper end is the largest value divided by this

/// Tokens by channels, thinned out evenly.
at::Tensor tokens(const at::Tensor& x) {
    const at::Tensor rows = x.reshape({-1, x.size(-1)});
    const std::int64_t stride = (rows.size(0) + kMostTokens - 1) / kMostTokens;
    return rows.slice(0, 0, rows.size(0), stride).contiguous();
}

double relativeOutputError(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& outputPower,
                           const quant::Encoding& encoding) {
    const at::Tensor error = quant::fakeQuantize(x, encoding).sub_(x);
    const at::Tensor power = at::matmul(error, weight.t()).square_().sum({1});
    return power.div_(outputPower).mean(at::kDouble).item<double>();
}

}  // namespace

quant::Encoding searchByOutputError(const at::Tensor& x, const at::Tensor& weight, const quant::QuantizerSpec& spec,
                                    const std::function<void()>& check) {
    const at::Tensor rows = tokens(x);
    const float low = std::min(rows.min().item<float>(), 0.0F), high = std::max(rows.max().item<float>(), 0.0F);
    const at::Tensor outputs = at::matmul(rows, weight.t()).square_().sum({1});
    const at::Tensor outputPower = outputs + outputs.mean() * kLeastPower + std::numeric_limits<float>::min();
    quant::Encoding best;
    double bestError = std::numeric_limits<double>::infinity();
    for (int i = 0; i < kSteps; ++i) {
        check();
        const auto shrunk = static_cast<float>(high * std::pow(kSpan, -i / (kSteps - 1.0)));
        quant::Encoding candidate = quant::encodeRanges(spec, 0, {{low}, {shrunk}});
        const double error = relativeOutputError(rows, weight, outputPower, candidate);
        if (i > 0 && !(error < bestError)) continue;
        bestError = error;
        best = std::move(candidate);
    }
    return best;
}

}  // namespace vitrine::methods
