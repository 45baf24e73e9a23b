// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/host_tensor.h"
#include "formats/bytes.h"
#include "formats/memory_budget.h"
#include "formats/pickle.h"

namespace vitrine::formats {

/// A reference from a pickle to the bytes of a storage.
struct PytorchStorage {
    std::string key;                     ///< its name in the archive
    const PickleGlobal* type = nullptr;  ///< its class
    std::uint64_t count = 0;             ///< of elements, as the pickle claims
};

/// The storage that a persistent reference names; throws Exception(badFormat) when it names none.
PytorchStorage storageOf(const PickleObject& reference, const std::string& where);

/// Whether `value` is a tensor, or a parameter, of any kind.
bool isTensor(const Pickle& pickle, const PickleValue& value);

/// Gives the bytes of a storage; throws Exception(badFormat) when there are none or not as many as it claims.
using StorageLookup = std::function<Bytes(const PytorchStorage&)>;

/// Turns the tensors of a pickle into contiguous HostTensors.
class PytorchTensorReader {
  public:
    /// All arguments must outlive the reader.
    PytorchTensorReader(const Pickle& pickle, StorageLookup lookup, MemoryBudget& budget, const std::string& where)
        : pickle_(pickle), lookup_(std::move(lookup)), budget_(budget), where_(where) {}

    /// The tensor that `value` describes. A contiguous view shares the storage; a transposed, strided or expanded one
    /// is copied, with memory from the budget. Sizes, strides and offset are checked against the storage first. Throws
    /// Exception(badFormat, unsupported, tooLarge) naming the file and `name`.
    HostTensor read(const std::string& name, const PickleValue& value) const;

  private:
    const Pickle& pickle_;
    StorageLookup lookup_;
    MemoryBudget& budget_;
    const std::string& where_;
};

}  // namespace vitrine::formats
