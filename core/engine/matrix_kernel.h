// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace vitrine::engine {

/// A matrix in memory: element (i, j) lies at i * rowStride + j * columnStride.
struct MatrixLayout {
    std::int64_t rows = 0;
    std::int64_t columns = 0;
    std::int64_t rowStride = 0;
    std::int64_t columnStride = 1;
};

/// A product out = scale * a b. Rows or columns of `a` and of `b` are dense; rows of `out` are.
struct MatrixProduct {
    const float* a = nullptr;
    const float* b = nullptr;
    float* out = nullptr;
    MatrixLayout layoutOfA;
    MatrixLayout layoutOfB;
    std::int64_t rowStrideOfOut = 0;
    float scale = 1.0f;
};

/// Each element is one chain of additions over the inner dimension in its order, then multiplied by `scale`: its bits
/// depend on nothing but its row of `a` and its column of `b` (and on whether the processor has fused multiply-adds).
void multiplyMatrices(const MatrixProduct& product);

}  // namespace vitrine::engine
