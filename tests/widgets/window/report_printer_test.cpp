// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/report_printer.h"

#include <gtest/gtest.h>

#include <QFile>

#include "base/error.h"
#include "base/files.h"
#include "support/temporary_folder.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

report::Document longDocument() {
    report::Document document;
    document.title = "Study";
    document.subtitle = "Two runs";
    document.generator = "Vitrine";
    document.created = "2026-11-21 01:45 UTC";
    report::Table table{"sites",
                        "Every site",
                        {{"site", "Site", "", report::Format::identifier},
                         {"sqnr", "SQNR", "dB", report::Format::fixed},
                         {"text", "What it is", "", report::Format::text}},
                        {},
                        "A note."};
    for (int i = 0; i < 300; ++i)
        table.rows.push_back({"blocks." + std::to_string(i) + ".attn.qkv.weight", 20.5 + i,
                              std::string("a sentence that is long enough to wrap in a narrow column of a page")});
    report::Figure figure{"figure", "r0001", "errors", "", "A square", std::nullopt};
    figure.svg =
        R"(<svg xmlns="http://www.w3.org/2000/svg" width="160mm" height="90mm" viewBox="0 0 160 90"><rect width="50" height="50"/></svg>)";
    report::Facts facts;
    for (int i = 0; i < 5; ++i) facts.items.push_back({"Top-1, quantized", "31.7 %", "28.8 to 34.7 % (95 %)"});
    document.sections.push_back(
        {"one", "Summary", 1, {facts, report::Paragraph{std::string(4000, 'x')}, report::List{{"first", "second"}}}});
    document.sections.push_back({"two", "Sites", 1, {figure, table}});
    return document;
}

TEST(ReportPrinter, WritesPages) {
    const test::TemporaryFolder folder;
    const auto file = folder / "report.pdf";
    double last = 0;
    printReport(longDocument(), pathText(file), [&](double fraction) {
        EXPECT_GE(fraction, last);
        last = fraction;
        return true;
    });
    const std::string bytes = readTextFile(file);
    EXPECT_EQ(bytes.substr(0, 5), "%PDF-");
    EXPECT_NE(bytes.find("/Count"), std::string::npos);
    EXPECT_GT(bytes.size(), 10000u);
    EXPECT_GT(last, 0.5);
}

TEST(ReportPrinter, StoppingLeavesNoFile) {
    const test::TemporaryFolder folder;
    EXPECT_THROW(printReport(longDocument(), pathText(folder / "report.pdf"), [](double) { return false; }), Exception);
    EXPECT_FALSE(std::filesystem::exists(folder / "report.pdf"));
}

TEST(ReportPrinter, SaysWhereItCannotWrite) {
    const test::TemporaryFolder folder;
    try {
        printReport(longDocument(), pathText(folder / "no" / "such" / "report.pdf"), {});
        FAIL();
    } catch (const Exception& exception) {
        EXPECT_EQ(exception.error().code, ErrorCode::ioFailure);
        EXPECT_NE(exception.error().where.find("report.pdf"), std::string::npos);
    }
}

}  // namespace
}  // namespace vitrine::widgets
