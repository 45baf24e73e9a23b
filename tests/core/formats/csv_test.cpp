// SPDX-License-Identifier: GPL-3.0-or-later
#include "formats/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "base/files.h"
#include "support/reference_data.h"

namespace vitrine::formats {
namespace {

using namespace std::string_literals;
using testing::HasSubstr;

std::vector<CsvRecord> records(std::string_view text) {
    std::vector<CsvRecord> list;
    readCsvRecords(text, "t.csv", [&list](const CsvRecord& record) { list.push_back(record); });
    return list;
}

/// The place that the refusal of a table names.
std::string refusedAt(const std::string& text, std::optional<std::int64_t> classCount = {}) {
    try {
        parseLabelledTable(text, "t.csv", classCount);
    } catch (const Exception& error) {
        return error.error().where;
    }
    return "not refused";
}

TEST(Csv, QuotesCommasAndLineEnds) {
    const auto list = records("a,b\r\n\"x, \"\"y\"\"\",\"two\nlines\"\n\n,\n\"\"\nlast");
    ASSERT_EQ(list.size(), 5u);
    EXPECT_EQ(list[0].fields, (std::vector<std::string>{"a", "b"}));
    EXPECT_EQ(list[1].fields, (std::vector<std::string>{"x, \"y\"", "two\nlines"}));
    EXPECT_EQ(list[2].fields, (std::vector<std::string>{"", ""}));
    EXPECT_EQ(list[2].line, 5);
    EXPECT_EQ(list[3].fields, (std::vector<std::string>{""}));
    EXPECT_EQ(list[4].fields, (std::vector<std::string>{"last"}));
    EXPECT_EQ(list[4].line, 7);
}

TEST(Csv, RefusesQuotesThatDoNotAddUp) {
    EXPECT_THROW(records("a,\"b"), Exception);
    EXPECT_THROW(records("a,b\"c\""), Exception);
    EXPECT_THROW(records("a,\"b\"c"), Exception);
    EXPECT_THROW(records("a\rb"), Exception);
    EXPECT_THROW(records(std::string(300, ',')), Exception);
}

TEST(LabelledTable, ReadsColumnsByName) {
    const LabelledTable table =
        parseLabelledTable("\xef\xbb\xbflabel,note,file\n 3\t,x,a.png\n0,,\"b,c.png\"\n", "t.csv");
    ASSERT_EQ(table.rows.size(), 2u);
    EXPECT_EQ(table.rows[0].path, "a.png");
    EXPECT_EQ(table.rows[0].label, 3);
    EXPECT_EQ(table.rows[1].path, "b,c.png");
    EXPECT_EQ(table.rows[1].line, 3);
    EXPECT_TRUE(table.warnings.empty());
    EXPECT_TRUE(parseLabelledTable("path,label", "t.csv").rows.empty());
}

TEST(LabelledTable, ColumnPreparedIsOneOrZero) {
    const LabelledTable table = parseLabelledTable("file,prepared,label\na.png,1,3\nb.png, 0,4\n", "t.csv");
    EXPECT_TRUE(table.rows.at(0).prepared);
    EXPECT_FALSE(table.rows.at(1).prepared);
    EXPECT_EQ(table.rows.at(1).label, 4);
    for (const char* value : {"", "yes", "2", "11"})
        EXPECT_EQ(refusedAt("file,prepared,label\na.png,"s + value + ",3\n"), "t.csv line 2") << value;
    EXPECT_EQ(refusedAt("file,prepared,prepared,label\na.png,1,1,3\n"), "t.csv line 1");
}

TEST(LabelledTable, ErrorsNameFileAndLine) {
    EXPECT_EQ(refusedAt(""), "t.csv line 1");
    EXPECT_EQ(refusedAt("\xff\xfe"
                        "f\0"s),
              "t.csv line 1");
    EXPECT_EQ(refusedAt("file,klass\na.png,1\n"), "t.csv line 1");
    EXPECT_EQ(refusedAt("file,path,label\na,b,1\n"), "t.csv line 1");
    EXPECT_EQ(refusedAt("file,label\na.png,1\nb\0.png,2\n"s), "t.csv line 3");
    EXPECT_EQ(refusedAt("file,label\na.png,1\nb.png\n"), "t.csv line 3");
    EXPECT_EQ(refusedAt("file,label\na.png,1,2\n"), "t.csv line 2");
    for (const char* label : {"", "-1", "cat", "1.5", "0x3", "1e3", "99999999999999999999", "3 4", "+3"})
        EXPECT_EQ(refusedAt("file,label\na.png,"s + label + "\n"), "t.csv line 2") << label;
    EXPECT_EQ(refusedAt("file,label\na.png,10\n", 10), "t.csv line 2");
    EXPECT_EQ(refusedAt("file,label\na.png,9\n", 10), "not refused");
    EXPECT_EQ(refusedAt("file,label\n" + std::string(5000, 'a') + ",1\n"), "t.csv line 2");
}

TEST(LabelledTable, PathsStayInsideTheFolder) {
    for (const char* path : {"/etc/passwd", "..", "../a.png", "a/../../b.png", ""})
        EXPECT_EQ(refusedAt("file,label\n"s + path + ",1\n"), "t.csv line 2") << path;
    EXPECT_EQ(refusedAt("file,label\na/../b.png,1\n"), "not refused");
}

TEST(LabelledTable, RepeatedPicturesAreWarnings) {
    std::string text = "file,label\na.png,1\na.png,2\na.png,1\n";
    const LabelledTable table = parseLabelledTable(text, "t.csv");
    ASSERT_EQ(table.warnings.size(), 2u);
    EXPECT_THAT(table.warnings[0], HasSubstr("labels 1 and 2"));
    EXPECT_THAT(table.warnings[1], HasSubstr("same label"));
    for (int i = 0; i < 100; ++i) text += "a.png,1\n";
    EXPECT_EQ(parseLabelledTable(text, "t.csv").warnings.size(), 21u);
}

TEST(LabelledTable, ReferenceFilesGetWhatTheirIndexAsks) {
    VITRINE_REQUIRE_REFERENCE("golden/bad/index.json");
    const std::map<std::string, std::size_t> loaded{{"blank_lines", 1},    {"bom", 1},
                                                    {"directory", 1},      {"duplicate_rows", 2},
                                                    {"header_only", 0},    {"label_hex_or_space", 1},
                                                    {"missing_image", 2},  {"ok_control", 2},
                                                    {"quoted", 2},         {"quoted_newline", 1},
                                                    {"swapped_columns", 1}};
    for (const auto& [file, rows] : loaded) {
        const LabelledTable table = readLabelledTable(test::referencePath("golden/bad/csv_" + file + ".csv"), 1000);
        EXPECT_EQ(table.rows.size(), rows) << file;
        EXPECT_EQ(table.warnings.size(), file == "duplicate_rows" ? 1u : 0u) << file;
    }
    EXPECT_EQ(readLabelledTable(test::referencePath("golden/bad/csv_quoted.csv")).rows[1].path, "a,b \"c\".png");
    for (const char* file : {"huge_line", "label_negative", "label_text", "label_too_big", "missing_field", "no_header",
                             "nul_bytes", "traversal", "utf16", "wrong_columns"}) {
        const auto path = test::referencePath("golden/bad/csv_"s + file + ".csv");
        try {
            readLabelledTable(path, 1000);
            ADD_FAILURE() << file << " was not refused";
        } catch (const Exception& error) {
            EXPECT_THAT(error.error().where, HasSubstr(path.string() + " line ")) << file;
        }
    }
}

}  // namespace
}  // namespace vitrine::formats
