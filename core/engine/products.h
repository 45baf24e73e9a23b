// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

namespace vitrine::engine {

/// A float weight [outputs, inputs] on the CPU in the blocked layout that oneDNN multiplies fastest. Immutable.
class PackedWeight {
  public:
    /// Copies `weight`, whose dimensions after the first are taken together.
    explicit PackedWeight(const at::Tensor& weight);
    ~PackedWeight();

    /// The weight as it was, in a new tensor of its original shape.
    at::Tensor unpack() const;

    struct Data;
    const Data& data() const { return *data_; }

  private:
    std::unique_ptr<Data> data_;
};

/// x [..., inputs] times the weight transposed, plus `bias` [outputs] when defined. Any strides; float, CPU.
at::Tensor multiplyPacked(const at::Tensor& x, const PackedWeight& weight, const at::Tensor& bias);

/// Whether a row of multiplyPacked() is the same bit for bit however many others there are: with the kernels for AVX-512 it is.
bool productsKeepRows();

}  // namespace vitrine::engine
