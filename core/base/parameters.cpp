// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "base/error.h"

namespace vitrine {
namespace {

using nlohmann::json;

[[noreturn]] void reject(const ParameterSpec& spec, const std::string& what) {
    const std::string range = spec.rangeText();
    fail(ErrorCode::invalidArgument, what, spec.id,
         range.empty() ? "it takes a value of type " + std::string(parameterTypeName(spec.type)) : "it takes " + range);
}

template <typename Number>
std::optional<Number> parseNumber(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::string numberText(double number) {
    char buffer[32];
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number);
    return error == std::errc() ? std::string(buffer, end) : std::to_string(number);
}

double parseReal(const ParameterSpec& spec, std::string_view text) {
    const auto number = parseNumber<double>(text);
    if (!number) reject(spec, "'" + std::string(text) + "' is not a number");
    return *number;
}

std::vector<double> parseReals(const ParameterSpec& spec, std::string_view text) {
    std::vector<double> numbers;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        numbers.push_back(parseReal(spec, text.substr(0, comma)));
        text.remove_prefix(std::min(comma + 1, text.size()));
    }
    return numbers;
}

ParameterValue parse(const ParameterSpec& spec, std::string_view text) {
    switch (spec.type) {
        case ParameterType::boolean:
            if (text == "true" || text == "1" || text == "yes" || text == "on") return true;
            if (text == "false" || text == "0" || text == "no" || text == "off") return false;
            reject(spec, "'" + std::string(text) + "' is neither true nor false");
        case ParameterType::integer:
            if (const auto number = parseNumber<std::int64_t>(text)) return *number;
            reject(spec, "'" + std::string(text) + "' is not a whole number");
        case ParameterType::real: return parseReal(spec, text);
        case ParameterType::reals: return parseReals(spec, text);
        case ParameterType::text:
        case ParameterType::choice: return std::string(text);
    }
    reject(spec, "has an unknown type");
}

void checkNumber(const ParameterSpec& spec, double number) {
    const bool low = spec.minimum && number < *spec.minimum;
    const bool high = spec.maximum && number > *spec.maximum;
    if (!std::isfinite(number) || low || high) reject(spec, numberText(number) + " is out of range");
}

void check(const ParameterSpec& spec, const ParameterValue& value) {
    switch (spec.type) {
        case ParameterType::boolean: break;
        case ParameterType::text: break;
        case ParameterType::integer: return checkNumber(spec, static_cast<double>(std::get<std::int64_t>(value)));
        case ParameterType::real: return checkNumber(spec, std::get<double>(value));
        case ParameterType::reals:
            if (std::get<std::vector<double>>(value).empty()) reject(spec, "the list is empty");
            for (const double number : std::get<std::vector<double>>(value)) checkNumber(spec, number);
            break;
        case ParameterType::choice: {
            const std::string& word = std::get<std::string>(value);
            if (std::find(spec.choices.begin(), spec.choices.end(), word) == spec.choices.end())
                reject(spec, "'" + word + "' is not one of its choices");
        }
    }
}

bool holdsType(const ParameterSpec& spec, const ParameterValue& value) {
    switch (spec.type) {
        case ParameterType::boolean: return std::holds_alternative<bool>(value);
        case ParameterType::integer: return std::holds_alternative<std::int64_t>(value);
        case ParameterType::real: return std::holds_alternative<double>(value);
        case ParameterType::reals: return std::holds_alternative<std::vector<double>>(value);
        case ParameterType::text:
        case ParameterType::choice: return std::holds_alternative<std::string>(value);
    }
    return false;
}

json toJson(const ParameterValue& value) {
    return std::visit([](const auto& held) { return json(held); }, value);
}

ParameterValue fromJson(const ParameterSpec& spec, const json& value) {
    switch (spec.type) {
        case ParameterType::boolean:
            if (value.is_boolean()) return value.get<bool>();
            break;
        case ParameterType::integer:
            if (value.is_number_integer()) return value.get<std::int64_t>();
            break;
        case ParameterType::real:
            if (value.is_number()) return value.get<double>();
            break;
        case ParameterType::text:
        case ParameterType::choice:
            if (value.is_string()) return value.get<std::string>();
            break;
        case ParameterType::reals:
            if (value.is_array() && std::all_of(value.begin(), value.end(), [](const json& v) { return v.is_number(); }))
                return value.get<std::vector<double>>();
            break;
    }
    reject(spec, value.dump() + " has the wrong type");
}

std::size_t editDistance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
        }
    }
    return row[b.size()];
}

}  // namespace

std::string_view provenanceName(Provenance provenance) {
    switch (provenance) {
        case Provenance::published: return "published";
        case Provenance::code: return "code";
        case Provenance::ours: return "ours";
    }
    return "ours";
}

std::string_view parameterTypeName(ParameterType type) {
    switch (type) {
        case ParameterType::boolean: return "boolean";
        case ParameterType::integer: return "integer";
        case ParameterType::real: return "real";
        case ParameterType::text: return "text";
        case ParameterType::choice: return "choice";
        case ParameterType::reals: return "reals";
    }
    return "text";
}

std::string parameterText(const ParameterValue& value) {
    struct Writer {
        std::string operator()(bool held) const { return held ? "true" : "false"; }
        std::string operator()(std::int64_t held) const { return std::to_string(held); }
        std::string operator()(double held) const { return numberText(held); }
        std::string operator()(const std::string& held) const { return held; }
        std::string operator()(const std::vector<double>& held) const {
            std::string text;
            for (const double number : held) text += (text.empty() ? "" : ",") + numberText(number);
            return text;
        }
    };
    return std::visit(Writer{}, value);
}

std::string ParameterSpec::rangeText() const {
    std::string text;
    for (const std::string& choice : choices) text += (text.empty() ? "" : "|") + choice;
    if (minimum || maximum) text = (minimum ? numberText(*minimum) : "") + ".." + (maximum ? numberText(*maximum) : "");
    return text;
}

ParameterSet::ParameterSet(ParameterSchema schema) : schema_(std::move(schema)) {
    for (const ParameterSpec& spec : schema_) {
        if (!holdsType(spec, spec.defaultValue))
            fail(ErrorCode::internal, "the default has the wrong type", spec.id);
        check(spec, spec.defaultValue);
        values_.push_back(spec.defaultValue);
    }
}

std::size_t ParameterSet::indexOf(std::string_view id) const {
    const auto found = std::find_if(schema_.begin(), schema_.end(), [&](const ParameterSpec& spec) { return spec.id == id; });
    if (found != schema_.end()) return static_cast<std::size_t>(found - schema_.begin());
    std::vector<std::string> known;
    for (const ParameterSpec& spec : schema_) known.push_back(spec.id);
    const std::string near = nearestName(id, known);
    fail(ErrorCode::invalidArgument, "there is no such parameter", std::string(id),
         near.empty() ? "list the parameters with 'vitrine-cli methods ID'" : "did you mean '" + near + "'?");
}

bool ParameterSet::isDefault(std::string_view id) const {
    const std::size_t index = indexOf(id);
    return values_[index] == schema_[index].defaultValue;
}

void ParameterSet::setText(std::string_view id, std::string_view text) {
    const std::size_t index = indexOf(id);
    ParameterValue value = parse(schema_[index], text);
    check(schema_[index], value);
    values_[index] = std::move(value);
}

void ParameterSet::set(std::string_view id, ParameterValue value) {
    const std::size_t index = indexOf(id);
    const ParameterSpec& spec = schema_[index];
    if (spec.type == ParameterType::real && std::holds_alternative<std::int64_t>(value))
        value = static_cast<double>(std::get<std::int64_t>(value));
    if (!holdsType(spec, value)) reject(spec, "'" + parameterText(value) + "' has the wrong type");
    check(spec, value);
    values_[index] = std::move(value);
}

const ParameterValue& ParameterSet::value(std::string_view id) const { return values_[indexOf(id)]; }
bool ParameterSet::boolean(std::string_view id) const { return std::get<bool>(value(id)); }
std::int64_t ParameterSet::integer(std::string_view id) const { return std::get<std::int64_t>(value(id)); }
double ParameterSet::real(std::string_view id) const { return std::get<double>(value(id)); }
const std::string& ParameterSet::text(std::string_view id) const { return std::get<std::string>(value(id)); }
const std::vector<double>& ParameterSet::reals(std::string_view id) const {
    return std::get<std::vector<double>>(value(id));
}

json toJson(const ParameterSet& parameters) {
    json object = json::object();
    for (const ParameterSpec& spec : parameters.schema()) object[spec.id] = toJson(parameters.value(spec.id));
    return object;
}

void setFromJson(ParameterSet& parameters, const json& object) {
    if (!object.is_object()) fail(ErrorCode::badFormat, "the parameters are not a JSON object");
    for (const auto& [id, value] : object.items()) {
        const auto& schema = parameters.schema();
        const auto spec = std::find_if(schema.begin(), schema.end(), [&name = id](const auto& entry) { return entry.id == name; });
        if (spec == schema.end()) parameters.setText(id, "");  // names the nearest parameter
        parameters.set(id, fromJson(*spec, value));
    }
}

json toJson(const ParameterSchema& schema) {
    json list = json::array();
    for (const ParameterSpec& spec : schema) {
        json range = spec.choices.empty() ? json::object() : json(spec.choices);
        if (spec.minimum) range["min"] = *spec.minimum;
        if (spec.maximum) range["max"] = *spec.maximum;
        list.push_back({{"id", spec.id},
                        {"type", parameterTypeName(spec.type)},
                        {"default", toJson(spec.defaultValue)},
                        {"range", range.empty() ? json(nullptr) : range},
                        {"help", spec.help},
                        {"provenance", provenanceName(spec.provenance)},
                        {"reference", spec.reference},
                        {"unit", spec.unit},
                        {"advanced", spec.advanced}});
    }
    return list;
}

std::string nearestName(std::string_view word, const std::vector<std::string>& candidates) {
    std::string best;
    std::size_t bestDistance = std::max<std::size_t>(2, word.size() / 2);
    for (const std::string& candidate : candidates) {
        const std::size_t distance = editDistance(word, candidate);
        if (distance < bestDistance) {
            bestDistance = distance;
            best = candidate;
        }
    }
    return best;
}

}  // namespace vitrine
