// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/quantizers.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <tuple>
#include <vector>

#include "base/error.h"
#include "base/host_tensor.h"
#include "quant/element_kernels.h"

namespace vitrine::quant {
namespace {

void requireFit(const at::Tensor& x, const Encoding& encoding) {
    if (encoding.granularity == Granularity::tensor) {
        if (encoding.scale.size() == 1) return;
        fail(ErrorCode::invalidArgument, "a quantizer per tensor has several scales");
    }
    if (encoding.axis >= x.dim() || x.size(encoding.axis) != static_cast<std::int64_t>(encoding.scale.size()))
        fail(ErrorCode::invalidArgument, "the quantizer has " + std::to_string(encoding.scale.size()) +
                                             " scales along dimension " + std::to_string(encoding.axis) +
                                             " of a tensor of shape " + shapeText({x.sizes().begin(), x.sizes().end()}));
}

bool usesKernels(const at::Tensor& x) { return x.device().is_cpu() && x.scalar_type() == at::kFloat; }

bool needsGradient(const at::Tensor& x) { return at::GradMode::is_enabled() && x.requires_grad(); }

/// A dense tensor as [outer, channels, inner], where the middle one has the scales.
struct Layout {
    std::int64_t outer = 1, channels = 1, inner = 1;
};

Layout layoutOf(const at::Tensor& x, const Encoding& encoding) {
    if (encoding.granularity == Granularity::tensor) return {.inner = x.numel()};
    const auto sizes = x.sizes();
    const auto product = [&](std::int64_t from, std::int64_t to) {
        return std::accumulate(sizes.begin() + from, sizes.begin() + to, std::int64_t{1}, std::multiplies<>());
    };
    return {product(0, encoding.axis), sizes[static_cast<std::size_t>(encoding.axis)],
            product(encoding.axis + 1, static_cast<std::int64_t>(sizes.size()))};
}

/// About 64 KiB of floats for one task.
constexpr std::int64_t kGrain = 1 << 14;

/// Calls run(firstElement, count, channel) for every run of elements that share a scale, on several threads.
template <typename Run>
void forEachRun(const Layout& layout, const Run& run) {
    const std::int64_t runs = layout.outer * layout.channels;
    if (runs == 1) {
        at::parallel_for(0, layout.inner, kGrain, [&](std::int64_t begin, std::int64_t end) { run(begin, end - begin, 0); });
        return;
    }
    const std::int64_t grain = std::max<std::int64_t>(1, kGrain / std::max<std::int64_t>(1, layout.inner));
    at::parallel_for(0, runs, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) run(i * layout.inner, layout.inner, i % layout.channels);
    });
}

void fakeQuantizeDense(const float* in, float* out, const Layout& layout, const kernels::Table& table) {
    if (layout.inner == 1 && layout.channels > 1) {
        const std::int64_t grain = std::max<std::int64_t>(1, kGrain / layout.channels);
        at::parallel_for(0, layout.outer, grain, [&](std::int64_t begin, std::int64_t end) {
            kernels::fakeQuantizeColumns(in + begin * layout.channels, out + begin * layout.channels, end - begin,
                                         layout.channels, table);
        });
        return;
    }
    forEachRun(layout, [&](std::int64_t first, std::int64_t count, std::int64_t channel) {
        kernels::fakeQuantizeRun(in + first, out + first, count, table, channel);
    });
}

/// A view such as q of qkv, whose rows are dense.
bool hasDenseRows(const at::Tensor& x) { return x.dim() > 1 && x.stride(-1) == 1 && x.size(-1) >= 16; }

/// Where matrix number `index` of a stack begins.
std::int64_t offsetOf(const at::Tensor& stack, std::int64_t index) {
    std::int64_t offset = 0;
    for (std::int64_t axis = stack.dim() - 3; axis >= 0; --axis) {
        offset += index % stack.size(axis) * stack.stride(axis);
        index /= stack.size(axis);
    }
    return offset;
}

/// `x` is read and `out` written row by row where they lie; they may be the same tensor.
void fakeQuantizeRows(const at::Tensor& x, const at::Tensor& out, const kernels::Table& table) {
    const std::int64_t columns = x.size(-1);
    const std::int64_t rows = x.size(-2);
    const std::int64_t step = x.stride(-2);
    const std::int64_t stepOut = out.stride(-2);
    const std::int64_t matrices = x.numel() / (rows * columns);
    const float* in = x.data_ptr<float>();
    float* to = out.data_ptr<float>();
    const std::int64_t grain = std::max<std::int64_t>(1, kGrain / (rows * columns));
    at::parallel_for(0, matrices, grain, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i) {
            const float* source = in + offsetOf(x, i);
            float* target = to + offsetOf(out, i);
            for (std::int64_t row = 0; row < rows; ++row)
                kernels::fakeQuantizeRun(source + row * step, target + row * stepOut, columns, table, 0);
        }
    });
}

/// Scales or zero points shaped to broadcast along the encoding's axis.
at::Tensor broadcastable(const std::vector<float>& values, const at::Tensor& x, const Encoding& encoding) {
    const at::Tensor tensor = at::tensor(values).to(x.options().requires_grad(false));
    if (encoding.granularity == Granularity::tensor) return tensor.reshape({});
    std::vector<std::int64_t> shape(static_cast<std::size_t>(x.dim()), 1);
    shape[static_cast<std::size_t>(encoding.axis)] = tensor.numel();
    return tensor.view(shape);
}

/// x^ and where the code was not clamped, in torch's operations: for gradients, other devices and double precision.
struct Quantized {
    at::Tensor value;
    at::Tensor inside;
};

Quantized uniformWithTorch(const at::Tensor& x, const Encoding& encoding) {
    const at::Tensor scale = broadcastable(encoding.scale, x, encoding);
    const at::Tensor zero = broadcastable(encoding.zeroPoint, x, encoding);
    const at::Tensor quotient = x / scale;
    const at::Tensor code = encoding.rounding == Rounding::roundThenShift ? quotient.round() + zero : (quotient + zero).round();
    const at::Tensor inside = code.ge(encoding.qmin).logical_and(code.le(encoding.qmax));
    return {(code.clamp(encoding.qmin, encoding.qmax) - zero) * scale, inside};
}

/// -log2 r or -2 log2 r, rounded: from exponent and significand, as the kernels do it, so that both agree to the bit.
at::Tensor logCodeWithTorch(const at::Tensor& ratio, bool halves) {
    const auto parts = at::frexp(ratio);
    const at::Tensor& significand = std::get<0>(parts);  // in [1/2, 1)
    const auto above = [&](double border) { return significand.gt(border).to(ratio.scalar_type()); };
    const at::Tensor whole = std::get<1>(parts).to(ratio.scalar_type()) - 1;
    const at::Tensor code = halves ? whole * 2 + above(std::exp2(-0.75)) + above(std::exp2(-0.25)) : whole + above(std::exp2(-0.5));
    return at::where(ratio.gt(0), -code, at::full_like(ratio, std::numeric_limits<double>::infinity()));
}

Quantized logWithTorch(const at::Tensor& x, const Encoding& encoding) {
    const at::Tensor scale = broadcastable(encoding.scale, x, encoding);
    const bool halves = encoding.kind == QuantizerKind::logSqrt2;
    const at::Tensor code = logCodeWithTorch(x / scale, halves);
    const at::Tensor clamped = code.clamp(0, encoding.qmax);
    at::Tensor value = at::exp2(-(halves ? (clamped / 2).ceil() : clamped));
    if (halves) value = at::where(clamped.remainder(2).eq(1), value * std::numbers::sqrt2, value);
    value = at::where(code.gt(encoding.qmax), at::zeros_like(value), value * scale);
    return {at::where(x.isnan(), x, value), code.ge(0).logical_and(code.le(encoding.qmax))};
}

Quantized withTorch(const at::Tensor& x, const Encoding& encoding) {
    return encoding.kind == QuantizerKind::uniform ? uniformWithTorch(x, encoding) : logWithTorch(x, encoding);
}

/// x^ in value and, where the code is not clamped, x in gradient: what is added is exactly 0.
at::Tensor straightThrough(const at::Tensor& x, const Encoding& encoding) {
    const at::Tensor detached = x.detach();
    const Quantized quantized = withTorch(detached, encoding);
    const at::Tensor passed = at::where(quantized.inside, x, at::zeros_like(detached));
    const at::Tensor value = usesKernels(detached) ? fakeQuantize(detached, encoding) : quantized.value;
    return value + (passed - passed.detach());
}

}  // namespace

at::Tensor fakeQuantize(const at::Tensor& x, const Encoding& encoding) {
    requireFit(x, encoding);
    if (needsGradient(x)) return straightThrough(x, encoding);
    if (!usesKernels(x)) return withTorch(x, encoding).value;
    at::Tensor out = at::empty(x.sizes(), x.options());
    const kernels::Table table(encoding);
    if (!x.is_contiguous() && hasDenseRows(x) && encoding.granularity == Granularity::tensor) {
        fakeQuantizeRows(x, out, table);
    } else {
        const at::Tensor dense = x.contiguous();
        fakeQuantizeDense(dense.data_ptr<float>(), out.data_ptr<float>(), layoutOf(x, encoding), table);
    }
    return out;
}

void fakeQuantizeInPlace(at::Tensor& x, const Encoding& encoding) {
    requireFit(x, encoding);
    if (usesKernels(x) && x.is_contiguous()) {
        float* data = x.data_ptr<float>();
        fakeQuantizeDense(data, data, layoutOf(x, encoding), kernels::Table(encoding));
        return;
    }
    if (usesKernels(x) && hasDenseRows(x) && encoding.granularity == Granularity::tensor) {
        fakeQuantizeRows(x, x, kernels::Table(encoding));
        return;
    }
    x.copy_(fakeQuantize(x, encoding));
}

at::Tensor encode(const at::Tensor& x, const Encoding& encoding) {
    requireFit(x, encoding);
    const at::Tensor dense = x.detach().to(at::kCPU, at::kFloat).contiguous();
    at::Tensor codes = at::empty(x.sizes(), at::TensorOptions(at::kInt));
    const kernels::Table table(encoding);
    forEachRun(layoutOf(x, encoding), [&](std::int64_t first, std::int64_t count, std::int64_t channel) {
        kernels::encodeRun(dense.data_ptr<float>() + first, codes.data_ptr<std::int32_t>() + first, count, table, channel);
    });
    return codes.to(x.device());
}

at::Tensor decode(const at::Tensor& codes, const Encoding& encoding) {
    requireFit(codes, encoding);
    const at::Tensor dense = codes.to(at::kCPU, at::kInt).contiguous();
    at::Tensor x = at::empty(codes.sizes(), at::TensorOptions(at::kFloat));
    const kernels::Table table(encoding);
    forEachRun(layoutOf(codes, encoding), [&](std::int64_t first, std::int64_t count, std::int64_t channel) {
        kernels::decodeRun(dense.data_ptr<std::int32_t>() + first, x.data_ptr<float>() + first, count, table, channel);
    });
    return x.to(codes.device());
}

}  // namespace vitrine::quant
