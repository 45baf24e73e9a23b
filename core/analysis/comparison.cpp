// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/error.h"

namespace vitrine::analysis {
namespace {

/// <a,b> of each row, in double.
at::Tensor rowProducts(const at::Tensor& a, const at::Tensor& b) {
    return at::sum(a * b, {1}, false, at::kDouble).cpu();
}

double cosineOf(double product, double reference, double approximation) {
    if (reference == 0 && approximation == 0) return 1;
    const double cosine = product / std::sqrt(reference * approximation);
    return std::isfinite(cosine) ? std::clamp(cosine, -1.0, 1.0) : 0;
}

}  // namespace

void Comparison::add(const at::Tensor& reference, const at::Tensor& approximation) {
    if (reference.sizes() != approximation.sizes())
        fail(ErrorCode::internal, "tensors of different shape cannot be compared");
    if (reference.numel() == 0) return;
    addRows(reference.flatten(1), approximation.flatten(1));
}

void Comparison::addWhole(const at::Tensor& reference, const at::Tensor& approximation) {
    add(reference.unsqueeze(0), approximation.unsqueeze(0));
}

void Comparison::addRows(const at::Tensor& reference, const at::Tensor& approximation) {
    const at::Tensor difference = reference - approximation;
    const at::Tensor noise = rowProducts(difference, difference);
    const at::Tensor signal = rowProducts(reference, reference);
    const at::Tensor power = rowProducts(approximation, approximation);
    const at::Tensor product = rowProducts(reference, approximation);
    signal_ += signal.sum().item<double>();
    noise_ += noise.sum().item<double>();
    for (std::int64_t row = 0; row < reference.size(0); ++row)
        cosines_ += cosineOf(product[row].item<double>(), signal[row].item<double>(), power[row].item<double>());
    images_ += reference.size(0);
    elements_ += reference.numel();
}

double Comparison::sqnrDb() const {
    if (!std::isfinite(noise_) || !std::isfinite(signal_)) return -kInfiniteDb;
    if (noise_ == 0) return kInfiniteDb;
    if (signal_ == 0) return -kInfiniteDb;
    return std::clamp(10 * std::log10(signal_ / noise_), -kInfiniteDb, kInfiniteDb);
}

double Comparison::cosine() const { return images_ == 0 ? 1 : cosines_ / static_cast<double>(images_); }

double Comparison::mse() const {
    if (elements_ == 0) return 0;
    const double mse = noise_ / static_cast<double>(elements_);
    return std::isfinite(mse) ? mse : static_cast<double>(std::numeric_limits<float>::max());
}

}  // namespace vitrine::analysis
