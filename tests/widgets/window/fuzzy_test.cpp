// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/fuzzy.h"

#include <gtest/gtest.h>

namespace vitrine::widgets {
namespace {

int scoreOf(const char16_t* pattern, const char16_t* text) {
    const auto match = fuzzyMatch(QString::fromUtf16(pattern), QString::fromUtf16(text));
    return match ? match->score : -1000;
}

TEST(Fuzzy, EmptyPatternMatchesEverything) {
    const auto match = fuzzyMatch({}, QStringLiteral("New run"));
    ASSERT_TRUE(match);
    EXPECT_EQ(match->score, 0);
    EXPECT_TRUE(match->positions.isEmpty());
}

TEST(Fuzzy, CharactersInOrderWhateverTheirCase) {
    const auto match = fuzzyMatch(QStringLiteral("NR"), QStringLiteral("new run"));
    ASSERT_TRUE(match);
    EXPECT_EQ(match->positions, (QList<int>{0, 4}));
    EXPECT_FALSE(fuzzyMatch(QStringLiteral("rn"), QStringLiteral("no")));
    EXPECT_FALSE(fuzzyMatch(QStringLiteral("wen"), QStringLiteral("new")));
}

TEST(Fuzzy, PositionsAreThoseOfTheBestMatch) {
    const auto match = fuzzyMatch(QStringLiteral("run"), QStringLiteral("rubber run"));
    ASSERT_TRUE(match);
    EXPECT_EQ(match->positions, (QList<int>{7, 8, 9}));
}

TEST(Fuzzy, BeginningsOfWordsAndNeighboursComeFirst) {
    EXPECT_GT(scoreOf(u"run", u"run now"), scoreOf(u"run", u"ruined"));
    EXPECT_GT(scoreOf(u"dt", u"dark theme"), scoreOf(u"dt", u"update"));
    EXPECT_GT(scoreOf(u"save", u"save layout"), scoreOf(u"save", u"nothing was saved"));
}

TEST(Fuzzy, LongTextsAreCut) {
    const QString text = QString(100000, QLatin1Char('a'));
    EXPECT_TRUE(fuzzyMatch(QStringLiteral("aaa"), text));
    EXPECT_FALSE(fuzzyMatch(QString(300, QLatin1Char('a')), text));
}

}  // namespace
}  // namespace vitrine::widgets
