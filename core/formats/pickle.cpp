// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pickle.h"

#include <bit>
#include <charconv>
#include <unordered_map>
#include <utility>

#include "base/error.h"
#include "formats/pickle_reader.h"

namespace vitrine::formats {
namespace {

using Value = PickleValue;
using Object = PickleObject;

// What the budget is charged: vectors double when they grow, and items move from the stack to an object.
constexpr std::size_t kPushCost = 3 * sizeof(Value);
constexpr std::size_t kObjectCost = 2 * sizeof(Object);
constexpr std::size_t kMemoCost = 3 * sizeof(Value);

class Machine {
  public:
    Machine(std::string_view bytes, MemoryBudget& budget, const std::string& where)
        : reader_(bytes, where), budget_(budget), where_(where) {}

    Pickle run() {
        while (true) {
            const auto opcode = reader_.number<unsigned char>();
            if (opcode == '.') break;
            if (!runScalar(opcode) && !runText(opcode) && !runStack(opcode) && !runContainer(opcode) && !runCall(opcode))
                reader_.damaged("opcode " + std::to_string(opcode) + " is none that torch.save writes");
        }
        pickle_.root = pop();
        pickle_.size = reader_.position();
        return std::move(pickle_);
    }

  private:
    // ---- stack

    void push(const Value& value) {
        budget_.take(kPushCost, "its pickle");
        stack_.push_back(value);
    }
    void pushInteger(std::int64_t value) { push({.kind = Value::Kind::integer, .integer = value}); }
    void pushBoolean(bool value) { push({.kind = Value::Kind::boolean, .integer = value}); }
    void pushText(Value::Kind kind, std::uint64_t size) { push({.kind = kind, .text = reader_.take(size)}); }

    std::size_t base() const { return marks_.empty() ? 0 : marks_.back(); }
    void requireValues(std::size_t count) const {
        if (stack_.size() - base() < count) reader_.damaged("an operation lacks its operand");
    }
    Value pop() {
        requireValues(1);
        const Value value = stack_.back();
        stack_.pop_back();
        return value;
    }
    Value& top() {
        requireValues(1);
        return stack_.back();
    }
    /// Takes the last `count` values off the stack.
    std::vector<Value> popMany(std::size_t count) {
        requireValues(count);
        const auto first = stack_.end() - static_cast<std::ptrdiff_t>(count);
        std::vector<Value> values(first, stack_.end());
        stack_.erase(first, stack_.end());
        return values;
    }
    std::vector<Value> popToMark() {
        if (marks_.empty()) reader_.damaged("an operation lacks its mark");
        std::vector<Value> values = popMany(stack_.size() - marks_.back());
        marks_.pop_back();
        return values;
    }

    void pushObject(Object::Kind kind, std::vector<Value> items, const PickleGlobal* global = nullptr) {
        budget_.take(kObjectCost, "its pickle");
        pickle_.objects.push_back({kind, global, std::move(items)});
        push({.kind = Value::Kind::object, .object = static_cast<std::uint32_t>(pickle_.objects.size() - 1)});
    }
    Object* objectOf(const Value& value) {
        return value.kind == Value::Kind::object ? &pickle_.objects[value.object] : nullptr;
    }

    // ---- opcodes, by family

    bool runScalar(unsigned char opcode) {
        switch (opcode) {
            case 'N': push({}); return true;
            case 0x88: pushBoolean(true); return true;
            case 0x89: pushBoolean(false); return true;
            case 'K': pushInteger(reader_.number<std::uint8_t>()); return true;
            case 'M': pushInteger(reader_.number<std::uint16_t>()); return true;
            case 'J': pushInteger(reader_.number<std::int32_t>()); return true;
            case 0x8a: pushLong(reader_.number<std::uint8_t>()); return true;
            case 0x8b: {
                const auto size = reader_.number<std::int32_t>();
                if (size < 0) reader_.damaged("a number has a negative size");
                pushLong(static_cast<std::uint64_t>(size));
                return true;
            }
            case 'I': pushDecimal(reader_.line()); return true;
            case 'L': pushDecimal(reader_.line()); return true;
            case 'F': pushReal(reader_.line()); return true;
            case 'G': push({.kind = Value::Kind::real, .real = bigEndianReal(reader_.take(8))}); return true;
            default: return false;
        }
    }

    void pushLong(std::uint64_t size) {
        const std::string_view digits = significant(reader_.take(size));
        if (digits.size() > sizeof(std::int64_t)) return push({.kind = Value::Kind::longInteger, .text = digits});
        std::uint64_t value = !digits.empty() && static_cast<signed char>(digits.back()) < 0 ? ~std::uint64_t{0} : 0;
        for (std::size_t i = digits.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(digits[i]);
        pushInteger(static_cast<std::int64_t>(value));
    }

    /// A two's complement number without the bytes that only repeat its sign.
    static std::string_view significant(std::string_view digits) {
        while (digits.size() > sizeof(std::int64_t)) {
            const bool negative = static_cast<signed char>(digits[digits.size() - 2]) < 0;
            if (digits.back() != (negative ? '\xff' : '\0')) break;
            digits.remove_suffix(1);
        }
        return digits;
    }

    void pushDecimal(std::string_view text) {
        if (text == "00" || text == "01") return pushBoolean(text == "01");
        if (text.ends_with('L')) text.remove_suffix(1);
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size()) reader_.damaged("a whole number is malformed or too large");
        pushInteger(value);
    }

    void pushReal(std::string_view text) {
        double value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size()) reader_.damaged("a number is malformed");
        push({.kind = Value::Kind::real, .real = value});
    }

    static double bigEndianReal(std::string_view bytes) {
        std::uint64_t bits = 0;
        for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
        return std::bit_cast<double>(bits);
    }

    bool runText(unsigned char opcode) {
        using enum Value::Kind;
        switch (opcode) {
            case 0x8c:
            case 'U': pushText(text, reader_.number<std::uint8_t>()); return true;
            case 'X':
            case 'T': pushText(text, reader_.number<std::uint32_t>()); return true;
            case 0x8d: pushText(text, reader_.number<std::uint64_t>()); return true;
            case 'C': pushText(bytes, reader_.number<std::uint8_t>()); return true;
            case 'B': pushText(bytes, reader_.number<std::uint32_t>()); return true;
            case 0x8e:
            case 0x96: pushText(bytes, reader_.number<std::uint64_t>()); return true;
            default: return false;
        }
    }

    bool runStack(unsigned char opcode) {
        switch (opcode) {
            case 0x80:
                if (reader_.number<std::uint8_t>() > 5) reader_.damaged("its protocol is newer than 5");
                return true;
            case 0x95: reader_.number<std::uint64_t>(); return true;  // a frame: only a hint for buffered reading
            case '(':
                budget_.take(2 * sizeof(std::size_t), "its pickle");
                marks_.push_back(stack_.size());
                return true;
            case '0':
                if (stack_.size() > base()) stack_.pop_back();
                else popToMark();
                return true;
            case '1': popToMark(); return true;
            case '2': push(Value(top())); return true;
            case 'q': memorize(reader_.number<std::uint8_t>()); return true;
            case 'r': memorize(reader_.number<std::uint32_t>()); return true;
            case 0x94: memorize(static_cast<std::uint32_t>(memo_.size())); return true;
            case 'h': recall(reader_.number<std::uint8_t>()); return true;
            case 'j': recall(reader_.number<std::uint32_t>()); return true;
            case 'p': memorize(memoIndex(reader_.line())); return true;
            case 'g': recall(memoIndex(reader_.line())); return true;
            default: return false;
        }
    }

    std::uint32_t memoIndex(std::string_view text) const {
        std::uint32_t index = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
        if (error != std::errc() || end != text.data() + text.size()) reader_.damaged("a memo number is malformed");
        return index;
    }
    void memorize(std::uint32_t index) {
        budget_.take(kMemoCost, "its pickle");
        memo_[index] = top();
    }
    void recall(std::uint32_t index) {
        const auto found = memo_.find(index);
        if (found == memo_.end()) reader_.damaged("it refers to value " + std::to_string(index) + ", which it never stored");
        push(found->second);
    }

    bool runContainer(unsigned char opcode) {
        using enum Object::Kind;
        switch (opcode) {
            case ')': pushObject(tuple, {}); return true;
            case 't': pushObject(tuple, popToMark()); return true;
            case 0x85: pushObject(tuple, popMany(1)); return true;
            case 0x86: pushObject(tuple, popMany(2)); return true;
            case 0x87: pushObject(tuple, popMany(3)); return true;
            case ']': pushObject(list, {}); return true;
            case 'l': pushObject(list, popToMark()); return true;
            case 0x8f: pushObject(list, {}); return true;
            case 0x91: pushObject(list, popToMark()); return true;
            case '}': pushObject(dictionary, {}); return true;
            case 'd': pushObject(dictionary, popPairs()); return true;
            case 'a': extend(list, popMany(1)); return true;
            case 'e':
            case 0x90: extend(list, popToMark()); return true;
            case 's': extend(dictionary, popMany(2)); return true;
            case 'u': extend(dictionary, popPairs()); return true;
            default: return false;
        }
    }

    std::vector<Value> popPairs() {
        std::vector<Value> items = popToMark();
        if (items.size() % 2 != 0) reader_.damaged("a key lacks its value");
        return items;
    }

    /// Appends to the container on top of the stack; what an opaque object would receive is dropped.
    void extend(Object::Kind kind, const std::vector<Value>& items) {
        Object* container = objectOf(top());
        if (container != nullptr && container->kind == Object::Kind::call) return;
        if (container == nullptr || container->kind != kind) reader_.damaged("items are added to what cannot hold them");
        container->items.insert(container->items.end(), items.begin(), items.end());
    }

    bool runCall(unsigned char opcode) {
        switch (opcode) {
            case 'c': {
                const std::string_view module = reader_.line();
                pushGlobal(module, reader_.line());
                return true;
            }
            case 0x93: {
                const std::vector<Value> names = popMany(2);
                if (names[0].kind != Value::Kind::text || names[1].kind != Value::Kind::text)
                    reader_.damaged("a name is not text");
                pushGlobal(names[0].text, names[1].text);
                return true;
            }
            case 'R':
            case 0x81: {
                const std::vector<Value> parts = popMany(2);
                pushCall(parts[0], parts[1]);
                return true;
            }
            case 0x92: {
                const std::vector<Value> parts = popMany(3);
                pushCall(parts[0], parts[1]);
                return true;
            }
            case 'b':
                pop();  // the attributes: plain data has none
                if (objectOf(top()) == nullptr) reader_.damaged("attributes are given to what cannot have them");
                return true;
            case 'Q': pushPersistent(pop()); return true;
            default: return false;
        }
    }

    void pushGlobal(std::string_view module, std::string_view name) {
        const std::string qualified = std::string(module) + "." + std::string(name);
        const PickleGlobal* global = findPickleGlobal(qualified);
        if (global == nullptr) refuse(qualified);
        push({.kind = Value::Kind::global, .global = global});
    }

    [[noreturn]] void refuse(const std::string& name) const {
        const bool module = name.starts_with("torch.nn.");
        fail(ErrorCode::unsupported,
             (module ? "holds a whole Python module (it needs " : "needs the Python object ") + inQuotes(name) +
                 (module ? "), not a state_dict" : ", which is not on the list of harmless ones; nothing was executed"),
             where_, "in Python, save plain tensors alone: torch.save(model.state_dict(), \"weights.pth\")");
    }

    void pushCall(const Value& callee, const Value& arguments) {
        const Object* tuple = objectOf(arguments);
        if (callee.kind != Value::Kind::global || tuple == nullptr || tuple->kind != Object::Kind::tuple)
            reader_.damaged("something that is no name is called");
        std::vector<Value> items = tuple->items;
        budget_.take(items.size() * sizeof(Value), "its pickle");
        switch (callee.global->meaning) {
            case GlobalMeaning::dictionary: return pushDictionary(items);
            case GlobalMeaning::size: return pushSize(items);
            default: return pushObject(Object::Kind::call, std::move(items), callee.global);
        }
    }

    /// OrderedDict() or, as Python 2 wrote it, OrderedDict([[key, value], ...]).
    void pushDictionary(const std::vector<Value>& arguments) {
        std::vector<Value> items;
        const Object* pairs = arguments.empty() ? nullptr : objectOf(arguments[0]);
        if (arguments.size() > 1 || (!arguments.empty() && pairs == nullptr)) reader_.damaged("a dictionary is malformed");
        for (std::size_t i = 0; pairs != nullptr && i < pairs->items.size(); ++i) {
            const Object* pair = objectOf(pairs->items[i]);
            if (pair == nullptr || pair->items.size() != 2) reader_.damaged("a dictionary is malformed");
            budget_.take(2 * kPushCost, "its pickle");
            items.insert(items.end(), pair->items.begin(), pair->items.end());
        }
        pushObject(Object::Kind::dictionary, std::move(items));
    }

    /// torch.Size((2, 3)) is the tuple itself.
    void pushSize(const std::vector<Value>& arguments) {
        if (arguments.size() != 1 || objectOf(arguments[0]) == nullptr) reader_.damaged("a torch.Size is malformed");
        push(arguments[0]);
    }

    void pushPersistent(const Value& id) {
        const Object* parts = objectOf(id);
        if (parts == nullptr || parts->kind != Object::Kind::tuple || parts->items.empty())
            reader_.damaged("a reference to a storage is malformed");
        if (parts->items[0].kind == Value::Kind::text && parts->items[0].text == "module") refuse("torch.nn.Module");
        std::vector<Value> items = parts->items;
        budget_.take(items.size() * sizeof(Value), "its pickle");
        pushObject(Object::Kind::persistent, std::move(items));
    }

    PickleReader reader_;
    MemoryBudget& budget_;
    const std::string& where_;
    Pickle pickle_;
    std::vector<Value> stack_;
    std::vector<std::size_t> marks_;
    std::unordered_map<std::uint32_t, Value> memo_;
};

}  // namespace

const PickleObject* Pickle::object(const PickleValue& value, PickleObject::Kind kind) const {
    if (value.kind != PickleValue::Kind::object) return nullptr;
    const PickleObject& found = objects[value.object];
    return found.kind == kind ? &found : nullptr;
}

Pickle parsePickle(std::string_view bytes, MemoryBudget& budget, const std::string& where) {
    return Machine(bytes, budget, where).run();
}

}  // namespace vitrine::formats
