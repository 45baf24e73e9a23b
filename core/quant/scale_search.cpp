// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/scale_search.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "quant/channel_rows.h"
#include "quant/element_kernels.h"
#include "quant/quantiles.h"

namespace vitrine::quant {
namespace {

std::span<float> rowOf(const at::Tensor& rows, std::int64_t index) {
    return {rows.data_ptr<float>() + index * rows.size(1), static_cast<std::size_t>(rows.size(1))};
}

/// Sum of |x - x^|^power of a row by scale `channel` of `encoding`.
double errorOf(std::span<const float> row, const Encoding& encoding, std::int64_t channel, double power) {
    const kernels::Table table(encoding);
    const auto count = static_cast<std::int64_t>(row.size());
    if (power == 2.0) return kernels::squaredErrorRun(row.data(), count, table, channel);
    std::vector<float> quantized(row.size());
    kernels::fakeQuantizeRun(row.data(), quantized.data(), count, table, channel);
    double total = 0;
    for (std::size_t i = 0; i < row.size(); ++i)
        total += std::pow(std::abs(static_cast<double>(row[i]) - static_cast<double>(quantized[i])), power);
    return total;
}

/// Errors of every candidate for every row: [row][candidate].
template <typename MakeRange>
std::vector<std::vector<double>> errorsOf(const at::Tensor& rows, const QuantizerSpec& spec, std::size_t candidates,
                                          ZeroPoint zeroPoint, double power, const MakeRange& range) {
    std::vector<std::vector<double>> errors(static_cast<std::size_t>(rows.size(0)), std::vector<double>(candidates));
    at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            for (std::size_t k = 0; k < candidates; ++k)
                errors[static_cast<std::size_t>(i)][k] = errorOf(rowOf(rows, i), encodeRanges(spec, 0, range(i, k), zeroPoint), 0, power);
    });
    return errors;
}

std::size_t firstMinimum(const std::vector<double>& errors) {
    return static_cast<std::size_t>(std::min_element(errors.begin(), errors.end()) - errors.begin());
}

/// Ranges of the chosen candidates, one for each row.
template <typename MakeRange>
Ranges chosenRanges(const std::vector<std::size_t>& choices, const MakeRange& range) {
    Ranges result;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        const Ranges one = range(static_cast<std::int64_t>(i), choices[i]);
        result.low.push_back(one.low[0]);
        result.high.push_back(one.high[0]);
    }
    return result;
}

double squaredErrorAt(std::span<const float> values, double scale, std::int64_t qmin, std::int64_t qmax) {
    double total = 0;
    for (const float value : values) {
        const double code = std::clamp(std::nearbyint(value / scale), static_cast<double>(qmin), static_cast<double>(qmax));
        total += (value - code * scale) * (value - code * scale);
    }
    return total / static_cast<double>(values.size());
}

/// Where, as s falls, the code of a value with magnitude |x| steps from k to k + 1.
struct Breakpoint {
    double scale;
    double magnitude;
    std::int64_t code;  ///< k
};

std::vector<Breakpoint> breakpointsOf(std::span<const float> values, std::int64_t qmin, std::int64_t qmax) {
    std::vector<Breakpoint> points;
    for (const float value : values) {
        const double magnitude = std::abs(static_cast<double>(value));
        const std::int64_t largest = value < 0 ? -qmin : qmax;
        if (magnitude == 0) continue;
        for (std::int64_t k = 0; k < largest; ++k)
            points.push_back({magnitude / (static_cast<double>(k) + 0.5), magnitude, k});
    }
    std::sort(points.begin(), points.end(), [](const Breakpoint& a, const Breakpoint& b) { return a.scale > b.scale; });
    return points;
}

}  // namespace

at::Tensor channelRows(const at::Tensor& x, const QuantizerSpec& spec, std::int64_t axis) {
    const at::Tensor dense = x.detach().to(at::kCPU, at::kFloat);
    if (spec.granularity == Granularity::tensor) return dense.contiguous().view({1, -1});
    return dense.movedim(axis, 0).reshape({dense.size(axis), -1}).contiguous();
}

Encoding searchPercentiles(const at::Tensor& x, const QuantizerSpec& spec, std::int64_t axis, std::span<const double> percentiles) {
    const at::Tensor rows = channelRows(x, spec, axis);
    std::vector<double> probabilities;
    for (const double p : percentiles) probabilities.insert(probabilities.end(), {1.0 - p, p});
    std::vector<std::vector<float>> bounds(static_cast<std::size_t>(rows.size(0)));
    at::parallel_for(0, rows.size(0), 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const auto row = rowOf(rows, i);
            std::vector<float> copy(row.begin(), row.end());  // selection reorders
            bounds[static_cast<std::size_t>(i)] = quantiles(copy, probabilities);
        }
    });
    const auto range = [&](std::int64_t row, std::size_t k) {
        const auto& pair = bounds[static_cast<std::size_t>(row)];
        return Ranges{{pair[2 * k]}, {pair[2 * k + 1]}};
    };
    QuantizerSpec single = spec;
    single.granularity = Granularity::tensor;
    std::vector<std::size_t> choices;
    for (const auto& errors : errorsOf(rows, single, percentiles.size(), ZeroPoint::free, 2.0, range))
        choices.push_back(firstMinimum(errors));
    return encodeRanges(spec, axis, chosenRanges(choices, range));
}

Encoding searchShrunkRanges(const at::Tensor& x, const QuantizerSpec& spec, std::int64_t axis, const ShrinkOptions& options) {
    const at::Tensor rows = channelRows(x, spec, axis);
    std::vector<std::pair<float, float>> full;
    for (std::int64_t i = 0; i < rows.size(0); ++i) {
        const auto row = rowOf(rows, i);
        const auto [low, high] = std::minmax_element(row.begin(), row.end());
        full.emplace_back(*low, *high);
    }
    const auto range = [&](std::int64_t row, std::size_t k) {
        const double factor = 1.0 - options.step * static_cast<double>(k);
        const auto& [low, high] = full[static_cast<std::size_t>(row)];
        return Ranges{{static_cast<float>(low * factor)}, {static_cast<float>(high * factor)}};
    };
    QuantizerSpec single = spec;
    single.granularity = Granularity::tensor;
    const auto candidates = static_cast<std::size_t>(options.candidates);
    const auto errors = errorsOf(rows, single, candidates, options.zeroPoint, options.power, range);
    std::vector<std::size_t> choices;
    for (const auto& row : errors) choices.push_back(firstMinimum(row));
    if (options.common) {
        std::vector<double> total(candidates);
        for (const auto& row : errors) std::transform(total.begin(), total.end(), row.begin(), total.begin(), std::plus<>());
        std::fill(choices.begin(), choices.end(), firstMinimum(total));
    }
    return encodeRanges(spec, axis, chosenRanges(choices, range), options.zeroPoint);
}

ScaleChoice gridSymmetricScale(std::span<const float> values, std::int64_t qmin, std::int64_t qmax, int steps) {
    double largest = 0;
    for (const float value : values) largest = std::max(largest, std::abs(static_cast<double>(value)));
    if (largest == 0) return {.scale = 1};
    ScaleChoice best{.error = std::numeric_limits<double>::infinity()};
    for (int i = 1; i <= steps; ++i) {
        const double scale = largest / static_cast<double>(qmax) * i / steps;
        const double error = squaredErrorAt(values, scale, qmin, qmax);
        if (error < best.error) best = {.scale = scale, .error = error, .candidate = i};
    }
    return best;
}

ScaleChoice exactSymmetricScale(std::span<const float> values, std::int64_t qmin, std::int64_t qmax) {
    const std::vector<Breakpoint> points = breakpointsOf(values, qmin, qmax);
    double squares = 0;
    for (const float value : values) squares += static_cast<double>(value) * static_cast<double>(value);
    if (points.empty()) return {.scale = 1, .error = squares / static_cast<double>(values.size())};

    // Error between breakpoints: squares - 2 s products + s^2 codes, with its vertex at products / codes.
    double products = 0, codes = 0;
    ScaleChoice best{.scale = points.front().scale * 2, .error = squares};
    for (std::size_t i = 0; i < points.size(); ++i) {
        products += points[i].magnitude;
        codes += static_cast<double>(2 * points[i].code + 1);
        const double high = points[i].scale;
        const double low = i + 1 < points.size() ? points[i + 1].scale : 0;
        const double scale = std::clamp(products / codes, low, high);
        const double error = squares - scale * (2 * products - scale * codes);
        if (scale > 0 && error < best.error) best = {.scale = scale, .error = error};
    }
    best.error = squaredErrorAt(values, best.scale, qmin, qmax);  // without the cancellation of the running sums
    return best;
}

double meanSquaredError(const at::Tensor& x, const Encoding& encoding) {
    QuantizerSpec spec;
    spec.granularity = encoding.granularity;
    const at::Tensor rows = channelRows(x, spec, encoding.axis);
    double total = 0;
    for (std::int64_t i = 0; i < rows.size(0); ++i) total += errorOf(rowOf(rows, i), encoding, i, 2.0);
    return total / static_cast<double>(std::max<std::int64_t>(1, rows.numel()));
}

}  // namespace vitrine::quant
