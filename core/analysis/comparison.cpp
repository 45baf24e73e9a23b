// SPDX-License-Identifier: GPL-3.0-or-later
#include "analysis/comparison.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "analysis/value_kernels.h"
#include "base/error.h"

namespace vitrine::analysis {
namespace {

/// About 64 KiB of floats for one task.
constexpr std::int64_t kGrain = 1 << 14;

at::Tensor onHost(const at::Tensor& values) { return values.detach().to(at::kCPU, at::kFloat).contiguous(); }

double cosineOf(double product, double reference, double approximation) {
    if (reference == 0 && approximation == 0) return 1;
    const double cosine = product / (std::sqrt(reference) * std::sqrt(approximation));  // their product may overflow
    return std::isfinite(cosine) ? std::clamp(cosine, -1.0, 1.0) : 0;
}

}  // namespace

void Comparison::add(const at::Tensor& reference, const at::Tensor& approximation) {
    addRows(reference, approximation, reference.size(0));
}

void Comparison::addWhole(const at::Tensor& reference, const at::Tensor& approximation) {
    addRows(reference, approximation, 1);
}

void Comparison::addRows(const at::Tensor& reference, const at::Tensor& approximation, std::int64_t rows) {
    if (reference.sizes() != approximation.sizes())
        fail(ErrorCode::internal, "tensors of different shape cannot be compared");
    if (reference.numel() == 0) return;
    const at::Tensor y = onHost(reference), z = onHost(approximation);
    const std::int64_t columns = y.numel() / rows;
    std::vector<kernels::Products> sums(static_cast<std::size_t>(rows));
    at::parallel_for(0, rows, std::max<std::int64_t>(1, kGrain / columns), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row)
            sums[static_cast<std::size_t>(row)] =
                kernels::products(y.data_ptr<float>() + row * columns, z.data_ptr<float>() + row * columns, columns);
    });
    for (const kernels::Products& sum : sums) {
        signal_ += sum.signal;
        noise_ += sum.noise;
        cosines_ += cosineOf(sum.cross, sum.signal, sum.power);
    }
    images_ += rows;
    elements_ += y.numel();
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
    constexpr double kWorst = std::numeric_limits<float>::max();
    const double mse = noise_ / static_cast<double>(elements_);
    return std::isfinite(mse) ? std::min(mse, kWorst) : kWorst;
}

}  // namespace vitrine::analysis
