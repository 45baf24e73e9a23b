// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/tensors.h"

#include <ATen/ATen.h>

#include <string>

#include "base/error.h"

namespace vitrine::engine {
namespace {

struct TypePair {
    DType host;
    at::ScalarType torch;
};
constexpr TypePair kTypes[] = {
    {DType::f64, at::kDouble}, {DType::f32, at::kFloat}, {DType::f16, at::kHalf}, {DType::bf16, at::kBFloat16},
    {DType::i64, at::kLong},   {DType::i32, at::kInt},   {DType::i16, at::kShort}, {DType::i8, at::kChar},
    {DType::u8, at::kByte},    {DType::boolean, at::kBool},
};

}  // namespace

at::Tensor toTorch(const HostTensor& tensor) {
    for (const TypePair& pair : kTypes) {
        if (pair.host != tensor.dtype) continue;
        const at::TensorOptions options = at::TensorOptions().dtype(pair.torch);
        if (tensor.byteCount == 0) return at::empty(tensor.shape, options);
        // Torch has no read-only tensors; ours are never written to.
        void* bytes = const_cast<std::byte*>(tensor.bytes.get());
        return at::from_blob(bytes, tensor.shape, [owner = tensor.bytes](void*) {}, options);
    }
    fail(ErrorCode::unsupported, "tensors of type " + std::string(dtypeName(tensor.dtype)) + " cannot be computed with");
}

HostTensor toHost(const at::Tensor& tensor) {
    for (const TypePair& pair : kTypes) {
        if (pair.torch != tensor.scalar_type()) continue;
        auto owner = std::make_shared<at::Tensor>(tensor.detach().to(at::kCPU).contiguous());
        HostTensor host;
        host.dtype = pair.host;
        host.shape = owner->sizes().vec();
        host.byteCount = owner->nbytes();
        host.bytes = std::shared_ptr<const std::byte>(owner, static_cast<const std::byte*>(owner->data_ptr()));
        return host;
    }
    fail(ErrorCode::unsupported, std::string("tensors of type ") + at::toString(tensor.scalar_type()) + " cannot be stored");
}

}  // namespace vitrine::engine
