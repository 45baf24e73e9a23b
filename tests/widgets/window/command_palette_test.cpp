// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/command_palette.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QMainWindow>
#include <QTest>

namespace vitrine::widgets {
namespace {

class PaletteTest : public ::testing::Test {
  protected:
    PaletteTest()
        : palette(&window, [this] {
              std::vector<PaletteItem> items;
              const auto add = [&](const char16_t* title, const char16_t* group, const char16_t* why = u"") {
                  PaletteItem item;
                  item.title = QString::fromUtf16(title);
                  item.group = QString::fromUtf16(group);
                  item.whyDisabled = QString::fromUtf16(why);
                  item.run = [this, name = item.title] { chosen.append(name); };
                  items.push_back(item);
              };
              add(u"New run", u"Run");
              add(u"Dark theme", u"View");
              add(u"Save", u"File", u"Everything is saved.");
              add(u"blocks.3.attn.softmax", u"Sites");
              return items;
          }) {
        window.resize(900, 600);
        window.show();
        palette.open();
    }

    QString top() { return palette.list().currentIndex().data().toString(); }

    QMainWindow window;
    QStringList chosen;
    CommandPalette palette;
};

TEST_F(PaletteTest, ListsEverythingInTheOrderOfTheSource) {
    EXPECT_EQ(palette.list().model()->rowCount(), 4);
    EXPECT_EQ(top(), QStringLiteral("New run"));
    QAbstractItemModelTester tester(palette.list().model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    QTest::keyClicks(&palette.field(), QStringLiteral("soft"));
    EXPECT_EQ(palette.list().model()->rowCount(), 1);
}

TEST_F(PaletteTest, EnterRunsTheBestMatchAndCloses) {
    QTest::keyClicks(&palette.field(), QStringLiteral("dth"));
    EXPECT_EQ(top(), QStringLiteral("Dark theme"));
    QTest::keyClick(&palette.field(), Qt::Key_Return);
    EXPECT_EQ(chosen, QStringList{QStringLiteral("Dark theme")});
    EXPECT_TRUE(palette.isHidden());
}

TEST_F(PaletteTest, GroupsCountWhenTheTitleAloneDoesNotMatch) {
    QTest::keyClicks(&palette.field(), QStringLiteral("view dark"));
    EXPECT_EQ(top(), QStringLiteral("Dark theme"));
}

TEST_F(PaletteTest, WhatIsDisabledSaysWhyAndDoesNothing) {
    QTest::keyClicks(&palette.field(), QStringLiteral("save"));
    EXPECT_EQ(palette.list().currentIndex().data(Qt::ToolTipRole).toString(), QStringLiteral("Everything is saved."));
    QTest::keyClick(&palette.field(), Qt::Key_Return);
    EXPECT_TRUE(chosen.isEmpty());
    EXPECT_FALSE(palette.isHidden());
}

TEST_F(PaletteTest, ArrowsGoRoundAndEscapeCloses) {
    QTest::keyClick(&palette.field(), Qt::Key_Up);
    EXPECT_EQ(top(), QStringLiteral("blocks.3.attn.softmax"));
    QTest::keyClick(&palette.field(), Qt::Key_Down);
    EXPECT_EQ(top(), QStringLiteral("New run"));
    QTest::keyClick(&palette.field(), Qt::Key_Escape);
    EXPECT_TRUE(palette.isHidden());
    EXPECT_TRUE(chosen.isEmpty());
}

TEST_F(PaletteTest, NothingMatches) {
    QTest::keyClicks(&palette.field(), QStringLiteral("qqqq"));
    EXPECT_EQ(palette.list().model()->rowCount(), 0);
    QTest::keyClick(&palette.field(), Qt::Key_Return);
    QTest::keyClick(&palette.field(), Qt::Key_Down);
    EXPECT_TRUE(chosen.isEmpty());
}

}  // namespace
}  // namespace vitrine::widgets
