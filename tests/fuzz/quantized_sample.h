// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "quant/quantized_model.h"

namespace vitrine::test {

/// A small ViT with an encoding at every site, always the same.
quant::QuantizedModel quantizedSample();

}  // namespace vitrine::test
