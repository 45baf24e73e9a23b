// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/json.h"

#include <nlohmann/json.hpp>

namespace vitrine::report {
namespace {

nlohmann::json cellJson(const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    if (const auto* whole = std::get_if<std::int64_t>(&cell)) return *whole;
    if (const auto* number = std::get_if<double>(&cell)) return *number;  // the library writes infinity and NaN as null
    return nullptr;
}

}  // namespace

nlohmann::json rowsToJson(const Table& table) {
    nlohmann::json rows = nlohmann::json::array();
    for (const auto& row : table.rows) {
        nlohmann::json object = nlohmann::json::object();
        for (std::size_t c = 0; c < row.size(); ++c) object[table.columns[c].id] = cellJson(row[c]);
        rows.push_back(std::move(object));
    }
    return rows;
}

}  // namespace vitrine::report
