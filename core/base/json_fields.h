// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace vitrine {

/// Parses a text that anybody may have written. Throws Exception(badFormat) with the place of a mistake, also for more than 64
/// levels of nesting.
nlohmann::json parseJson(std::string_view text, const std::string& where);

/// Reads and parses a file of at most `limit` bytes. Throws also as readTextFile does.
nlohmann::json readJson(const std::filesystem::path& path, std::size_t limit);

/// JSON as it goes to disk. Text that is not UTF-8 (a file name, say) gets replacement characters.
std::string dumpJson(const nlohmann::json& value, int indent = -1);

/// A number, or the text "nan", "inf" or "-inf".
nlohmann::json numberJson(double value);

/// The fields of a JSON object that is not trusted: every getter throws Exception(badFormat) that names the field when it is absent or
/// of another type. A view: the JSON must outlive it.
class Fields {
  public:
    /// `where` names the object in errors; empty for a whole document.
    Fields(const nlohmann::json& object, std::string where);

    /// Refuses fields that are not `known`, too.
    Fields(const nlohmann::json& object, std::string where, std::initializer_list<std::string_view> known);

    bool has(const char* key) const { return object_->contains(key); }
    const nlohmann::json& at(const char* key) const;
    std::string nameOf(const char* key) const { return where_.empty() ? key : where_ + "." + key; }

    /// Throws Exception(badFormat): the field `key` does not hold what it should.
    [[noreturn]] void mismatch(const char* key, const std::string& what) const;

    bool boolean(const char* key) const;
    std::int64_t integer(const char* key) const;
    std::int64_t integer(const char* key, std::int64_t low, std::int64_t high) const;
    std::uint64_t natural(const char* key) const;
    double number(const char* key) const;
    /// A finite number that single precision can hold.
    float singleNumber(const char* key) const;
    std::string text(const char* key) const;

    /// A value of an enumeration by its stable name.
    template <typename Enum>
    Enum named(const char* key, std::optional<Enum> (*fromName)(std::string_view)) const {
        const std::string name = text(key);
        if (const auto value = fromName(name)) return *value;
        mismatch(key, "names nothing known: '" + name.substr(0, 40) + "'");
    }

    Fields object(const char* key) const { return Fields(at(key), nameOf(key)); }
    std::vector<Fields> objects(const char* key) const;

    std::vector<double> numbers(const char* key) const;
    std::vector<std::int64_t> integers(const char* key) const;
    std::vector<std::string> texts(const char* key) const;

    std::optional<double> optionalNumber(const char* key) const;
    std::optional<std::int64_t> optionalInteger(const char* key) const;

  private:
    const nlohmann::json& array(const char* key) const;

    const nlohmann::json* object_;
    std::string where_;
};

/// One element each; `where` names it in errors.
double numberFrom(const nlohmann::json& value, const std::string& where);
std::int64_t integerFrom(const nlohmann::json& value, const std::string& where);
std::string textFrom(const nlohmann::json& value, const std::string& where);

/// What `read` returns; its errors are given the name of the file that the JSON came from.
template <typename Read>
auto inFile(const std::filesystem::path& path, Read read) {
    try {
        return read();
    } catch (const Exception& exception) {
        const Error& error = exception.error();
        fail(error.code, error.where + " " + error.what, path.string(), error.remedy);
    }
}

}  // namespace vitrine
