// SPDX-License-Identifier: GPL-3.0-or-later
#include "progress_line.h"

#include <gmock/gmock.h>

namespace vitrine::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

jobs::ProgressReport halfWay() {
    return {.fraction = 0.5,
            .stage = "calibrate / blocks.3",
            .detail = "12 of 32 sites",
            .elapsedSeconds = 10,
            .etaSeconds = 72};
}

TEST(ProgressLine, ShowsStageBarPercentAndTime) {
    EXPECT_EQ(progressLine(halfWay(), {.redraws = true, .width = 100}),
              "[############------------]  50 %  ETA 1:12     calibrate / blocks.3: 12 of 32 sites");
}

TEST(ProgressLine, FitsAnyWidth) {
    for (int width = 20; width < 140; ++width) {
        const std::string line = progressLine(halfWay(), {.redraws = true, .width = width});
        EXPECT_LT(line.size(), static_cast<std::size_t>(width)) << line;
        EXPECT_THAT(line, HasSubstr("50 %"));
    }
}

TEST(ProgressLine, UnicodeAndColourOnlyWhereAllowed) {
    EXPECT_THAT(progressLine(halfWay(), {.redraws = true, .unicode = true}), HasSubstr("\u2588"));
    EXPECT_THAT(progressLine(halfWay(), {.redraws = true, .colour = true}), HasSubstr("\x1b["));
    EXPECT_THAT(progressLine(halfWay(), {.redraws = true}), Not(HasSubstr("\x1b[")));
}

TEST(ProgressLine, NothingJumpsWhileTimeAndStageChange) {
    jobs::ProgressReport later = halfWay();
    later.etaSeconds = 7200;
    later.fraction = 1;
    const TerminalStyle style{.redraws = true, .width = 100};
    EXPECT_EQ(progressLine(later, style).find("calibrate"), progressLine(halfWay(), style).find("calibrate"));
}

TEST(ProgressLine, LongNamesAreCutBetweenCharacters) {
    jobs::ProgressReport report = halfWay();
    report.stage = std::string(200, 'x') + "\u00e9";
    report.detail.clear();
    EXPECT_LT(progressLine(report, {.redraws = true, .width = 60}).size(), 60u);
}

TEST(ProgressPrinter, PlainLinesComeOnceAStageAndTenth) {
    ::testing::internal::CaptureStderr();
    {
        ProgressPrinter printer(TerminalStyle{});
        for (int i = 0; i <= 100; ++i)
            printer.show(
                {.fraction = i / 100.0, .stage = i < 50 ? "calibrate / a" : "weights", .detail = std::to_string(i)});
    }
    const std::string text = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, Not(HasSubstr("\r")));
    EXPECT_THAT(text, HasSubstr("  0 %  calibrate / a: 0\n"));
    EXPECT_THAT(text, HasSubstr(" 50 %  weights: 50\n"));
    EXPECT_THAT(text, HasSubstr("100 %  weights: 100\n"));
    EXPECT_LE(std::count(text.begin(), text.end(), '\n'), 14);
}

TEST(ProgressPrinter, TerminalLinesAreRemovedAtTheEnd) {
    ::testing::internal::CaptureStderr();
    {
        ProgressPrinter printer(TerminalStyle{.redraws = true});
        printer.show(halfWay());
        printer.note("a note");
        printer.show(halfWay());
    }
    const std::string text = ::testing::internal::GetCapturedStderr();
    EXPECT_THAT(text, HasSubstr("\r\x1b[Ka note\n"));
    EXPECT_EQ(text.substr(text.size() - 4), "\r\x1b[K");
}

}  // namespace
}  // namespace vitrine::cli
