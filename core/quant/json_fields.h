// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vitrine::quant {

/// The fields of a JSON object that nobody vouches for. Internal to the room. Every getter throws Exception(badFormat)
/// that names `where` and the field. A view: the JSON must outlive it.
class JsonFields {
  public:
    /// Refuses what is no object and fields that are not `known`.
    JsonFields(const nlohmann::json& object, std::string where, std::initializer_list<std::string_view> known);

    const nlohmann::json& at(const char* key) const;
    bool boolean(const char* key) const;
    std::int64_t integer(const char* key, std::int64_t low, std::int64_t high) const;
    float number(const char* key) const;
    std::string text(const char* key) const;

    /// A value of an enumeration by its stable name.
    template <typename Enum>
    Enum named(const char* key, std::optional<Enum> (*fromName)(std::string_view)) const {
        const std::string name = text(key);
        if (const auto value = fromName(name)) return *value;
        mismatch(key, "names nothing known: '" + name.substr(0, 40) + "'");
    }

    [[noreturn]] void mismatch(const char* key, const std::string& what) const;

  private:
    const nlohmann::json* object_;
    std::string where_;
};

}  // namespace vitrine::quant
