// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/csv.h"

#include "report/number_text.h"

namespace vitrine::report {
namespace {

std::string field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}  // namespace

std::string toCsv(const Table& table) {
    std::string csv;
    for (std::size_t c = 0; c < table.columns.size(); ++c) csv += (c == 0 ? "" : ",") + field(table.columns[c].id);
    csv += "\r\n";
    for (const auto& row : table.rows) {
        for (std::size_t c = 0; c < row.size(); ++c) csv += (c == 0 ? "" : ",") + field(exactText(row[c]));
        csv += "\r\n";
    }
    return csv;
}

}  // namespace vitrine::report
