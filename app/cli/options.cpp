// SPDX-License-Identifier: GPL-3.0-or-later
#include "options.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <string_view>

#include "base/error.h"
#include "base/files.h"
#include "base/json_fields.h"
#include "models/model.h"
#include "runs/rule_text.h"

namespace vitrine::cli {
namespace {

constexpr std::int64_t kMostRows = 5'000'000;
constexpr std::size_t kMostPolicyBytes = std::size_t{16} << 20;

std::optional<std::int64_t> parseRow(std::string_view text) {
    std::int64_t row = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), row);
    if (error != std::errc() || end != text.data() + text.size() || row < 0) return std::nullopt;
    return row;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

/// Adds "a-b" or "a". False when the text is something else.
bool addRange(std::string_view text, std::vector<std::int64_t>& rows) {
    const std::size_t dash = text.find('-');
    const auto first = parseRow(text.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parseRow(text.substr(dash + 1));
    if (!first || !last) return false;
    if (*last < *first || *last - *first >= kMostRows - static_cast<std::int64_t>(rows.size()))
        fail(ErrorCode::invalidArgument, "the range of rows is empty or too long", std::string(text),
             "give it as FIRST-LAST, such as 0-31");
    for (std::int64_t row = *first; row <= *last; ++row) rows.push_back(row);
    return true;
}

/// "0-31,40,50-60", or nullopt when the text is something else.
std::optional<std::vector<std::int64_t>> parseRanges(const std::string& text) {
    std::vector<std::int64_t> rows;
    for (std::string_view rest = text;;) {
        const std::size_t comma = rest.find(',');
        if (!addRange(rest.substr(0, comma), rows)) return std::nullopt;
        if (comma == std::string_view::npos) return rows;
        rest.remove_prefix(comma + 1);
    }
}

std::vector<std::int64_t> readRows(const std::filesystem::path& path) {
    const std::string text = readTextFile(path);
    std::vector<std::int64_t> rows;
    std::size_t lineNumber = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = trimmed(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++lineNumber;
        if (line.empty()) continue;
        const auto row = parseRow(line);
        if (!row)
            fail(ErrorCode::badFormat, "line " + std::to_string(lineNumber) + " is not a row number", path.string(),
                 "a file of rows holds one 0-based number a line");
        rows.push_back(*row);
    }
    if (rows.empty()) fail(ErrorCode::badFormat, "the file names no rows", path.string());
    return rows;
}

}  // namespace

void applyAssignments(ParameterSet& parameters, const std::vector<std::string>& assignments,
                      const std::string& prefix) {
    for (const std::string& assignment : assignments) {
        const std::size_t equals = assignment.find('=');
        if (equals == std::string::npos || equals == 0)
            fail(ErrorCode::invalidArgument, "a parameter is set as key=value", assignment);
        std::string key = assignment.substr(0, equals);
        if (key.compare(0, prefix.size(), prefix) != 0) key.insert(0, prefix);
        parameters.setText(key, std::string_view(assignment).substr(equals + 1));
    }
}

const methods::MethodInfo& chosenMethod(const std::string& id) {
    std::vector<std::string> known;
    for (const methods::MethodInfo& method : methods::allMethods()) {
        if (method.id == id) return method;
        known.push_back(method.id);
    }
    const std::string near = nearestName(id, known);
    fail(ErrorCode::invalidArgument, "there is no such method", id,
         near.empty() ? "list the methods with 'vitrine-cli methods'" : "did you mean '" + near + "'?");
}

void applyPreset(ParameterSet& parameters, const methods::MethodInfo& method, const std::string& id) {
    std::vector<std::string> known;
    for (const methods::ParameterPreset& preset : method.presets) {
        if (preset.id == id) {
            for (const auto& [key, text] : preset.values) parameters.setText(key, text);
            return;
        }
        known.push_back(preset.id);
    }
    const std::string near = nearestName(id, known);
    fail(ErrorCode::invalidArgument, "there is no such preset of " + method.id, id,
         near.empty() ? "list them with 'vitrine-cli methods " + method.id + "'" : "did you mean '" + near + "'?");
}

std::vector<quant::PolicyRule> parseRules(const std::string& policyFile, const std::vector<std::string>& rules) {
    std::vector<quant::PolicyRule> parsed;
    if (!policyFile.empty())
        parsed = inFile(policyFile, [&] {
            return quant::policyFromJson(readJson(policyFile, kMostPolicyBytes)).rules;
        });
    for (const std::string& rule : rules) parsed.push_back(runs::parseRule(rule));
    return parsed;
}

ParameterSet modelOverrides(const std::vector<std::string>& assignments) {
    ParameterSet overrides(models::overrideSchema());
    applyAssignments(overrides, assignments, "model.");
    return overrides;
}

void addModelSetOption(CLI::App& command, std::vector<std::string>& assignments) {
    command
        .add_option("--model-set", assignments,
                    "What the file does not say about its network; may be given several times; keys below")
        ->type_name("KEY=VALUE")
        ->expected(1)
        ->take_all();
    std::string keys = "\n\nKeys of --model-set:";
    for (const ParameterSpec& spec : models::overrideSchema())
        keys += "\n  " + spec.id + std::string(22 - std::min<std::size_t>(21, spec.id.size()), ' ') + spec.help;
    command.footer(command.get_footer() + keys);
}

std::vector<std::int64_t> parseRows(const std::string& text) {
    if (text.empty()) return {};
    std::error_code ignored;
    const bool isFile = std::filesystem::is_regular_file(text, ignored);
    if (!isFile)
        if (auto ranges = parseRanges(text)) return *ranges;
    if (!isFile && text.find_first_not_of("0123456789-,: ") == std::string::npos)
        fail(ErrorCode::invalidArgument, "the rows cannot be read", text, "give ranges, such as 0-31 or 0-31,40, or a file");
    return readRows(text);
}

runs::DataSpec DataOptions::spec() const { return {path, root, parseRows(rows)}; }

}  // namespace vitrine::cli
