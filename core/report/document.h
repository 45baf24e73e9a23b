// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// A report as data: what it says, not how it looks. Built from a project (study_report.h), written by html.h, csv.h,
/// json.h and text.h. Plain values; all functions of this room may be called from several threads.
namespace vitrine::report {

/// A table cell; monostate is "not known", printed as a dash and left empty in CSV.
using Cell = std::variant<std::monostate, std::string, std::int64_t, double>;

/// The value, or an unknown cell.
template <typename Value>
Cell cellOf(const std::optional<Value>& value) {
    if (value) return *value;
    return std::monostate{};
}

/// How the values of a column are printed for people. CSV and JSON always hold the full value.
enum class Format {
    text,
    identifier,   ///< site ids, file names: fixed width, may break after dots
    label,        ///< a word of a small set ("published", "ours"), drawn as a label
    integer,      ///< with thin spaces between groups of three digits
    fixed,        ///< `digits` decimals
    significant,  ///< `digits` significant digits, scientific when very small or large
};

/// The length of the bar beside a number. Bars of one column share a scale that begins at 0 (logarithmic: at a tenth of
/// the smallest value).
enum class Bar { none, linear, logarithmic };

struct Column {
    std::string id;     ///< stable key in CSV and JSON: "sqnr_db"
    std::string title;  ///< for people: "SQNR"
    std::string unit;   ///< "dB", or empty
    Format format = Format::text;
    int digits = 2;
    Bar bar = Bar::none;
    bool dataOnly = false;                                       ///< in CSV and JSON, but not in tables for people
    double exactFrom = std::numeric_limits<double>::infinity();  ///< from here on a value is printed as "exact"
};

/// Whether numbers of this column stand to the right.
inline bool isNumeric(const Column& column) {
    return column.format == Format::integer || column.format == Format::fixed || column.format == Format::significant;
}

struct Table {
    std::string id;  ///< stable: "errors.local"
    std::string caption;
    std::vector<Column> columns;
    std::vector<std::vector<Cell>> rows;  ///< each with one cell per column
    std::string note;                     ///< printed below; may be empty
};

/// The columns that tables for people show: not `dataOnly`, and not empty in all rows.
std::vector<std::size_t> shownColumns(const Table& table);

/// A headline number: "Top-1, quantized", "31.7 %", "28.8 to 34.7 % (95 %)".
struct Fact {
    std::string label;
    std::string value;
    std::string detail;
};
struct Facts {
    std::vector<Fact> items;
};

struct Paragraph {
    std::string text;
};

/// Text of several lines as paragraphs, one for each line that is not empty.
std::vector<Paragraph> paragraphsOf(const std::string& text);

struct List {
    std::vector<std::string> items;
};

/// A place for a drawing. The report says what it shows; only a program with plots can fill it (fillFigures()). Writers leave an
/// empty one out: the table with the same numbers stands beside it.
struct Figure {
    std::string id;       ///< unique in the document: "r0001-repq-errors.local"
    std::string run;      ///< run id
    std::string view;     ///< id of the view that draws it: "errors"
    std::string options;  ///< {"reference": "local"}: options of the view by id, as JSON; empty: all as by default
    std::string caption;
    std::optional<std::string> svg;  ///< an SVG file; checked where it is put to use
    std::string against = {};        ///< id of run B in a comparison, or empty
    std::string site = {};           ///< site to select, or empty: the view chooses
    double widthMm = 160;  ///< 0, both: as is good for the view
    double heightMm = 90;
};

using Block = std::variant<Paragraph, List, Facts, Table, Figure>;

struct Section {
    std::string id;  ///< anchor, unique in the document: "summary"
    std::string title;
    int level = 1;  ///< 1, or 2 for a part of the section before
    std::vector<Block> blocks;
};

struct Document {
    std::string title;
    std::string subtitle;
    std::string generator;  ///< "Vitrine 0.1.0"
    std::string created;    ///< date and time in words
    std::vector<Section> sections;
};

/// Every place for a drawing, in reading order. They point into `document`.
std::vector<Figure*> figuresOf(Document& document);

}  // namespace vitrine::report
