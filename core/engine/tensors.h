// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "base/host_tensor.h"

namespace vitrine::engine {

/// A CPU tensor over the same bytes, without a copy; it keeps them alive and must not be written to.
at::Tensor toTorch(const HostTensor& tensor);

/// A host tensor over a contiguous CPU copy of `tensor` (no copy when it already is one: do not write to it afterwards).
HostTensor toHost(const at::Tensor& tensor);

}  // namespace vitrine::engine
