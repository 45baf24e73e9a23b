// SPDX-License-Identifier: GPL-3.0-or-later
#include "methods/parts/kernel_density.h"

#include <ATen/ATen.h>
#include <ATen/Dispatch.h>
#include <ATen/Parallel.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace vitrine::methods {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

constexpr double kReach = 9;  // in bandwidths

/// Calls body(k, z, share) for every point near `value`: z its distance in bandwidths, share that of an entry in the mean.
template <typename Scalar, typename Body>
void nearPoints(Scalar value, const Scalar* points, std::int64_t count, double bandwidth, const Body& body) {
    const double reach = kReach * bandwidth;
    // Points are evenly spaced: the first one that is near enough is found at once.
    const double step = (static_cast<double>(points[count - 1]) - points[0]) / static_cast<double>(count - 1);
    const double first = step > 0 ? (static_cast<double>(value) - reach - points[0]) / step : 0;
    for (auto k = std::max<std::int64_t>(0, static_cast<std::int64_t>(first)); k < count; ++k) {
        const double distance = static_cast<double>(points[k]) - value;
        if (distance > reach) return;
        if (distance >= -reach) body(k, distance / bandwidth);
    }
}

template <typename Scalar, typename Body>
void overUpperTriangle(const at::Tensor& matrices, const Body& body) {
    const std::int64_t n = matrices.size(1);
    at::parallel_for(0, matrices.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t g = begin; g < end; ++g)
            for (std::int64_t i = 0; i < n; ++i)
                for (std::int64_t j = i; j < n; ++j) body(g, (g * n + i) * n + j, i == j ? 1.0 : 2.0);
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
            overUpperTriangle<scalar_t>(matrices, [&](std::int64_t g, std::int64_t entry, double share) {
                nearPoints(in[entry], at + g * count, count, bandwidth, [&](std::int64_t k, double z) {
                    sum[g * count + k] += share * std::exp(-0.5 * z * z);
                });
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
            overUpperTriangle<scalar_t>(matrices, [&](std::int64_t g, std::int64_t entry, double share) {
                double slope = 0;
                nearPoints(in[entry], at + g * count, count, bandwidth, [&](std::int64_t k, double z) {
                    slope += static_cast<double>(from[g * count + k]) * z * std::exp(-0.5 * z * z);
                });
                out[entry] = static_cast<scalar_t>(share * height * slope);
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
