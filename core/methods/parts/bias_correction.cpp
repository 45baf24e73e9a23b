// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/bias_correction.h"

#include <ATen/ATen.h>

#include <cstddef>

#include "base/error.h"
#include "quant/quantizers.h"

namespace vitrine::methods {
namespace {

constexpr double kLeastSpread = 1e-8;  // of the official code

struct Moments {
    at::Tensor mean, spread;  // of each output channel, in double
};

Moments momentsOf(const at::Tensor& weight) {
    const at::Tensor rows = weight.to(at::kCPU, at::kDouble).flatten(1);
    return {rows.mean({1}), rows.std(at::IntArrayRef{1}, true)};
}

}  // namespace

CorrectedWeight correctBias(const at::Tensor& weight, const quant::Encoding& encoding) {
    if (encoding.kind != quant::QuantizerKind::uniform)
        fail(ErrorCode::invalidArgument, "only uniform quantizers can be corrected", "bias correction");
    const at::Tensor codes = quant::encode(weight, encoding);
    const at::Tensor quantized = quant::decode(codes, encoding);
    const Moments wanted = momentsOf(weight), present = momentsOf(quantized);
    const at::Tensor factor = wanted.spread / (present.spread + kLeastSpread);
    const at::Tensor shift = wanted.mean - factor * present.mean;

    CorrectedWeight corrected{.encoding = encoding};
    corrected.encoding.rounding = quant::Rounding::shiftThenRound;  // keeps a fractional zero point exact
    corrected.encoding.granularity = quant::Granularity::channel;
    corrected.encoding.axis = 0;
    corrected.encoding.scale.clear();
    corrected.encoding.zeroPoint.clear();
    for (std::int64_t channel = 0; channel < weight.size(0); ++channel) {
        const std::size_t old = encoding.scale.size() == 1 ? 0 : static_cast<std::size_t>(channel);
        // A channel whose levels are all equal has no spread to match: only its mean is kept.
        const double ratio = factor[channel].item<double>();
        const bool spreads = ratio > 0 && present.spread[channel].item<double>() > kLeastSpread;
        const double scale = encoding.scale[old] * (spreads ? ratio : 1.0);
        const double offset = (spreads ? shift : wanted.mean - present.mean)[channel].item<double>();
        corrected.encoding.scale.push_back(static_cast<float>(scale));
        corrected.encoding.zeroPoint.push_back(static_cast<float>(encoding.zeroPoint[old] - offset / scale));
    }
    corrected.weight = quant::decode(codes, corrected.encoding);
    return corrected;
}

}  // namespace vitrine::methods
