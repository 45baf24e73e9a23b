// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/stacks.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "engine/matrix_kernel.h"

namespace vitrine::engine {
namespace {

/// Multiply-accumulates that are worth a thread of their own.
constexpr std::int64_t kGrain = 1 << 18;

MatrixLayout layoutOf(const at::Tensor& stack) {
    return {stack.size(-2), stack.size(-1), stack.stride(-2), stack.size(-1) == 1 ? 1 : stack.stride(-1)};
}

at::Tensor withDenseRowsOrColumns(const at::Tensor& stack) {
    const MatrixLayout layout = layoutOf(stack);
    return layout.columnStride == 1 || layout.rowStride == 1 ? stack : stack.contiguous();
}

/// Where matrix number `index` of a stack begins.
std::int64_t offsetOf(const at::Tensor& stack, std::int64_t index) {
    std::int64_t offset = 0;
    for (std::int64_t i = stack.dim() - 3; i >= 0; --i) {
        offset += index % stack.size(i) * stack.stride(i);
        index /= stack.size(i);
    }
    return offset;
}

}  // namespace

void multiplyStacks(const at::Tensor& a, const at::Tensor& b, double scale, const at::Tensor& out) {
    const at::Tensor left = withDenseRowsOrColumns(a);
    const at::Tensor right = withDenseRowsOrColumns(b);
    const MatrixLayout layoutOfA = layoutOf(left);
    const MatrixLayout layoutOfB = layoutOf(right);
    const std::int64_t matrices = left.numel() / (layoutOfA.rows * layoutOfA.columns);
    const std::int64_t work = layoutOfA.rows * layoutOfB.rows * layoutOfB.columns;
    at::parallel_for(0, matrices, std::max<std::int64_t>(1, kGrain / work), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            multiplyMatrices({.a = left.data_ptr<float>() + offsetOf(left, i),
                              .b = right.data_ptr<float>() + offsetOf(right, i),
                              .out = out.data_ptr<float>() + offsetOf(out, i),
                              .layoutOfA = layoutOfA,
                              .layoutOfB = layoutOfB,
                              .rowStrideOfOut = out.stride(-2),
                              .scale = static_cast<float>(scale)});
    });
}

}  // namespace vitrine::engine
