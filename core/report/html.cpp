// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/html.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "base/error.h"
#include "report/html_style.h"
#include "report/number_text.h"
#include "report/svg.h"

namespace vitrine::report {
namespace {

constexpr std::size_t kLongTable = 24;  ///< rows from which a table scrolls under its head
constexpr std::size_t kWideTable = 6;   ///< columns from which its words give way to the width of the page

/// The range over which a column's bars are drawn, in the bar's own scale.
struct BarScale {
    double low = 0;
    double high = 0;
};

double barPosition(double value, Bar bar) { return bar == Bar::logarithmic ? std::log10(value) : value; }

bool hasBar(const Column& column, const Cell& cell) {
    const auto number = cellNumber(cell);
    return number && std::isfinite(*number) && *number > 0 && *number < column.exactFrom;
}

BarScale barScale(const Table& table, std::size_t index) {
    const Column& column = table.columns[index];
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const auto& row : table.rows) {
        if (!hasBar(column, row[index])) continue;
        const double position = barPosition(*cellNumber(row[index]), column.bar);
        least = std::min(least, position);
        most = std::max(most, position);
    }
    if (most < least) return {};
    return {column.bar == Bar::logarithmic ? least - 1 : 0, most};
}

/// Whether every cell of a column is short enough to stay on one line of a screen.
bool isTight(const Table& table, std::size_t index) {
    constexpr std::size_t longest = 34;
    return std::all_of(table.rows.begin(), table.rows.end(), [&](const auto& row) {
        const auto* text = std::get_if<std::string>(&row[index]);
        return text == nullptr || text->size() <= longest;
    });
}

/// Identifiers and lists may break after dots, slashes, underscores and commas.
std::string breakable(std::string_view text) {
    std::string html;
    for (std::size_t i = 0; i < text.size(); ++i) {
        html += escapeHtml(text.substr(i, 1));
        const bool isInside = i + 1 < text.size() && text[i + 1] != ' ';
        if (isInside && std::string_view("./_,").find(text[i]) != std::string_view::npos) html += "<wbr>";
    }
    return html;
}

std::string typographic(std::string text) {
    if (!text.empty() && text.front() == '-') text.replace(0, 1, "\u2212");
    const std::size_t exponent = text.find("e-");
    if (exponent != std::string::npos) text.replace(exponent + 1, 1, "\u2212");
    return text;
}

/// How the cells of one column are drawn.
struct Look {
    const Column* column = nullptr;
    std::size_t index = 0;
    bool heads = false;  ///< its cells name their rows
    bool tight = false;
    BarScale scale;
};

std::vector<Look> looksOf(const Table& table) {
    std::vector<Look> looks;
    for (const std::size_t c : shownColumns(table)) {
        const Column& column = table.columns[c];
        looks.push_back(
            {&column, c, looks.empty(), isTight(table, c), column.bar == Bar::none ? BarScale{} : barScale(table, c)});
    }
    return looks;
}

class HtmlWriter {
  public:
    std::string write(const Document& document);

  private:
    void head(const Document& document);
    void contents(const Document& document);
    void section(const Section& section);
    void table(const Table& table);
    void tableHead(const std::vector<Look>& looks);
    void cell(const Look& look, const Cell& cell);
    void bar(const Column& column, const Cell& cell, const BarScale& scale);
    std::string uniqueId(const std::string& wanted);

    void block(const Paragraph& paragraph) { html_ += "<p>" + escapeHtml(paragraph.text) + "</p>\n"; }
    void block(const List& list);
    void block(const Facts& facts);
    void block(const Table& content) { table(content); }
    void block(const Figure& figure);

    std::string html_;
    std::set<std::string> ids_;
};

std::string HtmlWriter::uniqueId(const std::string& wanted) {
    std::string id;
    for (const char c : wanted) id += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '-';
    std::string unique = id;
    for (int number = 2; !ids_.insert(unique).second; ++number) unique = id + "-" + std::to_string(number);
    return unique;
}

void HtmlWriter::head(const Document& document) {
    html_ +=
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
        "data:\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n";
    html_ += "<meta name=\"generator\" content=\"" + escapeHtml(document.generator) + "\">\n";
    html_ +=
        "<title>" + escapeHtml(document.title) + "</title>\n<style>" + std::string(htmlStyle()) + "</style>\n</head>\n";
}

void HtmlWriter::contents(const Document& document) {
    html_ += "<nav aria-label=\"Contents\">\n<ol>\n";
    for (const Section& section : document.sections)
        html_ += std::string("<li") + (section.level > 1 ? " class=\"part\"" : "") + "><a href=\"#" +
                 escapeHtml(section.id) + "\">" + escapeHtml(section.title) + "</a></li>\n";
    html_ += "</ol>\n</nav>\n";
}

void HtmlWriter::block(const List& list) {
    if (list.items.empty()) return;
    html_ += "<ul>\n";
    for (const std::string& item : list.items) html_ += "<li>" + escapeHtml(item) + "</li>\n";
    html_ += "</ul>\n";
}

void HtmlWriter::block(const Facts& facts) {
    html_ += "<dl class=\"facts\">\n";
    for (const Fact& fact : facts.items) {
        html_ += "<div class=\"fact\"><dt>" + escapeHtml(fact.label) + "</dt><dd><div class=\"value\">" +
                 escapeHtml(typographic(fact.value)) + "</div>";
        if (!fact.detail.empty()) html_ += "<div class=\"detail\">" + escapeHtml(fact.detail) + "</div>";
        html_ += "</dd></div>\n";
    }
    html_ += "</dl>\n";
}

void HtmlWriter::block(const Figure& figure) {
    if (!figure.svg) return;
    const std::string id = uniqueId("figure-" + figure.id);
    std::string svg;
    try {
        svg = embeddableSvg(*figure.svg, id + ".");  // no other id of the page holds a dot behind "figure-"
    } catch (const Exception&) {
        return;  // fillFigures() tells about such a drawing
    }
    svg.insert(std::string_view("<svg").size(), " role=\"img\" aria-labelledby=\"" + id + "-caption\"");
    html_ += "<figure id=\"" + id + "\">\n" + svg + "\n<figcaption id=\"" + id + "-caption\">" +
             escapeHtml(figure.caption) + "</figcaption>\n</figure>\n";
}

void HtmlWriter::tableHead(const std::vector<Look>& looks) {
    html_ += "<thead>\n<tr>";
    for (const Look& look : looks) {
        const Column& column = *look.column;
        const bool bar = column.bar != Bar::none;
        html_ += std::string("<th scope=\"col\"") + (bar ? " colspan=\"2\"" : "") +
                 (isNumeric(column) && !bar ? " class=\"number\"" : "") + ">" + escapeHtml(column.title);
        if (!column.unit.empty()) html_ += " <span class=\"unit\">" + escapeHtml(column.unit) + "</span>";
        html_ += "</th>";
    }
    html_ += "</tr>\n</thead>\n";
}

void HtmlWriter::bar(const Column& column, const Cell& cell, const BarScale& scale) {
    html_ += "<td class=\"bar\" aria-hidden=\"true\">";
    if (hasBar(column, cell)) {
        const double extent = scale.high - scale.low;
        const double share = extent > 0 ? (barPosition(*cellNumber(cell), column.bar) - scale.low) / extent : 0;
        html_ += "<span><i style=\"width:" + fixedText(100 * share, 1) + "%\"></i></span>";
    }
    html_ += "</td>";
}

void HtmlWriter::cell(const Look& look, const Cell& cell) {
    const Column& column = *look.column;
    const std::string text = cellText(cell, column);
    std::string content = escapeHtml(text);
    std::string style = look.tight ? "tight" : "";
    switch (column.format) {
        case Format::text:
            content = breakable(text);
            if (!look.tight) style = "prose";
            break;
        case Format::identifier:
            content = breakable(text);
            style += " id";
            break;
        case Format::label:
            if (!text.empty()) content = "<span class=\"label " + content + "\">" + content + "</span>";
            break;
        case Format::integer:
        case Format::fixed:
        case Format::significant:
            content = escapeHtml(typographic(text));
            style = "number";
            break;
    }
    const std::string tag = look.heads ? "th" : "td";
    html_ += "<" + tag + (look.heads ? " scope=\"row\"" : "") + (style.empty() ? "" : " class=\"" + style + "\"") +
             ">" + content + "</" + tag + ">";
    if (column.bar != Bar::none) bar(column, cell, look.scale);
}

void HtmlWriter::table(const Table& table) {
    const std::string id = uniqueId("table-" + table.id);
    const std::vector<Look> looks = looksOf(table);
    html_ += "<div class=\"tablebox\" id=\"" + id + "\">\n<p class=\"caption\" aria-hidden=\"true\">" +
             escapeHtml(table.caption) + "</p>\n<div class=\"scroll" + (table.rows.size() > kLongTable ? " long" : "") +
             "\" role=\"region\" tabindex=\"0\" aria-label=\"" + escapeHtml(table.caption) + "\">\n<table" + (looks.size() >= kWideTable ? " class=\"wide\"" : "") +
             ">\n<caption>" + escapeHtml(table.caption) + "</caption>\n";
    tableHead(looks);
    html_ += "<tbody>\n";
    for (const auto& row : table.rows) {
        html_ += "<tr>";
        for (const Look& look : looks) cell(look, row[look.index]);
        html_ += "</tr>\n";
    }
    html_ += "</tbody>\n</table>\n</div>\n";
    if (!table.note.empty()) html_ += "<p class=\"note\">" + escapeHtml(table.note) + "</p>\n";
    html_ += "</div>\n";
}

void HtmlWriter::section(const Section& section) {
    const std::string heading = section.level > 1 ? "h3" : "h2";
    const std::string id = escapeHtml(section.id);
    html_ += "<section aria-labelledby=\"" + id + "\">\n<" + heading + " id=\"" + id + "\">" +
             escapeHtml(section.title) + "</" + heading + ">\n";
    for (const Block& content : section.blocks) std::visit([this](const auto& held) { block(held); }, content);
    html_ += "</section>\n";
}

std::string HtmlWriter::write(const Document& document) {
    head(document);
    for (const Section& part : document.sections) ids_.insert(part.id);
    html_ += "<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n<div class=\"page\">\n<header>\n<h1>" +
             escapeHtml(document.title) + "</h1>\n<p>" + escapeHtml(document.subtitle) +
             "</p>\n</header>\n<div class=\"columns\">\n";
    contents(document);
    html_ += "<main id=\"main\">\n";
    for (const Section& part : document.sections) section(part);
    html_ += "</main>\n</div>\n<footer>Made by " + escapeHtml(document.generator) + " on " +
             escapeHtml(document.created) + ".</footer>\n</div>\n</body>\n</html>\n";
    return std::move(html_);
}

}  // namespace

std::string escapeHtml(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f)
                    html += "\ufffd";
                else
                    html += c;
        }
    }
    return html;
}

std::string toHtml(const Document& document) { return HtmlWriter().write(document); }

}  // namespace vitrine::report
