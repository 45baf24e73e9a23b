// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/number_text.h"

#include <array>
#include <charconv>
#include <cmath>

namespace vitrine::report {
namespace {

constexpr const char* kNarrowSpace = "\u202f";

std::string notFiniteText(double value) {
    if (std::isnan(value)) return "not a number";
    return value > 0 ? "infinite" : "-infinite";
}

std::string digitsText(double value, std::chars_format format, int precision) {
    std::array<char, 400> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format, precision);
    return error == std::errc() ? std::string(buffer.data(), end) : std::to_string(value);
}

/// "4.56e-07" -> "4.56e-7"
std::string shortExponent(std::string text) {
    const std::size_t mark = text.find('e');
    if (mark == std::string::npos) return text;
    std::size_t digit = mark + 1;
    if (text[digit] == '+') text.erase(digit, 1);
    if (text[digit] == '-') ++digit;
    while (digit + 1 < text.size() && text[digit] == '0') text.erase(digit, 1);
    return text;
}

std::string scaledText(double value, double step, std::initializer_list<const char*> units) {
    const auto* unit = units.begin();
    while (std::abs(value) >= step && unit + 1 != units.end()) {
        value /= step;
        ++unit;
    }
    const bool whole = unit == units.begin();
    const double magnitude = std::abs(value);
    return fixedText(value, whole || magnitude >= 100 ? 0 : (magnitude >= 10 ? 1 : 2)) + " " + *unit;
}

}  // namespace

std::string fixedText(double value, int decimals) {
    if (!std::isfinite(value)) return notFiniteText(value);
    std::string text = digitsText(value, std::chars_format::fixed, decimals);
    if (text.find_first_not_of("-0.") == std::string::npos && text.front() == '-') text.erase(0, 1);  // no "-0.00"
    return text;
}

std::string significantText(double value, int digits) {
    if (!std::isfinite(value)) return notFiniteText(value);
    if (value == 0) return "0";
    const double magnitude = std::abs(value);
    if (magnitude < 1e-3 || magnitude >= 1e6)
        return shortExponent(digitsText(value, std::chars_format::scientific, digits - 1));
    const int before = static_cast<int>(std::floor(std::log10(magnitude))) + 1;
    return fixedText(value, std::max(0, digits - before));
}

std::string integerText(std::int64_t value) {
    std::string text = std::to_string(value);
    const std::size_t first = value < 0 ? 1 : 0;
    if (text.size() - first < 5) return text;
    for (std::size_t place = text.size(); place > first + 3;) {
        place -= 3;
        text.insert(place, kNarrowSpace);
    }
    return text;
}

std::string percentText(double percent) { return fixedText(percent, 2) + "\u00a0%"; }

std::string bytesText(double bytes) { return scaledText(bytes, 1000, {"B", "kB", "MB", "GB", "TB"}); }

std::string operationsText(double operations) {
    std::string text = scaledText(operations, 1000, {"", "k", "M", "G", "T", "P"});
    if (text.back() == ' ') text.pop_back();
    return text;
}

std::string durationText(double seconds) {
    if (seconds < 60) return fixedText(seconds, seconds < 10 ? 1 : 0) + " s";
    const auto whole = static_cast<std::int64_t>(std::llround(seconds));
    const auto padded = [](std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); };
    if (whole < 3600) return std::to_string(whole / 60) + " min " + padded(whole % 60) + " s";
    return std::to_string(whole / 3600) + " h " + padded(whole / 60 % 60) + " min";
}

std::string ratioText(double numerator, double denominator) {
    return denominator == 0 ? std::string() : significantText(numerator / denominator, 3) + "\u00d7";
}

std::optional<double> cellNumber(const Cell& cell) {
    if (const auto* number = std::get_if<double>(&cell)) return *number;
    if (const auto* number = std::get_if<std::int64_t>(&cell)) return static_cast<double>(*number);
    return std::nullopt;
}

std::string cellText(const Cell& cell, const Column& column) {
    if (std::holds_alternative<std::monostate>(cell)) return "\u2013";
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    const auto* whole = std::get_if<std::int64_t>(&cell);
    if (whole != nullptr && column.format != Format::fixed && column.format != Format::significant)
        return integerText(*whole);
    const double number = *cellNumber(cell);
    if (number >= column.exactFrom) return "exact";
    switch (column.format) {
        case Format::fixed:
            return fixedText(number, column.digits);
        case Format::significant:
            return significantText(number, column.digits);
        case Format::integer:
            return std::isfinite(number) ? integerText(std::llround(number)) : notFiniteText(number);
        case Format::text:
        case Format::identifier:
        case Format::label:
            return significantText(number, 4);
    }
    return {};
}

std::string exactText(const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return std::to_string(*whole);
    const auto* number = std::get_if<double>(&cell);
    if (number == nullptr) return {};
    std::array<char, 40> buffer{};
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), *number);
    return error == std::errc() ? std::string(buffer.data(), end) : std::to_string(*number);
}

}  // namespace vitrine::report
