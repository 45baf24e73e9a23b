// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine {

/// Element types that files and graphs know. Names follow safetensors ("F32", "BF16", ...).
enum class DType { f64, f32, f16, bf16, f8e4m3, f8e5m2, i64, i32, i16, i8, u64, u32, u16, u8, boolean };

std::string_view dtypeName(DType dtype);  ///< the safetensors name
std::size_t dtypeSize(DType dtype);       ///< bytes per element

using Shape = std::vector<std::int64_t>;

/// "[4, 3, 224, 224]"
std::string shapeText(const Shape& shape);

/// Product of the dimensions; throws Exception(badFormat) on a negative one and Exception(tooLarge) on overflow of 2^63.
std::int64_t elementCount(const Shape& shape);

/// A dense row-major little-endian tensor in main memory, without Torch. Immutable and cheap to copy: copies share
/// the bytes, which may lie in a memory-mapped file. Safe to read from several threads.
struct HostTensor {
    DType dtype = DType::f32;
    Shape shape;
    std::shared_ptr<const std::byte> bytes;  ///< may be null when there are no elements
    std::size_t byteCount = 0;

    std::int64_t count() const { return elementCount(shape); }
    std::span<const std::byte> view() const { return {bytes.get(), byteCount}; }

    /// The elements as T; throws Exception(internal) when sizeof(T) does not divide the element size of dtype.
    template <typename T>
    std::span<const T> as() const {
        requireSize(sizeof(T));
        return {reinterpret_cast<const T*>(bytes.get()), byteCount / sizeof(T)};
    }

    /// A copy of `values` with the given shape. T is float, double, std::int64_t, std::int32_t or std::uint8_t.
    template <typename T>
    static HostTensor of(std::vector<T> values, Shape shape);

    /// The elements converted to float; every dtype but f8 is understood (f8: Exception(unsupported)).
    std::vector<float> toFloats() const;

  private:
    void requireSize(std::size_t size) const;
};

/// Tensors by name, in name order.
using TensorMap = std::map<std::string, HostTensor>;

}  // namespace vitrine
