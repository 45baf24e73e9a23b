// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "quant/encoding.h"

namespace vitrine::quant {

/// Fake quantization: x -> x^ in float, in one pass over memory (Highway kernels on the CPU) when no gradient is needed.
/// With gradients enabled and x requiring them, a straight-through estimator: 1 inside the clamp range, 0 outside.
/// Throws Exception(invalidArgument) when the encoding does not fit the shape.
at::Tensor fakeQuantize(const at::Tensor& x, const Encoding& encoding);

/// The same in place; x is a float CPU tensor without gradient, or on another device.
void fakeQuantizeInPlace(at::Tensor& x, const Encoding& encoding);

/// Integer codes (int32) of x, and back. fakeQuantize(x) == decode(encode(x)) bit for bit.
at::Tensor encode(const at::Tensor& x, const Encoding& encoding);
at::Tensor decode(const at::Tensor& codes, const Encoding& encoding);

}  // namespace vitrine::quant
