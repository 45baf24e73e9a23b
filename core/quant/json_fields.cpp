// SPDX-License-Identifier: GPL-3.0-or-later
#include "quant/json_fields.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace vitrine::quant {

using nlohmann::json;

JsonFields::JsonFields(const json& object, std::string where, std::initializer_list<std::string_view> known)
    : object_(&object), where_(std::move(where)) {
    if (!object.is_object()) fail(ErrorCode::badFormat, "this must be a JSON object", where_);
    for (const auto& entry : object.items())
        if (std::find(known.begin(), known.end(), entry.key()) == known.end())
            fail(ErrorCode::badFormat, "there is an unknown field '" + entry.key().substr(0, 40) + "'", where_);
}

void JsonFields::mismatch(const char* key, const std::string& what) const {
    fail(ErrorCode::badFormat, "the field '" + std::string(key) + "' " + what, where_);
}

const json& JsonFields::at(const char* key) const {
    const auto found = object_->find(key);
    if (found == object_->end()) mismatch(key, "is absent");
    return *found;
}

bool JsonFields::boolean(const char* key) const {
    const json& value = at(key);
    if (!value.is_boolean()) mismatch(key, "must be true or false");
    return value.get<bool>();
}

std::int64_t JsonFields::integer(const char* key, std::int64_t low, std::int64_t high) const {
    const json& value = at(key);
    const bool tooLarge =
        value.is_number_unsigned() && value.get<std::uint64_t>() > std::numeric_limits<std::int64_t>::max();
    if (!value.is_number_integer() || tooLarge || value.get<std::int64_t>() < low || value.get<std::int64_t>() > high)
        mismatch(key, "must be an integer from " + std::to_string(low) + " to " + std::to_string(high));
    return value.get<std::int64_t>();
}

float JsonFields::number(const char* key) const {
    const json& value = at(key);
    if (!value.is_number() || std::abs(value.get<double>()) > std::numeric_limits<float>::max())
        mismatch(key, "must be a number in the range of single precision");
    return static_cast<float>(value.get<double>());
}

std::string JsonFields::text(const char* key) const {
    const json& value = at(key);
    if (!value.is_string()) mismatch(key, "must be a text");
    return value.get<std::string>();
}

}  // namespace vitrine::quant
