// SPDX-License-Identifier: GPL-3.0-or-later
#include "report/number_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace vitrine::report {
namespace {

TEST(NumberText, FixedHasNoNegativeZero) {
    EXPECT_EQ(fixedText(-0.001, 2), "0.00");
    EXPECT_EQ(fixedText(-0.006, 2), "-0.01");
    EXPECT_EQ(fixedText(12.345, 1), "12.3");
    EXPECT_EQ(fixedText(std::numeric_limits<double>::infinity(), 1), "infinite");
}

TEST(NumberText, SignificantSwitchesToScientificAtTheEnds) {
    EXPECT_EQ(significantText(0, 3), "0");
    EXPECT_EQ(significantText(0.00123456, 3), "0.00123");
    EXPECT_EQ(significantText(0.000123456, 3), "1.23e-4");
    EXPECT_EQ(significantText(123.456, 4), "123.5");
    EXPECT_EQ(significantText(123456, 3), "123456");
    EXPECT_EQ(significantText(1.5e6, 3), "1.50e6");
    EXPECT_EQ(significantText(-2.5e-10, 2), "-2.5e-10");
}

TEST(NumberText, IntegersAreGroupedFromFiveDigitsOn) {
    EXPECT_EQ(integerText(9999), "9999");
    EXPECT_EQ(integerText(12345), "12\u202f345");
    EXPECT_EQ(integerText(-123456), "-123\u202f456");
    EXPECT_EQ(integerText(5717416), "5\u202f717\u202f416");
}

TEST(NumberText, Quantities) {
    EXPECT_EQ(bytesText(512), "512 B");
    EXPECT_EQ(bytesText(22.8e6), "22.8 MB");
    EXPECT_EQ(operationsText(1258000000), "1.26 G");
    EXPECT_EQ(operationsText(12), "12");
    EXPECT_EQ(durationText(0.84), "0.8 s");
    EXPECT_EQ(durationText(185), "3 min 05 s");
    EXPECT_EQ(durationText(7800), "2 h 10 min");
    EXPECT_EQ(ratioText(8, 0), "");
    EXPECT_EQ(ratioText(32, 4), "8.00\u00d7");
}

TEST(NumberText, CellsFollowTheirColumn) {
    const Column sqnr{"sqnr_db", "SQNR", "dB", Format::fixed, 2, Bar::linear, false, 999};
    EXPECT_EQ(cellText(Cell(31.416), sqnr), "31.42");
    EXPECT_EQ(cellText(Cell(999.0), sqnr), "exact");
    EXPECT_EQ(cellText(Cell(), sqnr), "\u2013");
    EXPECT_EQ(cellText(Cell(std::int64_t{31}), sqnr), "31.00");
    EXPECT_EQ(exactText(Cell(0.1)), "0.1");
    EXPECT_EQ(exactText(Cell()), "");
}

}  // namespace
}  // namespace vitrine::report
