// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/host_tensor.h"

#include <bit>
#include <cstring>
#include <limits>

#include "base/error.h"

namespace vitrine {
namespace {

static_assert(std::endian::native == std::endian::little, "tensor files are little-endian and are mapped as they are");

struct DTypeInfo {
    std::string_view name;
    std::size_t size;
};

constexpr DTypeInfo kDTypes[] = {{"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"F8_E4M3", 1},
                                 {"F8_E5M2", 1}, {"I64", 8}, {"I32", 4}, {"I16", 2}, {"I8", 1},
                                 {"U64", 8}, {"U32", 4}, {"U16", 2}, {"U8", 1}, {"BOOL", 1}};

float halfToFloat(std::uint16_t half) {
    const std::uint32_t sign = static_cast<std::uint32_t>(half & 0x8000u) << 16;
    std::uint32_t exponent = (half >> 10) & 0x1fu;
    std::uint32_t mantissa = half & 0x3ffu;
    if (exponent == 0x1f) return std::bit_cast<float>(sign | 0x7f800000u | (mantissa << 13));
    if (exponent == 0) {
        if (mantissa == 0) return std::bit_cast<float>(sign);
        exponent = 1;
        while ((mantissa & 0x400u) == 0) {
            mantissa <<= 1;
            --exponent;
        }
        mantissa &= 0x3ffu;
    }
    return std::bit_cast<float>(sign | ((exponent + 112) << 23) | (mantissa << 13));
}

template <typename T, typename Convert>
std::vector<float> convertAll(const HostTensor& tensor, Convert convert) {
    std::vector<float> result(tensor.byteCount / sizeof(T));
    const std::byte* source = tensor.bytes.get();
    for (float& out : result) {
        T element;
        std::memcpy(&element, source, sizeof(T));
        source += sizeof(T);
        out = convert(element);
    }
    return result;
}

template <typename T>
std::vector<float> castAll(const HostTensor& tensor) {
    return convertAll<T>(tensor, [](T value) { return static_cast<float>(value); });
}

template <typename T>
constexpr DType dtypeOf();
template <>
constexpr DType dtypeOf<float>() { return DType::f32; }
template <>
constexpr DType dtypeOf<double>() { return DType::f64; }
template <>
constexpr DType dtypeOf<std::int64_t>() { return DType::i64; }
template <>
constexpr DType dtypeOf<std::int32_t>() { return DType::i32; }
template <>
constexpr DType dtypeOf<std::uint8_t>() { return DType::u8; }

}  // namespace

std::string_view dtypeName(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)].name; }
std::size_t dtypeSize(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)].size; }

std::string shapeText(const Shape& shape) {
    std::string text = "[";
    for (std::size_t i = 0; i < shape.size(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
    return text + "]";
}

std::int64_t elementCount(const Shape& shape) {
    std::int64_t count = 1;
    bool empty = false;
    for (const std::int64_t size : shape) {
        if (size < 0) fail(ErrorCode::badFormat, "negative dimension in shape " + shapeText(shape));
        if (size == 0) empty = true;
    }
    if (empty) return 0;
    for (const std::int64_t size : shape) {
        if (count > std::numeric_limits<std::int64_t>::max() / size)
            fail(ErrorCode::tooLarge, "shape " + shapeText(shape) + " has more elements than can be counted");
        count *= size;
    }
    return count;
}

void HostTensor::requireSize(std::size_t size) const {
    if (size != dtypeSize(dtype))
        fail(ErrorCode::internal, "tensor of type " + std::string(dtypeName(dtype)) + " read with the wrong element size");
}

template <typename T>
HostTensor HostTensor::of(std::vector<T> values, Shape shape) {
    if (elementCount(shape) != static_cast<std::int64_t>(values.size()))
        fail(ErrorCode::internal, "tensor of " + std::to_string(values.size()) + " values given shape " + shapeText(shape));
    auto owner = std::make_shared<std::vector<T>>(std::move(values));
    HostTensor tensor;
    tensor.dtype = dtypeOf<T>();
    tensor.shape = std::move(shape);
    tensor.byteCount = owner->size() * sizeof(T);
    tensor.bytes = std::shared_ptr<const std::byte>(owner, reinterpret_cast<const std::byte*>(owner->data()));
    return tensor;
}

template HostTensor HostTensor::of(std::vector<float>, Shape);
template HostTensor HostTensor::of(std::vector<double>, Shape);
template HostTensor HostTensor::of(std::vector<std::int64_t>, Shape);
template HostTensor HostTensor::of(std::vector<std::int32_t>, Shape);
template HostTensor HostTensor::of(std::vector<std::uint8_t>, Shape);

std::vector<float> HostTensor::toFloats() const {
    switch (dtype) {
        case DType::f64: return castAll<double>(*this);
        case DType::f32: return castAll<float>(*this);
        case DType::f16: return convertAll<std::uint16_t>(*this, halfToFloat);
        case DType::bf16:
            return convertAll<std::uint16_t>(
                *this, [](std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); });
        case DType::i64: return castAll<std::int64_t>(*this);
        case DType::i32: return castAll<std::int32_t>(*this);
        case DType::i16: return castAll<std::int16_t>(*this);
        case DType::i8: return castAll<std::int8_t>(*this);
        case DType::u64: return castAll<std::uint64_t>(*this);
        case DType::u32: return castAll<std::uint32_t>(*this);
        case DType::u16: return castAll<std::uint16_t>(*this);
        case DType::u8: return castAll<std::uint8_t>(*this);
        case DType::boolean: return convertAll<std::uint8_t>(*this, [](std::uint8_t v) { return v ? 1.0f : 0.0f; });
        case DType::f8e4m3:
        case DType::f8e5m2: break;
    }
    fail(ErrorCode::unsupported, "tensors of type " + std::string(dtypeName(dtype)) + " cannot be converted to float");
}

}  // namespace vitrine
