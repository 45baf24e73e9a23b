// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "quant/encoding.h"

namespace vitrine::methods {

/// A weight that was brought back to its own mean and spread after quantization, still as codes of an encoding.
struct CorrectedWeight {
    quant::Encoding encoding;  ///< per output channel, with a fractional zero point
    at::Tensor weight;         ///< values that `encoding` leaves as they are
};

/// Matches mean and standard deviation of every output channel i of the fake-quantized weight W^ to those of the weight W (Evol-Q code,
/// --bias-corr):
///   W^_i <- (W^_i - mean W^_i) std W_i / (std W^_i + 1e-8) + mean W_i
/// An affine map of the levels is again a uniform quantizer: scale s a and zero point z - c / (s a) for W^ <- a W^ + c. `encoding` is
/// uniform, per tensor or per output channel. Throws Exception(invalidArgument) for other kinds.
CorrectedWeight correctBias(const at::Tensor& weight, const quant::Encoding& encoding);

}  // namespace vitrine::methods
