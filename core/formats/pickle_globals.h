// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/host_tensor.h"

namespace vitrine::formats {

/// What a Python name in a pickle stands for. Nothing is ever imported or called: a name only labels plain data.
enum class GlobalMeaning {
    dictionary,     ///< an ordinary dictionary with another name
    size,           ///< torch.Size: a tuple of integers
    tensor,         ///< a function that rebuilds a dense tensor from a storage
    parameter,      ///< a function that wraps a tensor
    storage,        ///< a class of storages; `dtype` is its element type, or nothing when Vitrine has none like it
    dtype,          ///< a torch element type
    foreignTensor,  ///< a function that rebuilds a tensor of a kind that Vitrine does not read
    ignored,        ///< a harmless value of a training checkpoint, which is skipped
};

struct PickleGlobal {
    std::string_view name;  ///< module and name joined by a dot
    GlobalMeaning meaning = GlobalMeaning::ignored;
    std::optional<DType> dtype;  ///< for `storage` and `dtype`
};

/// The entry of the allow-list for exactly this name, or null. Nothing that begins or ends like an allowed name passes.
const PickleGlobal* findPickleGlobal(std::string_view qualifiedName);

}  // namespace vitrine::formats
