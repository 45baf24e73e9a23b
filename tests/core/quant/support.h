// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/random.h"
#include "graph/graph.h"
#include "quant/encoding.h"

namespace vitrine::test {

/// The variants of a quantizer that have code of their own.
enum class Variant { roundThenShift, roundThenFraction, shiftThenRound, shiftFraction, symmetric, log2, logSqrt2 };
inline constexpr Variant kVariants[] = {Variant::roundThenShift, Variant::roundThenFraction, Variant::shiftThenRound,
                                        Variant::shiftFraction,  Variant::symmetric,         Variant::log2,
                                        Variant::logSqrt2};

bool isUniform(Variant variant);
bool hasFraction(Variant variant);

/// An encoding of random width, scales and zero points: per tensor for `scales` 0, else with that many along `axis`.
quant::Encoding randomEncoding(Variant variant, Random& random, std::int64_t scales = 0, std::int64_t axis = 0);

/// The same quantizer with one scale for all.
quant::Encoding perTensor(const quant::Encoding& encoding, std::size_t channel);

/// x^ by the formulas of encoding.h, one element at a time.
float referenceValue(float x, const quant::Encoding& encoding, std::size_t channel);
at::Tensor referenceFakeQuantize(const at::Tensor& x, const quant::Encoding& encoding);

/// Values where quantizers go wrong: ties and their neighbours, borders of the range, zeros, subnormal and huge
/// numbers, infinities and NaN among ordinary ones. `channel` is one of the encoding's scales.
float awkwardValue(const quant::Encoding& encoding, std::size_t channel, Random& random);
at::Tensor awkwardTensor(at::IntArrayRef shape, const quant::Encoding& encoding, Random& random);
/// The same without NaN and infinities.
at::Tensor finiteTensor(at::IntArrayRef shape, const quant::Encoding& encoding, Random& random);

/// Index of the first element whose bits differ (NaN equals NaN), -1 when there is none.
std::int64_t firstDifference(const at::Tensor& a, const at::Tensor& b);

/// The error that `f` throws; its code is `internal` with the text "no exception" when it throws none.
Error errorOf(const std::function<void()>& f);

/// A network small enough to count by hand: convolution, a linear layer "fc" without bias, attention of its result with
/// itself, mean, classifier.
std::shared_ptr<const graph::Graph> makeToyNetwork();

}  // namespace vitrine::test
