// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "formats/memory_budget.h"
#include "formats/pickle_globals.h"

namespace vitrine::formats {

/// One value of a pickle. Scalars are held in place, everything else is an index into Pickle::objects, so that nesting
/// needs no recursion to build or to free and a value may contain itself.
struct PickleValue {
    enum class Kind { none, boolean, integer, real, longInteger, text, bytes, global, object };

    Kind kind = Kind::none;
    std::uint32_t object = 0;  ///< `object`: index
    std::int64_t integer = 0;  ///< `integer`, `boolean`
    double real = 0;           ///< `real`
    std::string_view
        text;  ///< `text` (unchecked UTF-8), `bytes`, `longInteger` (its little-endian bytes): part of the pickle
    const PickleGlobal* global = nullptr;  ///< `global`
};

/// A compound value.
struct PickleObject {
    enum class Kind {
        tuple,
        list,        ///< also sets
        dictionary,  ///< items are key, value, key, value, ...
        call,        ///< what Python would get by calling `global` with items; never called here
        persistent,  ///< a reference to data outside the pickle; items are the parts of its id
    };

    Kind kind = Kind::tuple;
    const PickleGlobal* global = nullptr;
    std::vector<PickleValue> items;
};

/// A pickle as plain data.
struct Pickle {
    PickleValue root;
    std::deque<PickleObject> objects;
    std::size_t size = 0;  ///< bytes up to and with the STOP opcode

    /// The object behind `value` when it is one of `kind`, else null.
    const PickleObject* object(const PickleValue& value, PickleObject::Kind kind) const;
};

/// Interprets one pickle (protocols 0 to 5, the opcodes that torch.save writes) at the start of `bytes`, which must
/// outlive the result. Executes and imports nothing: names are looked up in the allow-list of pickle_globals.h, and
/// attributes that objects would be given are dropped. Linear in the size; memory comes from `budget`. Throws
/// Exception(badFormat) naming `where` when the pickle is damaged, unsupported with the name when it needs one that is
/// not on the list, tooLarge when the budget is spent. Opcodes: Python's Lib/pickletools.py.
Pickle parsePickle(std::string_view bytes, MemoryBudget& budget, const std::string& where);

}  // namespace vitrine::formats
