// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/text.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "report/number_text.h"

namespace vitrine::report {
namespace {

/// Control characters (of a hostile file's names, say) must not reach the terminal, and it may not know fine
/// typography.
std::string printable(std::string text) {
    for (const auto& [fine, plain] :
         {std::pair{"\u202f", " "}, {"\u00a0", " "}, {"\u2013", "-"}, {"\u00d7", "x"}, {"\u2212", "-"}})
        for (std::size_t at = text.find(fine); at != std::string::npos; at = text.find(fine, at + 1))
            text.replace(at, std::string_view(fine).size(), plain);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
    return text;
}

std::string heading(const Column& column) {
    return printable(column.unit.empty() ? column.title : column.title + " [" + column.unit + "]");
}

std::string padded(const std::string& text, std::size_t width, bool right) {
    const std::string blanks(width - std::min(width, displayWidth(text)), ' ');
    return right ? blanks + text : text + blanks;
}

std::string blockText(const Paragraph& paragraph) { return printable(paragraph.text) + "\n"; }
std::string blockText(const Table& table) { return printable(table.caption) + "\n\n" + toText(table); }
std::string blockText(const Figure&) { return {}; }

std::string blockText(const List& list) {
    std::string text;
    for (const std::string& item : list.items) text += "- " + printable(item) + "\n";
    return text;
}

std::string blockText(const Facts& facts) {
    Table table{"", "", {{"label", ""}, {"value", ""}, {"detail", ""}}, {}, ""};
    for (const Fact& fact : facts.items) table.rows.push_back({fact.label, fact.value, fact.detail});
    const std::string text = toText(table);
    return text.substr(text.find('\n', text.find('\n') + 1) + 1);  // without the empty head and its rule
}

}  // namespace

std::string toText(const std::vector<Section>& sections) {
    std::string text;
    for (const Section& section : sections) {
        text += (text.empty() ? "" : "\n") + printable(section.title) + "\n" +
                std::string(displayWidth(section.title), '=') + "\n";
        for (const Block& block : section.blocks) {
            const std::string part = std::visit([](const auto& held) { return blockText(held); }, block);
            if (!part.empty()) text += "\n" + part;
        }
    }
    return text;
}

std::size_t displayWidth(const std::string& text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string toText(const Table& table) {
    const std::vector<std::size_t> shown = shownColumns(table);
    const std::size_t count = shown.size();
    std::vector<std::vector<std::string>> lines(1);
    for (const std::size_t c : shown) lines[0].push_back(heading(table.columns[c]));
    for (const auto& row : table.rows) {
        auto& line = lines.emplace_back();
        for (const std::size_t c : shown) line.push_back(printable(cellText(row[c], table.columns[c])));
    }
    std::vector<std::size_t> widths(count, 0);
    for (const auto& line : lines)
        for (std::size_t c = 0; c < count; ++c) widths[c] = std::max(widths[c], displayWidth(line[c]));

    std::string text;
    for (std::size_t r = 0; r < lines.size(); ++r) {
        std::string line;
        for (std::size_t c = 0; c < count; ++c)
            line += (c == 0 ? "" : "  ") + padded(lines[r][c], widths[c], isNumeric(table.columns[shown[c]]));
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
        if (r == 0) {
            for (std::size_t c = 0; c < count; ++c) text += (c == 0 ? "" : "  ") + std::string(widths[c], '-');
            text += "\n";
        }
    }
    return text;
}

}  // namespace vitrine::report
