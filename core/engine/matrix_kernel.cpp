// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/matrix_kernel.h"

#include <algorithm>
#include <cstddef>

#include <hwy/aligned_allocator.h>

// Scalable vectors cannot be held in arrays; such processors have fixed ones too.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "engine/matrix_kernel.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace vitrine::engine {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;
using D = hn::ScalableTag<float>;
using V = hn::Vec<D>;

// A tile of the result is held in registers: kTileRows rows of up to kTileVectors vectors. AVX-512 and Arm have 32
// registers, others 16.
constexpr std::size_t kTileRows = 6;
#if HWY_TARGET <= HWY_AVX3 || HWY_ARCH_ARM
constexpr std::size_t kTileVectors = 4;
#else
constexpr std::size_t kTileVectors = 2;
#endif

/// One tile's way through the inner dimension.
struct Tile {
    const float* a[kTileRows];
    float* out[kTileRows];
    std::size_t rows;     ///< that exist; the pointers of others repeat the last row
    std::size_t columns;  ///< that exist
    std::size_t inner;
    std::size_t stride;   ///< of a, along the inner dimension
    const float* panel;  ///< columns of b, [inner][panelWidth]
    std::size_t panelWidth;
    float scale;
};

template <std::size_t kVectors>
HWY_INLINE void multiplyTile(D d, const Tile& tile) {
    const std::size_t lanes = hn::Lanes(d);
    V sums[kTileRows][kVectors];
    for (std::size_t i = 0; i < kTileRows; ++i)
        for (std::size_t j = 0; j < kVectors; ++j) sums[i][j] = hn::Zero(d);
    const float* right = tile.panel;
    for (std::size_t k = 0; k < tile.inner * tile.stride; k += tile.stride, right += tile.panelWidth) {
        V columns[kVectors];
        for (std::size_t j = 0; j < kVectors; ++j) columns[j] = hn::Load(d, right + j * lanes);
        for (std::size_t i = 0; i < kTileRows; ++i) {
            const V left = hn::Set(d, tile.a[i][k]);
            for (std::size_t j = 0; j < kVectors; ++j) sums[i][j] = hn::MulAdd(left, columns[j], sums[i][j]);
        }
    }
    const V scale = hn::Set(d, tile.scale);
    HWY_ALIGN float row[kTileVectors * hn::MaxLanes(D())];
    for (std::size_t i = 0; i < kTileRows; ++i) {
        if (i >= tile.rows) break;
        float* to = tile.columns == kVectors * lanes ? tile.out[i] : row;
        for (std::size_t j = 0; j < kVectors; ++j) hn::StoreU(hn::Mul(sums[i][j], scale), d, to + j * lanes);
        if (to == row) std::copy(row, row + tile.columns, tile.out[i]);
    }
}

#if HWY_TARGET != HWY_SCALAR
/// Writes the transpose of the 4 x 4 elements at `from` to `to`.
HWY_INLINE void transpose4(const float* from, std::size_t fromStride, float* to, std::size_t toStride) {
    const hn::FixedTag<float, 4> d4;
    const auto row0 = hn::LoadU(d4, from);
    const auto row1 = hn::LoadU(d4, from + fromStride);
    const auto row2 = hn::LoadU(d4, from + 2 * fromStride);
    const auto row3 = hn::LoadU(d4, from + 3 * fromStride);
    const auto low01 = hn::InterleaveLower(d4, row0, row1);
    const auto low23 = hn::InterleaveLower(d4, row2, row3);
    const auto high01 = hn::InterleaveUpper(d4, row0, row1);
    const auto high23 = hn::InterleaveUpper(d4, row2, row3);
    hn::StoreU(hn::ConcatLowerLower(d4, low23, low01), d4, to);
    hn::StoreU(hn::ConcatUpperUpper(d4, low23, low01), d4, to + toStride);
    hn::StoreU(hn::ConcatLowerLower(d4, high23, high01), d4, to + 2 * toStride);
    hn::StoreU(hn::ConcatUpperUpper(d4, high23, high01), d4, to + 3 * toStride);
}
#endif

/// Copies `columns` columns of b to the panel [inner][width], with zeros in the columns beyond.
void pack(const float* b, const MatrixLayout& layout, std::size_t columns, float* panel, std::size_t width) {
    const auto inner = static_cast<std::size_t>(layout.rows);
    const auto rowStride = static_cast<std::size_t>(layout.rowStride);
    const auto columnStride = static_cast<std::size_t>(layout.columnStride);
    if (columns < width) std::fill(panel, panel + inner * width, 0.0f);
    if (columnStride == 1) {
        for (std::size_t k = 0; k < inner; ++k) std::copy_n(b + k * rowStride, columns, panel + k * width);
        return;
    }
    std::size_t blockedColumns = 0;
    std::size_t blockedInner = 0;
#if HWY_TARGET != HWY_SCALAR
    if (rowStride == 1) {
        blockedColumns = columns / 4 * 4;
        blockedInner = inner / 4 * 4;
        for (std::size_t j = 0; j < blockedColumns; j += 4)
            for (std::size_t k = 0; k < blockedInner; k += 4)
                transpose4(b + j * columnStride + k, columnStride, panel + k * width + j, width);
    }
#endif
    for (std::size_t j = 0; j < columns; ++j)
        for (std::size_t k = j < blockedColumns ? blockedInner : 0; k < inner; ++k)
            panel[k * width + j] = b[j * columnStride + k * rowStride];
}

/// The columns from `first` on that fit into one panel.
void multiplyStrip(D d, const MatrixProduct& p, std::size_t first, float* panel) {
    const std::size_t lanes = hn::Lanes(d);
    const auto left = static_cast<std::size_t>(p.layoutOfB.columns) - first;
    const std::size_t vectors = std::min(kTileVectors, (left + lanes - 1) / lanes);
    const std::size_t width = vectors * lanes;
    Tile tile{};
    tile.columns = std::min(left, width);
    tile.inner = static_cast<std::size_t>(p.layoutOfB.rows);
    tile.stride = static_cast<std::size_t>(p.layoutOfA.columnStride);
    tile.panel = panel;
    tile.panelWidth = width;
    tile.scale = p.scale;
    pack(p.b + static_cast<std::int64_t>(first) * p.layoutOfB.columnStride, p.layoutOfB, tile.columns, panel, width);

    for (std::int64_t row = 0; row < p.layoutOfA.rows; row += kTileRows) {
        tile.rows = static_cast<std::size_t>(std::min<std::int64_t>(kTileRows, p.layoutOfA.rows - row));
        for (std::size_t i = 0; i < kTileRows; ++i) {
            const std::int64_t source = row + static_cast<std::int64_t>(std::min(i, tile.rows - 1));
            tile.a[i] = p.a + source * p.layoutOfA.rowStride;
            tile.out[i] = p.out + source * p.rowStrideOfOut + static_cast<std::int64_t>(first);
        }
        switch (vectors) {
            case 1: multiplyTile<1>(d, tile); break;
            case 2: multiplyTile<2>(d, tile); break;
            case 3: multiplyTile<std::min<std::size_t>(3, kTileVectors)>(d, tile); break;
            default: multiplyTile<kTileVectors>(d, tile); break;
        }
    }
}

void multiplyAll(const MatrixProduct& p) {
    const D d;
    const std::size_t step = kTileVectors * hn::Lanes(d);
    const auto panel = hwy::AllocateAligned<float>(static_cast<std::size_t>(p.layoutOfB.rows) * step);
    for (std::size_t first = 0; first < static_cast<std::size_t>(p.layoutOfB.columns); first += step)
        multiplyStrip(d, p, first, panel.get());
}

}  // namespace
}  // namespace HWY_NAMESPACE
}  // namespace vitrine::engine
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace vitrine::engine {
HWY_EXPORT(multiplyAll);

void multiplyMatrices(const MatrixProduct& product) { HWY_DYNAMIC_DISPATCH(multiplyAll)(product); }

}  // namespace vitrine::engine
#endif  // HWY_ONCE
