// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/document.h"

#include <algorithm>

namespace vitrine::report {
namespace {

bool isEmpty(const Cell& cell) {
    const auto* text = std::get_if<std::string>(&cell);
    return std::holds_alternative<std::monostate>(cell) || (text != nullptr && text->empty());
}

}  // namespace

std::vector<std::size_t> shownColumns(const Table& table) {
    std::vector<std::size_t> shown;
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const bool empty = !table.rows.empty() && std::all_of(table.rows.begin(), table.rows.end(),
                                                              [&](const auto& row) { return isEmpty(row[c]); });
        if (!table.columns[c].dataOnly && !empty) shown.push_back(c);
    }
    return shown;
}

std::vector<Paragraph> paragraphsOf(const std::string& text) {
    std::vector<Paragraph> paragraphs;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        std::string line = text.substr(from, end - from);
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        if (!line.empty()) paragraphs.push_back({std::move(line)});
        from = end + 1;
    }
    return paragraphs;
}

std::vector<Figure*> figuresOf(Document& document) {
    std::vector<Figure*> figures;
    for (Section& section : document.sections)
        for (Block& block : section.blocks)
            if (auto* figure = std::get_if<Figure>(&block)) figures.push_back(figure);
    return figures;
}

}  // namespace vitrine::report
