// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "report/csv.h"
#include "report/html.h"
#include "report/json.h"
#include "report/text.h"

namespace vitrine::report {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

Table sample() {
    return {"sample",
            "A \"sample\" <table>",
            {{"site", "Site", "", Format::identifier},
             {"mse", "MSE", "", Format::significant, 3, Bar::logarithmic},
             {"count", "Count", "images", Format::integer}},
            {{std::string("blocks.0.a"), 0.001, std::int64_t{12345}},
             {std::string("x,\"y\"\n<b>"), Cell(), std::int64_t{-1}}},
            ""};
}

Document documentOf(std::vector<Block> blocks) {
    return {"Study <1>", "sub & title", "Vitrine test", "today", {{"first", "First", 1, std::move(blocks)}}};
}

std::size_t countOf(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

TEST(Csv, QuotesWhatRfc4180AsksFor) {
    EXPECT_EQ(toCsv(sample()), "site,mse,count\r\nblocks.0.a,0.001,12345\r\n\"x,\"\"y\"\"\n<b>\",,-1\r\n");
}

TEST(Json, RowsAreObjectsAndUnknownCellsNull) {
    const auto rows = rowsToJson(sample());
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0]["count"], 12345);
    EXPECT_TRUE(rows[1]["mse"].is_null());
    EXPECT_EQ(rows[1]["site"], "x,\"y\"\n<b>");
}

TEST(Text, AlignsAndKeepsControlCharactersAway) {
    EXPECT_EQ(toText(sample()),
              "Site            MSE  Count [images]\n"
              "----------  -------  --------------\n"
              "blocks.0.a  0.00100          12 345\n"
              "x,\"y\"?<b>         -              -1\n");
}

TEST(Html, EscapesEverythingThatComesFromOutside) {
    const std::string html =
        toHtml(documentOf({sample(), Paragraph{"<script>"}, List{{"a<b"}}, Facts{{{"<l>", "<v>", "<d>"}}}}));
    for (const char* raw : {"<script", "<b>", "a<b", "<l>", "<v>", "<d>", "Study <1>", "\"sample\" <table>"})
        EXPECT_THAT(html, Not(HasSubstr(raw)));
    EXPECT_THAT(html, HasSubstr("<title>Study &lt;1&gt;</title>"));
    EXPECT_THAT(html, HasSubstr("x,<wbr>&quot;y&quot;"));
}

TEST(Html, LoadsNothingAndIsAccessible) {
    const std::string html = toHtml(documentOf({sample()}));
    for (const char* outside : {"http://", "https://", "src=", "@import", "<link", "<script"})
        EXPECT_THAT(html, Not(HasSubstr(outside)));
    for (const char* part : {"<html lang=\"en\">", "<caption>", "scope=\"col\"", "scope=\"row\"",
                             "prefers-color-scheme: dark", "@media print", "charset=\"utf-8\"", "<main id=\"main\">"})
        EXPECT_THAT(html, HasSubstr(part));
}

TEST(Html, FiguresAreDrawnOnlyWhenThereIsADrawing) {
    Figure figure{"errors", "r1", "errors", "", "Errors <by> depth", std::nullopt};
    EXPECT_THAT(toHtml(documentOf({figure})), Not(HasSubstr("<figure")));
    figure.svg = "<svg width=\"5mm\"></svg>";
    const std::string html = toHtml(documentOf({figure}));
    EXPECT_THAT(html, HasSubstr("<svg role=\"img\" aria-labelledby=\"figure-errors-caption\" width=\"5mm\"></svg>"));
    EXPECT_THAT(html, HasSubstr("<figcaption id=\"figure-errors-caption\">Errors &lt;by&gt; depth</figcaption>"));
    figure.svg = "<svg><script>alert(1)</script></svg>";
    const std::string refused = toHtml(documentOf({figure}));
    EXPECT_THAT(refused, Not(HasSubstr("<script")));
    EXPECT_THAT(refused, Not(HasSubstr("<figure")));
}

TEST(Html, DrawingsThatShareAPageKeepTheirOwnIds) {
    Figure figure{"errors", "r1", "errors", "", "Errors", "<svg><path id=\"a\"/><use href=\"#a\"/></svg>"};
    const std::string html = toHtml(documentOf({figure, figure}));
    for (const char* id : {"figure-errors.a", "figure-errors-2.a"}) {
        EXPECT_EQ(countOf(html, "id=\"" + std::string(id) + "\""), 1u);
        EXPECT_EQ(countOf(html, "href=\"#" + std::string(id) + "\""), 1u);
    }
}

TEST(Html, BarsShareTheScaleOfTheirColumn) {
    Table table{"t",
                "t",
                {{"v", "V", "", Format::fixed, 1, Bar::linear, false, 999}},
                {{5.0}, {10.0}, {999.0}, {-3.0}, {Cell()}},
                ""};
    const std::string html = toHtml(documentOf({table}));
    EXPECT_THAT(html, HasSubstr("width:50.0%"));
    EXPECT_THAT(html, HasSubstr("width:100.0%"));
    EXPECT_EQ(countOf(html, "<i style"), 2u);

    table.columns[0] = {"v", "V", "", Format::significant, 3, Bar::logarithmic};
    table.rows = {{0.001}, {0.1}, {0.0}, {std::numeric_limits<double>::infinity()}};
    const std::string logarithmic = toHtml(documentOf({table}));
    EXPECT_THAT(logarithmic, HasSubstr("width:33.3%"));
    EXPECT_THAT(logarithmic, HasSubstr("width:100.0%"));
}

TEST(Html, AnchorsAreUnique) {
    const std::string html = toHtml(documentOf({sample(), sample()}));
    EXPECT_EQ(countOf(html, "id=\"table-sample\""), 1u);
    EXPECT_EQ(countOf(html, "id=\"table-sample-2\""), 1u);
}

}  // namespace
}  // namespace vitrine::report
