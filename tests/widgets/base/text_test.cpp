// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/text.h"

#include <gtest/gtest.h>

#include <QDateTime>

#include <QLocale>
#include <limits>

namespace vitrine::widgets {
namespace {

class Text : public ::testing::Test {
  protected:
    void SetUp() override { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedKingdom)); }
};

TEST_F(Text, SurvivesBothWays) {
    const std::string text = "Größe \xE2\x88\x9E";
    EXPECT_EQ(toStd(toQt(text)), text);
    EXPECT_EQ(toPath(pathText(std::filesystem::path(text))), std::filesystem::path(text));
}

TEST_F(Text, DurationsHaveTheirUnit) {
    EXPECT_EQ(durationText(0.2).toStdString(), "less than a second");
    EXPECT_EQ(durationText(1.234).toStdString(), "1.2 s");
    EXPECT_EQ(durationText(59.4).toStdString(), "59 s");
    EXPECT_EQ(durationText(200).toStdString(), "3 min 20 s");
    EXPECT_EQ(durationText(7500).toStdString(), "2 h 5 min");
    EXPECT_EQ(durationText(std::numeric_limits<double>::infinity()).toStdString(), "–");
}

TEST_F(Text, BytesKeepThreeDigits) {
    EXPECT_EQ(bytesText(12).toStdString(), "12\u00a0B");
    EXPECT_EQ(bytesText(4.82e6).toStdString(), "4.82\u00a0MB");
    EXPECT_EQ(bytesText(999.6e6).toStdString(), "1.00\u00a0GB");
    EXPECT_EQ(bytesText(0).toStdString(), "0\u00a0B");
}

TEST_F(Text, NumbersKeepSignificantDigits) {
    EXPECT_EQ(numberText(0).toStdString(), "0");
    EXPECT_EQ(numberText(23.14159).toStdString(), "23.14");
    EXPECT_EQ(numberText(0.51234).toStdString(), "0.5123");
    EXPECT_EQ(numberText(0.0017, 3).toStdString(), "0.00170");
    EXPECT_EQ(numberText(123456).toStdString(), "123,456");
    EXPECT_EQ(numberText(1.5e-5, 3).toStdString(), "1.50e\u22125");
    EXPECT_EQ(decimalText(-0.456, 2).toStdString(), "\u22120.46");
    EXPECT_EQ(decimalText(-0.001, 2).toStdString(), "0.00");
    EXPECT_EQ(percentText(-1.2).toStdString(), "\u22121.2\u00a0%");
    EXPECT_EQ(numberText(-4.2714).toStdString(), "−4.271");
    EXPECT_EQ(withMinus(QStringLiteral("1-2")).toStdString(), "1-2");
    EXPECT_EQ(numberText(-std::numeric_limits<double>::infinity()).toStdString(), "−∞");
    EXPECT_EQ(percentText(92.44).toStdString(), "92.4\u00a0%");
}

TEST_F(Text, ErrorsSayWhereAndWhatToDo) {
    const QString text = errorText({ErrorCode::notFound, "is not there", "a.png", "look elsewhere"});
    EXPECT_TRUE(text.contains(QStringLiteral("a.png")));
    EXPECT_TRUE(text.contains(QStringLiteral("look elsewhere")));
}

TEST_F(Text, CountsTellOneFromMany) {
    EXPECT_EQ(counted(1, QStringLiteral("1 site"), QStringLiteral("%1 sites")).toStdString(), "1 site");
    EXPECT_EQ(counted(0, QStringLiteral("1 site"), QStringLiteral("%1 sites")).toStdString(), "0 sites");
    EXPECT_EQ(counted(1234, QStringLiteral("1 site"), QStringLiteral("%1 sites")).toStdString(), "1,234 sites");
}

TEST_F(Text, MomentsOfTodayHaveNoSeconds) {
    const QString utc = QDateTime::currentDateTimeUtc().toString(Qt::ISODate);
    for (const QLocale& locale : {QLocale::c(), QLocale(QLocale::English), QLocale(QLocale::German), QLocale(QLocale::Japanese)}) {
        QLocale::setDefault(locale);
        EXPECT_EQ(momentText(toStd(utc)).count(QLatin1Char(':')) + momentText(toStd(utc)).count(QLatin1Char('.')), 1) << locale.name().toStdString();
    }
}

TEST_F(Text, MomentsThatAreNoneAreADash) { EXPECT_EQ(momentText("soon").toStdString(), "–"); }

}  // namespace
}  // namespace vitrine::widgets
