// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vitrine::formats {

/// One record of a comma-separated file.
struct CsvRecord {
    std::int64_t line = 0;  ///< where it begins, counted from 1
    std::vector<std::string> fields;
};

/// Hands the records of a comma-separated text one by one to `take`, by RFC 4180: fields in double quotes may hold
/// commas, line ends and doubled quotes. Lines end in LF or CR LF; blank lines and a UTF-8 byte order mark are skipped.
/// `name` stands in the errors, which are Exception(badFormat) with the line: NUL bytes, UTF-16, a carriage return
/// alone, quotes in wrong places or never closed, a field above 4096 bytes, a record above 256 fields.
void readCsvRecords(std::string_view text, const std::string& name, const std::function<void(const CsvRecord&)>& take);

struct LabelledRow {
    std::string path;        ///< as written: relative, and inside the folder that it will be looked up in
    std::int64_t label = 0;  ///< 0 or more
    std::int64_t line = 0;   ///< where the row begins in the file, counted from 1
    bool prepared = false;   ///< the picture is a network's input already: neither resized nor cropped
};

/// A table of pictures with their classes.
struct LabelledTable {
    std::vector<LabelledRow> rows;
    std::vector<std::string> warnings;  ///< pictures that are listed twice; at most 20 and a closing count
};

/// Reads a table whose first line names its columns: `label` and either `file` or `path`, in any order, and if wanted `prepared`, which
/// holds 1 or 0; further columns are ignored. A label is a decimal number from 0, below `classCount` when that is given; spaces around it do not
/// matter. A table without rows is legal. Throws Exception(notFound, ioFailure), Exception(tooLarge) above 256 MiB or
/// five million rows, and Exception(badFormat) that names the file and the line.
LabelledTable readLabelledTable(const std::filesystem::path& path, std::optional<std::int64_t> classCount = {});

/// The same for a text; `name` stands in the errors.
LabelledTable parseLabelledTable(std::string_view text, const std::string& name,
                                 std::optional<std::int64_t> classCount = {});

}  // namespace vitrine::formats
