// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <unordered_map>
#include <vector>

#include "formats/memory_budget.h"
#include "formats/pickle.h"
#include "formats/pickle_reader.h"

namespace vitrine::formats {

/// The working memory of a pickle: its stack with marks, its memo, and the objects that it has made. Everything is paid
/// from the budget, and an operation without operands is an Exception(badFormat) at the position of the reader.
class PickleStack {
  public:
    /// What the budget is charged: vectors double when they grow, and items move from the stack to an object.
    static constexpr std::size_t kPushCost = 3 * sizeof(PickleValue);

    /// Both must outlive the stack.
    PickleStack(const PickleReader& reader, MemoryBudget& budget) : reader_(reader), budget_(budget) {}

    void push(const PickleValue& value);
    void pushInteger(std::int64_t value) { push({.kind = PickleValue::Kind::integer, .integer = value}); }
    void pushBoolean(bool value) { push({.kind = PickleValue::Kind::boolean, .integer = value}); }
    /// Makes an object and pushes it.
    void pushObject(PickleObject::Kind kind, std::vector<PickleValue> items, const PickleGlobal* global = nullptr);

    PickleValue pop();
    PickleValue& top();
    /// Takes the last `count` values off the stack; none of them lies below the last mark.
    std::vector<PickleValue> popMany(std::size_t count);

    void mark();
    /// Takes the last mark and everything above it off the stack.
    std::vector<PickleValue> popToMark();
    /// Takes off the top value, or the last mark when nothing lies above it.
    void drop();

    void memorize(std::uint32_t index);  ///< stores the top value
    void memorizeNext() { memorize(static_cast<std::uint32_t>(memo_.size())); }
    void recall(std::uint32_t index);  ///< pushes a stored value

    PickleObject* objectOf(const PickleValue& value);  ///< null when the value is a scalar
    std::deque<PickleObject> takeObjects() { return std::move(objects_); }

  private:
    void require(std::size_t count) const;

    const PickleReader& reader_;
    MemoryBudget& budget_;
    std::vector<PickleValue> values_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint32_t, PickleValue> memo_;
    std::deque<PickleObject> objects_;
};

}  // namespace vitrine::formats
