// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/kernel_density.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <cmath>
#include <numbers>

#include "engine/kernels.h"

namespace vitrine::methods {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

// Rows of the upper triangle, one point at a time: float by vector kernels, double by plain loops.

double rowSum(const float* row, std::int64_t count, double point, double bandwidth) {
    return engine::gaussianSum(row, count, static_cast<float>(point), static_cast<float>(1 / bandwidth));
}

double rowSum(const double* row, std::int64_t count, double point, double bandwidth) {
    double sum = 0;
    for (std::int64_t i = 0; i < count; ++i) {
        const double z = (point - row[i]) / bandwidth;
        sum += std::exp(-0.5 * z * z);
    }
    return sum;
}

void addSlopes(const float* row, float* out, std::int64_t count, double point, double bandwidth, double weight) {
    engine::addGaussianSlopes(row, out, count, static_cast<float>(point), static_cast<float>(1 / bandwidth), static_cast<float>(weight));
}

void addSlopes(const double* row, double* out, std::int64_t count, double point, double bandwidth, double weight) {
    for (std::int64_t i = 0; i < count; ++i) {
        const double z = (point - row[i]) / bandwidth;
        out[i] += weight * z * std::exp(-0.5 * z * z);
    }
}

/// Calls body(matrix, offset of the row's diagonal entry, entries from there on).
template <typename Body>
void overRows(const at::Tensor& matrices, const Body& body) {
    const std::int64_t n = matrices.size(1);
    at::parallel_for(0, matrices.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t g = begin; g < end; ++g)
            for (std::int64_t i = 0; i < n; ++i) body(g, (g * n + i) * n + i, n - i);
    });
}

double heightOf(double bandwidth, std::int64_t n) {
    return 1 / (bandwidth * std::sqrt(2 * std::numbers::pi) * static_cast<double>(n * n));
}

struct Density : torch::autograd::Function<Density> {
    static at::Tensor forward(AutogradContext* context, const at::Tensor& matrices, const at::Tensor& points, double bandwidth) {
        context->save_for_backward({matrices, points});
        context->saved_data["bandwidth"] = bandwidth;
        const double height = heightOf(bandwidth, matrices.size(1));
        const std::int64_t count = points.size(1);
        at::Tensor sums = at::zeros(points.sizes(), points.options().dtype(at::kDouble));
        auto* sum = sums.data_ptr<double>();
        AT_DISPATCH_FLOATING_TYPES(matrices.scalar_type(), "symmetricDensity", [&] {
            const auto* in = matrices.data_ptr<scalar_t>();
            const auto* at = points.data_ptr<scalar_t>();
            // An entry beside the diagonal stands for two.
            overRows(matrices, [&](std::int64_t g, std::int64_t first, std::int64_t entries) {
                for (std::int64_t k = g * count; k < (g + 1) * count; ++k)
                    sum[k] += rowSum(in + first, 1, at[k], bandwidth) + 2 * rowSum(in + first + 1, entries - 1, at[k], bandwidth);
            });
        });
        return (sums * height).to(matrices.scalar_type());
    }

    static variable_list backward(AutogradContext* context, variable_list gradients) {
        const variable_list saved = context->get_saved_variables();
        const double bandwidth = context->saved_data["bandwidth"].toDouble();
        const at::Tensor& matrices = saved[0];
        const std::int64_t count = saved[1].size(1);
        const double height = heightOf(bandwidth, matrices.size(1)) / bandwidth;
        const at::Tensor gradient = gradients[0].contiguous();
        at::Tensor result = at::zeros(matrices.sizes(), matrices.options());
        AT_DISPATCH_FLOATING_TYPES(matrices.scalar_type(), "symmetricDensity", [&] {
            const auto* in = matrices.data_ptr<scalar_t>();
            const auto* at = saved[1].data_ptr<scalar_t>();
            const auto* from = gradient.data_ptr<scalar_t>();
            auto* out = result.data_ptr<scalar_t>();
            overRows(matrices, [&](std::int64_t g, std::int64_t first, std::int64_t entries) {
                for (std::int64_t k = g * count; k < (g + 1) * count; ++k)
                    addSlopes(in + first, out + first, entries, at[k], bandwidth, 2 * height * static_cast<double>(from[k]));
                out[first] /= 2;  // the diagonal entry stands for one
            });
        });
        return {result, at::Tensor(), at::Tensor()};
    }
};

}  // namespace

at::Tensor symmetricDensity(const at::Tensor& matrices, const at::Tensor& points, double bandwidth) {
    return Density::apply(matrices.contiguous(), points.contiguous(), bandwidth);
}

}  // namespace vitrine::methods
