// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/json_fields.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/files.h"

namespace vitrine {
using nlohmann::json;
namespace {

constexpr int kDeepest = 64;

[[noreturn]] void wrongType(const std::string& where, const std::string& expected) {
    fail(ErrorCode::badFormat, "must be " + expected, where);
}

}  // namespace

json parseJson(std::string_view text, const std::string& where) {
    // Copying and writing JSON recurse, so depth is limited here, where a file is still only text.
    const auto limitDepth = [&where](int depth, json::parse_event_t, json&) {
        if (depth > kDeepest) fail(ErrorCode::badFormat, "JSON is nested too deeply", where);
        return true;
    };
    try {
        return json::parse(text, limitDepth);
    } catch (const json::parse_error& error) {
        fail(ErrorCode::badFormat, "is not valid JSON (at byte " + std::to_string(error.byte) + ")", where);
    } catch (const json::exception&) {
        fail(ErrorCode::badFormat, "JSON holds a number that is out of range", where);
    }
}

json readJson(const std::filesystem::path& path, std::size_t limit) {
    return parseJson(readTextFile(path, limit), path.string());
}

std::string dumpJson(const json& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

json numberJson(double value) {
    if (std::isnan(value)) return "nan";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    return value;
}

double numberFrom(const json& value, const std::string& where) {
    if (value.is_number()) return value.get<double>();
    if (value == "nan") return std::numeric_limits<double>::quiet_NaN();
    if (value == "inf") return std::numeric_limits<double>::infinity();
    if (value == "-inf") return -std::numeric_limits<double>::infinity();
    wrongType(where, "a number");
}

std::int64_t integerFrom(const json& value, const std::string& where) {
    if (!value.is_number_integer()) wrongType(where, "an integer");
    if (value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max())
        wrongType(where, "an integer below 2^63");
    return value.get<std::int64_t>();
}

std::string textFrom(const json& value, const std::string& where) {
    if (!value.is_string()) wrongType(where, "a text");
    return value.get<std::string>();
}

Fields::Fields(const nlohmann::json& object, std::string where) : object_(&object), where_(std::move(where)) {
    if (!object.is_object()) wrongType(where_, "an object");
}

Fields::Fields(const json& object, std::string where, std::initializer_list<std::string_view> known)
    : Fields(object, std::move(where)) {
    for (const auto& entry : object.items())
        if (std::find(known.begin(), known.end(), entry.key()) == known.end())
            fail(ErrorCode::badFormat, "there is an unknown field '" + entry.key().substr(0, 40) + "'", where_);
}

void Fields::mismatch(const char* key, const std::string& what) const {
    fail(ErrorCode::badFormat, what, nameOf(key));
}

const json& Fields::at(const char* key) const {
    const auto found = object_->find(key);
    if (found == object_->end()) fail(ErrorCode::badFormat, "is absent", nameOf(key));
    return *found;
}

bool Fields::boolean(const char* key) const {
    if (!at(key).is_boolean()) wrongType(nameOf(key), "true or false");
    return at(key).get<bool>();
}

std::int64_t Fields::integer(const char* key) const { return integerFrom(at(key), nameOf(key)); }

std::int64_t Fields::integer(const char* key, std::int64_t low, std::int64_t high) const {
    const std::int64_t value = integer(key);
    if (value < low || value > high)
        mismatch(key, "must be an integer from " + std::to_string(low) + " to " + std::to_string(high));
    return value;
}

std::uint64_t Fields::natural(const char* key) const {
    if (!at(key).is_number_unsigned()) wrongType(nameOf(key), "an integer that is not negative");
    return at(key).get<std::uint64_t>();
}

double Fields::number(const char* key) const { return numberFrom(at(key), nameOf(key)); }

float Fields::singleNumber(const char* key) const {
    const json& value = at(key);
    if (!value.is_number() || std::abs(value.get<double>()) > std::numeric_limits<float>::max())
        mismatch(key, "must be a number in the range of single precision");
    return static_cast<float>(value.get<double>());
}

std::string Fields::text(const char* key) const { return textFrom(at(key), nameOf(key)); }

const json& Fields::array(const char* key) const {
    if (!at(key).is_array()) wrongType(nameOf(key), "a list");
    return at(key);
}

std::vector<Fields> Fields::objects(const char* key) const {
    std::vector<Fields> items;
    for (const auto& item : array(key)) items.emplace_back(item, nameOf(key) + "[" + std::to_string(items.size()) + "]");
    return items;
}

std::vector<double> Fields::numbers(const char* key) const {
    std::vector<double> values;
    for (const auto& item : array(key)) values.push_back(numberFrom(item, nameOf(key)));
    return values;
}

std::vector<std::int64_t> Fields::integers(const char* key) const {
    std::vector<std::int64_t> values;
    for (const auto& item : array(key)) values.push_back(integerFrom(item, nameOf(key)));
    return values;
}

std::vector<std::string> Fields::texts(const char* key) const {
    std::vector<std::string> values;
    for (const auto& item : array(key)) values.push_back(textFrom(item, nameOf(key)));
    return values;
}

std::optional<double> Fields::optionalNumber(const char* key) const {
    return has(key) ? std::optional(number(key)) : std::nullopt;
}

std::optional<std::int64_t> Fields::optionalInteger(const char* key) const {
    return has(key) ? std::optional(integer(key)) : std::nullopt;
}

}  // namespace vitrine
