// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/csv.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>

#include "base/error.h"
#include "base/files.h"
#include "formats/bytes.h"

namespace vitrine::formats {
namespace {

constexpr std::size_t kMaximumField = 4096;
constexpr std::size_t kMaximumFields = 256;
constexpr std::size_t kMaximumRows = 5'000'000;
constexpr std::size_t kMaximumWarnings = 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

[[noreturn]] void failAt(const std::string& name, std::int64_t line, std::string what, std::string remedy = {}) {
    fail(ErrorCode::badFormat, std::move(what), name + " line " + std::to_string(line), std::move(remedy));
}

class CsvParser {
  public:
    CsvParser(std::string_view text, const std::string& name, const std::function<void(const CsvRecord&)>& sink)
        : text_(text), name_(name), sink_(sink) {}

    void parse() {
        if (text_.starts_with("\xff\xfe") || text_.starts_with("\xfe\xff"))
            failAt(name_, 1, "the table is UTF-16", "save it as UTF-8");
        if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
        for (std::size_t i = 0; i < text_.size(); ++i) {
            const char c = text_[i];
            const bool endsLine = c == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n' && state_ != State::quoted;
            if (!endsLine) take(c);  // the line feed behind it does the work
            if (c == '\n') ++line_;
        }
        if (state_ == State::quoted)
            failAt(name_, record_.line, "a quoted field is never closed", "add the closing quote");
        endRecord();
    }

  private:
    enum class State { fieldStart, plain, quoted, quoteSeen };

    void take(char c) {
        if (c == '\0') failAt(name_, line_, "the table holds a NUL byte", "save it as plain UTF-8 text");
        switch (state_) {
            case State::fieldStart:
                if (c == '"') {
                    state_ = State::quoted;
                } else {
                    state_ = State::plain;
                    takePlain(c);
                }
                return;
            case State::plain:
                takePlain(c);
                return;
            case State::quoted:
                if (c == '"') {
                    state_ = State::quoteSeen;
                } else {
                    append(c);
                }
                return;
            case State::quoteSeen:
                if (c == '"') {
                    append(c);
                    state_ = State::quoted;
                } else if (c == ',' || c == '\n') {
                    takePlain(c);
                } else {
                    failAt(name_, line_, "text follows a closing quote", "double the quotes that belong to the field");
                }
        }
    }

    void takePlain(char c) {
        if (c == ',') {
            endField();
        } else if (c == '\n') {
            endRecord();
        } else if (c == '\r') {
            failAt(name_, line_, "a carriage return stands alone", "end the lines with LF or CR LF");
        } else if (c == '"') {
            failAt(name_, line_, "a quote stands inside an unquoted field",
                   "put the field in quotes and double those that belong to it");
        } else {
            append(c);
        }
    }

    void append(char c) {
        if (field_.size() == kMaximumField)
            failAt(name_, record_.line, "a field is longer than " + std::to_string(kMaximumField) + " bytes");
        field_.push_back(c);
    }

    void endField() {
        if (record_.fields.size() == kMaximumFields)
            failAt(name_, record_.line, "a row has more than " + std::to_string(kMaximumFields) + " fields");
        record_.fields.push_back(std::move(field_));
        field_.clear();
        state_ = State::fieldStart;
    }

    void endRecord() {
        const bool blank = record_.fields.empty() && field_.empty() && state_ != State::quoteSeen;
        endField();
        if (!blank) sink_(record_);
        record_.fields.clear();
        record_.line = line_ + 1;
    }

    std::string_view text_;
    const std::string& name_;
    const std::function<void(const CsvRecord&)>& sink_;
    State state_ = State::fieldStart;
    std::int64_t line_ = 1;
    std::string field_;
    CsvRecord record_{1, {}};
};

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpaces = " \t";
    const std::size_t from = text.find_first_not_of(kSpaces);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(kSpaces) - from + 1);
}

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

struct Columns {
    std::size_t path = 0;
    std::size_t label = 0;
    std::size_t prepared = 0;
    std::size_t count = 0;
};

Columns findColumns(const CsvRecord& header, const std::string& name) {
    Columns columns{kNone, kNone, kNone, header.fields.size()};
    std::string found;
    bool twice = false;
    for (std::size_t i = 0; i < header.fields.size(); ++i) {
        const std::string_view title = trimmed(header.fields[i]);
        if (i < 10) found += (found.empty() ? "" : ",") + std::string(title.substr(0, 60));
        std::size_t* column = title == "label"                     ? &columns.label
                              : title == "file" || title == "path" ? &columns.path
                              : title == "prepared"                ? &columns.prepared
                                                                   : nullptr;
        if (column == nullptr) continue;
        twice = twice || *column != kNone;
        *column = i;
    }
    if (twice || columns.path == kNone || columns.label == kNone)
        failAt(name, header.line,
               "the first line must name the columns file,label (or path,label) once each; found " + inQuotes(found),
               "add the line file,label on top");
    return columns;
}

std::int64_t parseLabel(std::string_view field, std::optional<std::int64_t> classCount, const std::string& name,
                        std::int64_t line) {
    const std::string_view text = trimmed(field);
    std::int64_t label = 0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), label);
    const bool number = result.ec == std::errc() && result.ptr == text.data() + text.size();
    if (!number || label < 0)
        failAt(name, line, "the label " + inQuotes(text) + " is no class number", "use 0, 1, 2, ...");
    if (classCount && label >= *classCount)
        failAt(name, line,
               "the label " + std::to_string(label) + " is none of the " + std::to_string(*classCount) +
                   " classes (0.." + std::to_string(*classCount - 1) + ")");
    return label;
}

bool parsePrepared(std::string_view field, const std::string& name, std::int64_t line) {
    const std::string_view text = trimmed(field);
    if (text != "0" && text != "1") failAt(name, line, "the column prepared holds " + inQuotes(text), "use 1 or 0");
    return text == "1";
}

void checkPath(const std::string& path, const std::string& name, std::int64_t line) {
    if (path.empty()) failAt(name, line, "the file name is empty");
    try {
        pathInside("", path);
    } catch (const Exception&) {
        failAt(name, line, "the path " + inQuotes(path) + " leaves the folder of the pictures",
               "write paths relative to that folder");
    }
}

/// Pictures that are listed again, with the same label or, worse, with another.
std::vector<std::string> duplicateWarnings(const std::vector<LabelledRow>& rows) {
    std::unordered_map<std::string_view, const LabelledRow*> first;
    first.reserve(rows.size());
    std::vector<std::string> warnings;
    std::size_t count = 0;
    for (const LabelledRow& row : rows) {
        const auto [known, isNew] = first.try_emplace(row.path, &row);
        if (isNew || ++count > kMaximumWarnings) continue;
        const LabelledRow& earlier = *known->second;
        const std::string labels = earlier.label == row.label ? "with the same label"
                                                              : "with the labels " + std::to_string(earlier.label) +
                                                                    " and " + std::to_string(row.label);
        warnings.push_back(inQuotes(row.path) + " is listed in lines " + std::to_string(earlier.line) + " and " +
                           std::to_string(row.line) + " " + labels);
    }
    if (count > kMaximumWarnings)
        warnings.push_back(std::to_string(count - kMaximumWarnings) + " further rows list a picture again");
    return warnings;
}

}  // namespace

void readCsvRecords(std::string_view text, const std::string& name, const std::function<void(const CsvRecord&)>& take) {
    CsvParser(text, name, take).parse();
}

LabelledTable parseLabelledTable(std::string_view text, const std::string& name,
                                 std::optional<std::int64_t> classCount) {
    LabelledTable table;
    std::optional<Columns> columns;
    readCsvRecords(text, name, [&](const CsvRecord& record) {
        if (!columns) {
            columns = findColumns(record, name);
            return;
        }
        if (record.fields.size() != columns->count)
            failAt(name, record.line,
                   "the number of fields is " + std::to_string(record.fields.size()) + ", but " +
                       std::to_string(columns->count) + " in the first line");
        if (table.rows.size() == kMaximumRows)
            fail(ErrorCode::tooLarge, "the table has more than " + std::to_string(kMaximumRows) + " rows", name,
                 "split it");
        const std::string& path = record.fields[columns->path];
        checkPath(path, name, record.line);
        const bool prepared = columns->prepared != kNone && parsePrepared(record.fields[columns->prepared], name, record.line);
        table.rows.push_back(
            {path, parseLabel(record.fields[columns->label], classCount, name, record.line), record.line, prepared});
    });
    if (!columns) failAt(name, 1, "the table is empty", "its first line must be file,label");
    table.warnings = duplicateWarnings(table.rows);
    return table;
}

LabelledTable readLabelledTable(const std::filesystem::path& path, std::optional<std::int64_t> classCount) {
    return parseLabelledTable(readTextFile(path), path.string(), classCount);
}

}  // namespace vitrine::formats
