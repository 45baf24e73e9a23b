// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/accuracy_view.h"

#include <gmock/gmock.h>

#include <QSignalSpy>
#include <QTest>

#include "report/tables.h"
#include "widgets/views/compare_runs.h"

namespace vitrine::widgets {
namespace {

TEST(AccuracyView, SaysWhatIsMissing) {
    AccuracyView view;
    EXPECT_FALSE(view.emptyText().isEmpty());
    ViewInput input;
    auto bare = std::make_shared<report::RunContent>();
    input.a = bare;
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("evaluation images")));
    EXPECT_TRUE(view.table().rows.empty());
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 1);  // the words
}

TEST(AccuracyView, OneRunHasFloatAndQuantized) {
    AccuracyView view;
    ViewInput input;
    input.a = test::makeRun();
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().isEmpty());
    const report::Table expected = report::accuracyTable({*input.a->accuracy("float"), *input.a->accuracy("quantized")});
    EXPECT_EQ(view.table().rows, expected.rows);
    const AccuracyCards cards = accuracyCards(input);
    ASSERT_EQ(cards.cards.size(), 2u);
    EXPECT_DOUBLE_EQ(*cards.cards[1].change, -25);
    EXPECT_FALSE(cards.difference);
}

TEST(AccuracyView, TwoRunsShareOneFloatCard) {
    const ViewInput input = test::makePair();
    const AccuracyCards cards = accuracyCards(input);
    ASSERT_EQ(cards.cards.size(), 3u);
    EXPECT_DOUBLE_EQ(*cards.difference, -25);
    EXPECT_TRUE(differenceText(*cards.difference).contains(QStringLiteral("B is worse")));
    EXPECT_TRUE(differenceText(3).contains(QStringLiteral("▲ +3")));
    AccuracyView view;
    view.setInput(input);
    EXPECT_EQ(view.table().rows[2][0], report::Cell(std::string("quantized r0002-baseline")));
    EXPECT_TRUE(view.summary().contains(QStringLiteral("B − A")));
    EXPECT_EQ(view.accessibleDescription(), view.summary());
}

TEST(AccuracyView, ModeBShowsBAlone) {
    const AccuracyCards cards = accuracyCards(test::makePair(CompareMode::b));
    ASSERT_EQ(cards.cards.size(), 2u);
    EXPECT_EQ(cards.cards[1].colour, &Theme::runB);
}

TEST(AccuracyView, SameRunTwiceHasNoDifference) {
    ViewInput input = test::makePair();
    input.b = input.a;
    EXPECT_DOUBLE_EQ(*accuracyCards(input).difference, 0);
    EXPECT_TRUE(differenceText(0).startsWith(QStringLiteral("= ")) || differenceText(0).contains(QStringLiteral("alike")));
}

TEST(AccuracyView, ALiveRunSaysHowFarItIs) {
    ViewInput input;
    input.a = test::makeRun({.images = 1000, .state = project::RunState::running});
    EXPECT_TRUE(accuracyCards(input).cards[1].state.contains(QLocale().toString(1000)));
    EXPECT_TRUE(accuracyCards(input).cards[1].state.startsWith(QStringLiteral("So far")));
    AccuracyView view;
    for (int i = 0; i < 100; ++i) view.setInput(input);
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 3);
}

TEST(AccuracyView, UnlabelledImagesHaveNoTop1) {
    auto run = std::make_shared<report::RunContent>(*test::makeRun());
    results::Accuracy accuracy = *run->accuracy("quantized");
    accuracy.count = 0;
    run->artefacts = {std::make_shared<results::Artefact>(results::Artefact{"accuracy.quantized", "", accuracy})};
    ViewInput input;
    input.a = run;
    const AccuracyCards cards = accuracyCards(input);
    EXPECT_FALSE(cards.cards[0].hasTop1());
    EXPECT_TRUE(cards.cards[0].state.contains(QStringLiteral("no labels")));
    AccuracyView view;
    view.setInput(input);
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 3);
}

TEST(AccuracyView, OtherImagesAreNoted) {
    ViewInput input = test::makePair();
    auto other = std::make_shared<report::RunContent>(*input.b);
    results::Accuracy accuracy = *other->accuracy("quantized");
    accuracy.data = "other.csv";
    other->artefacts = {std::make_shared<results::Artefact>(results::Artefact{"accuracy.quantized", "", accuracy})};
    input.b = other;
    EXPECT_FALSE(accuracyCards(input).note.isEmpty());
}

TEST(AccuracyView, KeysWalkOverTheCards) {
    AccuracyView view;
    view.setInput(test::makePair());
    view.resize(700, 400);
    view.show();
    QSignalSpy read(&view, &View::readoutChanged);
    QTest::keyClick(&view, Qt::Key_Down);
    QTest::keyClick(&view, Qt::Key_Down);
    ASSERT_EQ(read.size(), 2);
    EXPECT_TRUE(read[1][0].toString().startsWith(QStringLiteral("Quantized A")));
    for (int i = 0; i < 5; ++i) QTest::keyClick(&view, Qt::Key_Up);
    EXPECT_TRUE(read.last()[0].toString().startsWith(QStringLiteral("Float")));
}

TEST(AccuracyView, FiguresAreDeterministicAndFollowThemeAndAxis) {
    AccuracyView view;
    view.setInput(test::makePair());
    const QImage first = test::figureOf(view);
    EXPECT_EQ(first, test::figureOf(view));
    EXPECT_NE(first, test::figureOf(view, Theme::night()));
    view.setOptions(test::optionsOf(view, {{"axis", "full"}}));
    EXPECT_NE(first, test::figureOf(view));
}

}  // namespace
}  // namespace vitrine::widgets
