// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pickle_stack.h"

#include <string_view>
#include <utility>

namespace vitrine::formats {
namespace {

constexpr std::size_t kObjectCost = 2 * sizeof(PickleObject);
constexpr std::size_t kMemoCost = 3 * sizeof(PickleValue);
constexpr std::size_t kMarkCost = 3 * sizeof(std::size_t);
constexpr std::string_view kPurpose = "its pickle";

}  // namespace

void PickleStack::push(const PickleValue& value) {
    budget_.take(kPushCost, kPurpose);
    values_.push_back(value);
}

void PickleStack::pushObject(PickleObject::Kind kind, std::vector<PickleValue> items, const PickleGlobal* global) {
    budget_.take(kObjectCost, kPurpose);
    objects_.push_back({kind, global, std::move(items)});
    push({.kind = PickleValue::Kind::object, .object = static_cast<std::uint32_t>(objects_.size() - 1)});
}

void PickleStack::require(std::size_t count) const {
    const std::size_t base = marks_.empty() ? 0 : marks_.back();
    if (values_.size() - base < count) reader_.damaged("an operation lacks its operand");
}

PickleValue PickleStack::pop() {
    require(1);
    const PickleValue value = values_.back();
    values_.pop_back();
    return value;
}

PickleValue& PickleStack::top() {
    require(1);
    return values_.back();
}

std::vector<PickleValue> PickleStack::popMany(std::size_t count) {
    require(count);
    const auto first = values_.end() - static_cast<std::ptrdiff_t>(count);
    std::vector<PickleValue> result(first, values_.end());
    values_.erase(first, values_.end());
    return result;
}

void PickleStack::mark() {
    budget_.take(kMarkCost, kPurpose);
    marks_.push_back(values_.size());
}

std::vector<PickleValue> PickleStack::popToMark() {
    if (marks_.empty()) reader_.damaged("an operation lacks its mark");
    std::vector<PickleValue> result = popMany(values_.size() - marks_.back());
    marks_.pop_back();
    return result;
}

void PickleStack::drop() {
    const bool aboveMark = marks_.empty() || values_.size() > marks_.back();
    if (aboveMark)
        pop();
    else
        marks_.pop_back();
}

void PickleStack::memorize(std::uint32_t index) {
    budget_.take(kMemoCost, kPurpose);
    memo_[index] = top();
}

void PickleStack::recall(std::uint32_t index) {
    const auto found = memo_.find(index);
    if (found == memo_.end())
        reader_.damaged("it refers to value " + std::to_string(index) + ", which it never stored");
    push(found->second);
}

PickleObject* PickleStack::objectOf(const PickleValue& value) {
    return value.kind == PickleValue::Kind::object ? &objects_[value.object] : nullptr;
}

}  // namespace vitrine::formats
