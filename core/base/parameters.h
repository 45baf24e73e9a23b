// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace vitrine {

/// Where a parameter's definition and default come from.
enum class Provenance {
    published,  ///< the paper says so
    code,       ///< the official code does so
    ours,       ///< the sources do not say: our choice, to be reported as such
};

std::string_view provenanceName(Provenance provenance);  ///< "published", "code", "ours"

enum class ParameterType { boolean, integer, real, text, choice, reals };

std::string_view parameterTypeName(ParameterType type);  ///< "boolean", "integer", ...

/// A value of a parameter. `choice` and `text` are strings; `reals` is a list, written "0.999,0.9999" on a command line.
using ParameterValue = std::variant<bool, std::int64_t, double, std::string, std::vector<double>>;

/// The value as a user would type it.
std::string parameterText(const ParameterValue& value);

/// One entry of a schema: it makes the form field, the command-line key, the JSON entry, the check and the help text.
struct ParameterSpec {
    std::string id;  ///< dotted lower-case key, stable for ever: "weight.bits"
    ParameterType type = ParameterType::integer;
    ParameterValue defaultValue;
    std::string help;             ///< one or two sentences
    Provenance provenance = Provenance::ours;
    std::string reference;        ///< paper and equation, or repository; empty for `ours`
    std::string unit;             ///< "bits", "images", "percent", ... or empty
    std::optional<double> minimum;  ///< inclusive; for numbers and for each of `reals`
    std::optional<double> maximum;  ///< inclusive
    std::vector<std::string> choices;  ///< for `choice`
    bool advanced = false;        ///< hidden in the simple form

    std::string rangeText() const;  ///< "2..8", "minmax|omse", "" when free
};

/// The parameters of a method, in the order of its form.
using ParameterSchema = std::vector<ParameterSpec>;

/// Values for every parameter of one schema; those not set hold their defaults. Plain data, copyable.
class ParameterSet {
  public:
    explicit ParameterSet(ParameterSchema schema = {});

    const ParameterSchema& schema() const { return schema_; }
    bool isDefault(std::string_view id) const;

    /// Parses `text` by the type of `id` and checks its range. Throws Exception(invalidArgument) naming the parameter, and
    /// for an unknown id the nearest known one.
    void setText(std::string_view id, std::string_view text);
    /// Same for a value; an integer is accepted for a real.
    void set(std::string_view id, ParameterValue value);

    /// The value of `id`; throws Exception(internal) when the schema lacks it or has it as another type.
    bool boolean(std::string_view id) const;
    std::int64_t integer(std::string_view id) const;
    double real(std::string_view id) const;
    const std::string& text(std::string_view id) const;  ///< also for `choice`
    const std::vector<double>& reals(std::string_view id) const;
    const ParameterValue& value(std::string_view id) const;

  private:
    std::size_t indexOf(std::string_view id) const;

    ParameterSchema schema_;
    std::vector<ParameterValue> values_;
};

/// {"weight.bits": 4, ...} with every parameter.
nlohmann::json toJson(const ParameterSet& parameters);
/// Sets every key of a JSON object; throws Exception(invalidArgument) on an unknown key or a wrong value.
void setFromJson(ParameterSet& parameters, const nlohmann::json& object);
/// The schema as JSON: id, type, default, range, help, provenance, reference, unit, advanced.
nlohmann::json toJson(const ParameterSchema& schema);

/// The candidate nearest to `word` by edit distance, or "" when none is near.
std::string nearestName(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace vitrine
