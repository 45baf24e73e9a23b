// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pytorch_tensor.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "base/error.h"
#include "formats/tensor_size.h"

namespace vitrine::formats {
namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kMostDimensions = 64;
constexpr std::size_t kLongestKey = 256;  // PyTorch writes numbers; a long key could be copied for every tensor

const PickleObject* callOf(const Pickle& pickle, const PickleValue& value, GlobalMeaning meaning) {
    const PickleObject* call = pickle.object(value, PickleObject::Kind::call);
    return call != nullptr && call->global->meaning == meaning ? call : nullptr;
}

/// The tensor inside a parameter, or `value` itself.
PickleValue unwrapped(const Pickle& pickle, const PickleValue& value) {
    const PickleObject* parameter = callOf(pickle, value, GlobalMeaning::parameter);
    return parameter != nullptr && !parameter->items.empty() ? parameter->items[0] : value;
}

/// Where the elements of a tensor lie in its storage, in elements.
struct Layout {
    std::uint64_t offset = 0;
    Shape sizes;
    Shape strides;
};

/// Decodes one call of torch._utils._rebuild_tensor, _v2 or _v3: (storage, offset, sizes, strides, requires_grad,
/// hooks, [v2: attributes | v3: dtype, attributes]).
class TensorCall {
  public:
    TensorCall(const Pickle& pickle, const PickleObject& call, const std::string& name, const std::string& where)
        : pickle_(pickle), call_(call), name_(name), where_(where) {
        if (call.items.size() < 4) malformed("its description is incomplete");
    }

    [[noreturn]] void malformed(const std::string& what) const {
        fail(ErrorCode::badFormat, "tensor " + inQuotes(name_) + " is malformed: " + what, where_,
             "copy or download the file again, or save it again with torch.save");
    }

    PytorchStorage storage() const {
        const PickleObject* reference = pickle_.object(call_.items[0], PickleObject::Kind::persistent);
        if (reference == nullptr) malformed("it has no storage");
        return storageOf(*reference, where_);
    }

    DType dtype(const PytorchStorage& storage) const {
        const bool hasDType = call_.global->name.ends_with("_v3") && call_.items.size() > 6;
        const std::optional<DType> found =
            hasDType ? (call_.items[6].kind == Kind::global ? call_.items[6].global->dtype : std::nullopt)
                     : storage.type->dtype;
        if (!found)
            fail(ErrorCode::unsupported,
                 "tensor " + inQuotes(name_) + " has elements of " + std::string(storage.type->name) +
                     ", a type that Vitrine does not read",
                 where_, "in Python, convert it with .float() and save again");
        return *found;
    }

    Layout layout() const {
        Layout layout;
        layout.offset = static_cast<std::uint64_t>(natural(call_.items[1], "its offset"));
        layout.sizes = naturals(call_.items[2], "its sizes");
        layout.strides = naturals(call_.items[3], "its strides");
        if (layout.sizes.size() != layout.strides.size()) malformed("it has not as many strides as dimensions");
        const std::size_t attributes = call_.global->name.ends_with("_v3") ? 7 : 6;
        const PickleObject* extra = call_.items.size() > attributes
                                        ? pickle_.object(call_.items[attributes], PickleObject::Kind::dictionary)
                                        : nullptr;
        if (extra != nullptr && !extra->items.empty())
            malformed("a conjugate or negated view must be resolved before saving");
        return layout;
    }

  private:
    std::int64_t natural(const PickleValue& value, const std::string& what) const {
        if (value.kind != Kind::integer) malformed(what + " is no whole number");
        if (value.integer < 0) malformed(what + " is negative");
        return value.integer;
    }

    Shape naturals(const PickleValue& value, const std::string& what) const {
        const PickleObject* items = pickle_.object(value, PickleObject::Kind::tuple);
        if (items == nullptr) items = pickle_.object(value, PickleObject::Kind::list);
        if (items == nullptr) malformed(what + " are no list");
        if (items->items.size() > kMostDimensions)
            malformed("it has more than " + std::to_string(kMostDimensions) + " dimensions");
        Shape result;
        for (const PickleValue& item : items->items) result.push_back(natural(item, "one of " + what));
        return result;
    }

    const Pickle& pickle_;
    const PickleObject& call_;
    const std::string& name_;
    const std::string& where_;
};

/// The index one past the last element that a non-empty tensor touches, or nothing on overflow.
std::optional<std::uint64_t> extent(const Layout& layout) {
    std::uint64_t last = layout.offset;
    for (std::size_t i = 0; i < layout.sizes.size(); ++i) {
        std::uint64_t step = 0;
        if (__builtin_mul_overflow(static_cast<std::uint64_t>(layout.sizes[i] - 1),
                                   static_cast<std::uint64_t>(layout.strides[i]), &step) ||
            __builtin_add_overflow(last, step, &last))
            return std::nullopt;
    }
    return last == UINT64_MAX ? std::nullopt : std::optional(last + 1);
}

bool isContiguous(const Layout& layout) {
    std::int64_t expected = 1;
    for (std::size_t i = layout.sizes.size(); i-- > 0;) {
        if (layout.sizes[i] != 1 && layout.strides[i] != expected) return false;
        expected *= layout.sizes[i];
    }
    return true;
}

/// The layout without dimensions of one element, whose strides mean nothing.
Layout squeezed(const Layout& layout) {
    Layout result = {.offset = layout.offset, .sizes = {}, .strides = {}};
    for (std::size_t i = 0; i < layout.sizes.size(); ++i) {
        if (layout.sizes[i] == 1) continue;
        result.sizes.push_back(layout.sizes[i]);
        result.strides.push_back(layout.strides[i]);
    }
    return result;
}

/// Copies the elements of a non-empty strided tensor in row-major order to `target`. Every dimension has two elements
/// or more, so that stepping costs the same for each. Between two elements the position may leave the storage: it is
/// unsigned, where wrapping is harmless.
void gather(const std::byte* storage, const Layout& layout, std::size_t elementSize, std::byte* target) {
    std::vector<std::int64_t> index(layout.sizes.size(), 0);
    std::uint64_t position = layout.offset;
    while (true) {
        std::memcpy(target, storage + position * elementSize, elementSize);
        target += elementSize;
        std::size_t dimension = layout.sizes.size();
        while (true) {
            if (dimension-- == 0) return;
            const auto stride = static_cast<std::uint64_t>(layout.strides[dimension]);
            position += stride;
            if (++index[dimension] < layout.sizes[dimension]) break;
            position -= stride * static_cast<std::uint64_t>(layout.sizes[dimension]);
            index[dimension] = 0;
        }
    }
}

}  // namespace

PytorchStorage storageOf(const PickleObject& reference, const std::string& where) {
    const auto& id = reference.items;
    const bool sound = id.size() >= 5 && id[0].kind == Kind::text && id[0].text == "storage" &&
                       id[1].kind == Kind::global && id[1].global->meaning == GlobalMeaning::storage &&
                       id[2].kind == Kind::text && id[2].text.size() <= kLongestKey && id[4].kind == Kind::integer &&
                       id[4].integer >= 0;
    if (!sound)
        fail(ErrorCode::badFormat, "its pickle refers to a storage in a way that torch.save never writes", where);
    if (id.size() > 5 && id[5].kind != Kind::none)
        fail(ErrorCode::unsupported, "holds views of storages, as PyTorch before 0.4 wrote them", where,
             "load it with a PyTorch between 0.4 and 1.13 and save its state_dict again");
    return {std::string(id[2].text), id[1].global, static_cast<std::uint64_t>(id[4].integer)};
}

bool isTensor(const Pickle& pickle, const PickleValue& value) {
    const PickleValue inner = unwrapped(pickle, value);
    return callOf(pickle, inner, GlobalMeaning::tensor) != nullptr ||
           callOf(pickle, inner, GlobalMeaning::foreignTensor) != nullptr;
}

HostTensor PytorchTensorReader::read(const std::string& name, const PickleValue& value) const {
    const PickleValue inner = unwrapped(pickle_, value);
    if (const PickleObject* foreign = callOf(pickle_, inner, GlobalMeaning::foreignTensor))
        fail(ErrorCode::unsupported,
             "tensor " + inQuotes(name) + " is no dense tensor (it is made by " + std::string(foreign->global->name) +
                 ")",
             where_, "in Python, convert it with .to_dense() or .dequantize() and save again");
    const PickleObject* object = callOf(pickle_, inner, GlobalMeaning::tensor);
    if (object == nullptr) fail(ErrorCode::badFormat, "entry " + inQuotes(name) + " is no tensor", where_);
    const TensorCall call(pickle_, *object, name, where_);
    const PytorchStorage storage = call.storage();
    const Layout layout = call.layout();
    HostTensor tensor;
    tensor.dtype = call.dtype(storage);
    tensor.shape = layout.sizes;
    const std::optional<std::uint64_t> byteCount = tensorByteCount(tensor.dtype, tensor.shape);
    if (!byteCount) call.malformed("its shape " + shapeText(tensor.shape) + " has more elements than can be counted");
    if (*byteCount == 0) return tensor;

    const std::size_t elementSize = dtypeSize(tensor.dtype);
    const Bytes bytes = lookup_(storage);
    const std::optional<std::uint64_t> end = extent(layout);
    if (!end || *end > bytes.size / elementSize)
        call.malformed("offset " + std::to_string(layout.offset) + ", shape " + shapeText(layout.sizes) +
                       " and strides " + shapeText(layout.strides) + " lead outside its storage of " +
                       std::to_string(bytes.size) + " bytes");
    tensor.byteCount = *byteCount;
    const std::byte* first = bytes.data.get() + layout.offset * elementSize;
    if (isContiguous(layout) && reinterpret_cast<std::uintptr_t>(first) % elementSize == 0) {
        tensor.bytes = std::shared_ptr<const std::byte>(bytes.data, first);
        return tensor;
    }
    budget_.take(*byteCount, "making tensor " + inQuotes(name) + " contiguous");
    const std::shared_ptr<std::byte[]> copy(new std::byte[*byteCount]);
    gather(bytes.data.get(), squeezed(layout), elementSize, copy.get());
    tensor.bytes = std::shared_ptr<const std::byte>(copy, copy.get());
    return tensor;
}

}  // namespace vitrine::formats
