// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/pickle.h"

#include <bit>
#include <charconv>
#include <utility>

#include "base/error.h"
#include "formats/pickle_reader.h"
#include "formats/pickle_stack.h"

namespace vitrine::formats {
namespace {

using Value = PickleValue;
using Object = PickleObject;

// The opcodes that are no letters; the others are written as the characters that they are.
enum Opcode : unsigned char {
    kProto = 0x80,
    kNewObject = 0x81,
    kTuple1 = 0x85,
    kTuple2 = 0x86,
    kTuple3 = 0x87,
    kTrue = 0x88,
    kFalse = 0x89,
    kLong1 = 0x8a,
    kLong4 = 0x8b,
    kShortText = 0x8c,
    kLongText = 0x8d,
    kLongBytes = 0x8e,
    kEmptySet = 0x8f,
    kAddItems = 0x90,
    kFrozenSet = 0x91,
    kNewObjectWithKeywords = 0x92,
    kStackGlobal = 0x93,
    kMemoize = 0x94,
    kFrame = 0x95,
    kByteArray = 0x96,
};

class Machine {
  public:
    Machine(std::string_view bytes, MemoryBudget& budget, const std::string& where)
        : reader_(bytes, where), stack_(reader_, budget), budget_(budget), where_(where) {}

    Pickle run() {
        while (true) {
            const auto opcode = reader_.number<unsigned char>();
            if (opcode == '.') break;
            if (!runScalar(opcode) && !runText(opcode) && !runStack(opcode) && !runContainer(opcode) &&
                !runCall(opcode))
                reader_.damaged("opcode " + std::to_string(opcode) + " is none that torch.save writes");
        }
        const Value root = stack_.pop();
        return {root, stack_.takeObjects(), reader_.position()};
    }

  private:
    bool runScalar(unsigned char opcode) {
        switch (opcode) {
            case 'N':
                stack_.push({});
                return true;
            case kTrue:
                stack_.pushBoolean(true);
                return true;
            case kFalse:
                stack_.pushBoolean(false);
                return true;
            case 'K':
                stack_.pushInteger(reader_.number<std::uint8_t>());
                return true;
            case 'M':
                stack_.pushInteger(reader_.number<std::uint16_t>());
                return true;
            case 'J':
                stack_.pushInteger(reader_.number<std::int32_t>());
                return true;
            case kLong1:
                pushLong(reader_.number<std::uint8_t>());
                return true;
            case kLong4: {
                const auto size = reader_.number<std::int32_t>();
                if (size < 0) reader_.damaged("a number has a negative size");
                pushLong(static_cast<std::uint64_t>(size));
                return true;
            }
            case 'I':
            case 'L':
                pushDecimal(reader_.line());
                return true;
            case 'F':
                stack_.push({.kind = Value::Kind::real, .real = decimal<double>(reader_.line())});
                return true;
            case 'G':
                stack_.push({.kind = Value::Kind::real, .real = bigEndianReal(reader_.take(8))});
                return true;
            default:
                return false;
        }
    }

    void pushLong(std::uint64_t size) {
        const std::string_view digits = significant(reader_.take(size));
        if (digits.size() > sizeof(std::int64_t))
            return stack_.push({.kind = Value::Kind::longInteger, .text = digits});
        std::uint64_t value = !digits.empty() && static_cast<signed char>(digits.back()) < 0 ? ~std::uint64_t{0} : 0;
        for (std::size_t i = digits.size(); i-- > 0;) value = value << 8 | static_cast<unsigned char>(digits[i]);
        stack_.pushInteger(static_cast<std::int64_t>(value));
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

    /// A number that is written as text.
    template <typename T>
    T decimal(std::string_view text) const {
        T value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (error != std::errc() || end != text.data() + text.size())
            reader_.damaged("a number is malformed or too large");
        return value;
    }

    void pushDecimal(std::string_view text) {
        if (text == "00" || text == "01") return stack_.pushBoolean(text == "01");
        if (text.ends_with('L')) text.remove_suffix(1);
        stack_.pushInteger(decimal<std::int64_t>(text));
    }

    static double bigEndianReal(std::string_view bytes) {
        std::uint64_t bits = 0;
        for (const char byte : bytes) bits = bits << 8 | static_cast<unsigned char>(byte);
        return std::bit_cast<double>(bits);
    }

    void pushText(Value::Kind kind, std::uint64_t size) { stack_.push({.kind = kind, .text = reader_.take(size)}); }

    bool runText(unsigned char opcode) {
        using enum Value::Kind;
        switch (opcode) {
            case kShortText:
            case 'U':
                pushText(text, reader_.number<std::uint8_t>());
                return true;
            case 'X':
            case 'T':
                pushText(text, reader_.number<std::uint32_t>());
                return true;
            case kLongText:
                pushText(text, reader_.number<std::uint64_t>());
                return true;
            case 'C':
                pushText(bytes, reader_.number<std::uint8_t>());
                return true;
            case 'B':
                pushText(bytes, reader_.number<std::uint32_t>());
                return true;
            case kLongBytes:
            case kByteArray:
                pushText(bytes, reader_.number<std::uint64_t>());
                return true;
            default:
                return false;
        }
    }

    bool runStack(unsigned char opcode) {
        switch (opcode) {
            case kProto:
                if (reader_.number<std::uint8_t>() > 5) reader_.damaged("its protocol is newer than 5");
                return true;
            case kFrame:
                reader_.number<std::uint64_t>();
                return true;  // a frame: only a hint for buffered reading
            case '(':
                stack_.mark();
                return true;
            case '0':
                stack_.drop();
                return true;
            case '1':
                stack_.popToMark();
                return true;
            case '2':
                stack_.push(Value(stack_.top()));
                return true;
            case 'q':
                stack_.memorize(reader_.number<std::uint8_t>());
                return true;
            case 'r':
                stack_.memorize(reader_.number<std::uint32_t>());
                return true;
            case kMemoize:
                stack_.memorizeNext();
                return true;
            case 'h':
                stack_.recall(reader_.number<std::uint8_t>());
                return true;
            case 'j':
                stack_.recall(reader_.number<std::uint32_t>());
                return true;
            case 'p':
                stack_.memorize(decimal<std::uint32_t>(reader_.line()));
                return true;
            case 'g':
                stack_.recall(decimal<std::uint32_t>(reader_.line()));
                return true;
            default:
                return false;
        }
    }

    bool runContainer(unsigned char opcode) {
        using enum Object::Kind;
        switch (opcode) {
            case ')':
                stack_.pushObject(tuple, {});
                return true;
            case 't':
                stack_.pushObject(tuple, stack_.popToMark());
                return true;
            case kTuple1:
                stack_.pushObject(tuple, stack_.popMany(1));
                return true;
            case kTuple2:
                stack_.pushObject(tuple, stack_.popMany(2));
                return true;
            case kTuple3:
                stack_.pushObject(tuple, stack_.popMany(3));
                return true;
            case ']':
            case kEmptySet:
                stack_.pushObject(list, {});
                return true;
            case 'l':
            case kFrozenSet:
                stack_.pushObject(list, stack_.popToMark());
                return true;
            case '}':
                stack_.pushObject(dictionary, {});
                return true;
            case 'd':
                stack_.pushObject(dictionary, popPairs());
                return true;
            case 'a':
                extend(list, stack_.popMany(1));
                return true;
            case 'e':
            case kAddItems:
                extend(list, stack_.popToMark());
                return true;
            case 's':
                extend(dictionary, stack_.popMany(2));
                return true;
            case 'u':
                extend(dictionary, popPairs());
                return true;
            default:
                return false;
        }
    }

    std::vector<Value> popPairs() {
        std::vector<Value> items = stack_.popToMark();
        if (items.size() % 2 != 0) reader_.damaged("a key lacks its value");
        return items;
    }

    /// Appends to the container on top of the stack; what an opaque object would receive is dropped.
    void extend(Object::Kind kind, const std::vector<Value>& items) {
        Object* container = stack_.objectOf(stack_.top());
        if (container != nullptr && container->kind == Object::Kind::call) return;
        if (container == nullptr || container->kind != kind)
            reader_.damaged("items are added to what cannot hold them");
        container->items.insert(container->items.end(), items.begin(), items.end());
    }

    bool runCall(unsigned char opcode) {
        switch (opcode) {
            case 'c': {
                const std::string_view module = reader_.line();
                pushGlobal(module, reader_.line());
                return true;
            }
            case kStackGlobal: {
                const std::vector<Value> names = stack_.popMany(2);
                if (names[0].kind != Value::Kind::text || names[1].kind != Value::Kind::text)
                    reader_.damaged("a name is not text");
                pushGlobal(names[0].text, names[1].text);
                return true;
            }
            case 'R':
            case kNewObject: {
                const std::vector<Value> parts = stack_.popMany(2);
                pushCall(parts[0], parts[1]);
                return true;
            }
            case kNewObjectWithKeywords: {
                const std::vector<Value> parts = stack_.popMany(3);
                pushCall(parts[0], parts[1]);
                return true;
            }
            case 'b':
                stack_.pop();  // the attributes: plain data has none
                if (stack_.objectOf(stack_.top()) == nullptr)
                    reader_.damaged("attributes are given to what cannot have them");
                return true;
            case 'Q':
                pushPersistent(stack_.pop());
                return true;
            default:
                return false;
        }
    }

    void pushGlobal(std::string_view module, std::string_view name) {
        const std::string qualified = std::string(module) + "." + std::string(name);
        const PickleGlobal* global = findPickleGlobal(qualified);
        if (global == nullptr) refuse(qualified);
        stack_.push({.kind = Value::Kind::global, .global = global});
    }

    [[noreturn]] void refuse(const std::string& name) const {
        const bool module = name.starts_with("torch.nn.");
        fail(ErrorCode::unsupported,
             (module ? "holds a whole Python module (it needs " : "needs the Python object ") + inQuotes(name) +
                 (module ? "), not a state_dict" : ", which is not on the list of harmless ones; nothing was executed"),
             where_, "in Python, save plain tensors alone: torch.save(model.state_dict(), \"weights.pth\")");
    }

    void pushCall(const Value& callee, const Value& arguments) {
        const Object* tuple = stack_.objectOf(arguments);
        if (callee.kind != Value::Kind::global || tuple == nullptr || tuple->kind != Object::Kind::tuple)
            reader_.damaged("something that is no name is called");
        budget_.take(tuple->items.size() * sizeof(Value), "its pickle");
        std::vector<Value> items = tuple->items;
        switch (callee.global->meaning) {
            case GlobalMeaning::dictionary:
                return pushDictionary(items);
            case GlobalMeaning::size:
                return pushSize(items);
            default:
                return stack_.pushObject(Object::Kind::call, std::move(items), callee.global);
        }
    }

    /// OrderedDict() or, as Python 2 wrote it, OrderedDict([[key, value], ...]).
    void pushDictionary(const std::vector<Value>& arguments) {
        std::vector<Value> items;
        const Object* pairs = arguments.empty() ? nullptr : stack_.objectOf(arguments[0]);
        if (arguments.size() > 1 || (!arguments.empty() && pairs == nullptr))
            reader_.damaged("a dictionary is malformed");
        for (std::size_t i = 0; pairs != nullptr && i < pairs->items.size(); ++i) {
            const Object* pair = stack_.objectOf(pairs->items[i]);
            if (pair == nullptr || pair->items.size() != 2) reader_.damaged("a dictionary is malformed");
            budget_.take(2 * PickleStack::kPushCost, "its pickle");
            items.insert(items.end(), pair->items.begin(), pair->items.end());
        }
        stack_.pushObject(Object::Kind::dictionary, std::move(items));
    }

    /// torch.Size((2, 3)) is the tuple itself.
    void pushSize(const std::vector<Value>& arguments) {
        if (arguments.size() != 1 || stack_.objectOf(arguments[0]) == nullptr)
            reader_.damaged("a torch.Size is malformed");
        stack_.push(arguments[0]);
    }

    void pushPersistent(const Value& id) {
        const Object* parts = stack_.objectOf(id);
        if (parts == nullptr || parts->kind != Object::Kind::tuple || parts->items.empty())
            reader_.damaged("a reference to a storage is malformed");
        if (parts->items[0].kind == Value::Kind::text && parts->items[0].text == "module") refuse("torch.nn.Module");
        budget_.take(parts->items.size() * sizeof(Value), "its pickle");
        std::vector<Value> items = parts->items;
        stack_.pushObject(Object::Kind::persistent, std::move(items));
    }

    PickleReader reader_;
    PickleStack stack_;
    MemoryBudget& budget_;
    const std::string& where_;
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
