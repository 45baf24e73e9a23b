// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/views/flips_view.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QListView>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "report/csv.h"
#include "widgets/views/compare_runs.h"

namespace vitrine::widgets {
namespace {

/// Rows 0, 10, 20, 30; A says 0, 1, 2, 3 and B says 0, 5, 6, 2.
ViewInput labelled() {
    ViewInput input = test::makePair();
    input.images.label = [](const QString&, qint64 row) { return row == 10 ? 1 : (row == 20 ? 6 : 9); };
    input.images.classNames = [](const QString&) { return QStringList{QStringLiteral("zero"), QStringLiteral("one"), QStringLiteral("two")}; };
    input.images.thumbnail = [](const QString&, qint64 row, int side) {
        QImage image(side, side, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(static_cast<int>(row), 200, 200));
        return row == 30 ? QImage() : image;
    };
    return input;
}

QListView& gridOf(FlipsView& view) { return *view.findChild<QListView*>(QStringLiteral("flips.grid")); }

TEST(FlipsView, SaysWhatIsMissing) {
    FlipsView view;
    EXPECT_FALSE(view.emptyText().isEmpty());
    ViewInput input = test::makePair();
    input.b = input.a;
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("same class")));
    auto other = std::make_shared<report::RunContent>(*test::makePair().b);
    other->record.inputs[0].contentHash = "x";
    other->record.inputs[0].path = {"o", "/o"};
    input.b = other;
    view.setInput(input);
    EXPECT_TRUE(view.emptyText().contains(QStringLiteral("different images")));
}

TEST(FlipsView, CountsKindsAndNamesClasses) {
    FlipsView view;
    view.setInput(labelled());
    EXPECT_EQ(view.summary(), QStringLiteral("A and B predict different classes for 3 of 4 images: 1 × A right, B wrong; 1 × A wrong, B right; 1 × both wrong."));
    EXPECT_EQ(report::toCsv(view.table()),
              "row,kind,label,label_name,prediction_a,prediction_a_name,prediction_b,prediction_b_name\r\n"
              "10,lost,1,one,1,one,5,\r\n20,gained,6,,2,two,6,\r\n30,both_wrong,9,,3,,2,two\r\n");
    view.setOptions(test::optionsOf(view, {{"kind", "gained"}}));
    EXPECT_EQ(view.table().rows.size(), 1u);
    view.setOptions(test::optionsOf(view, {{"kind", "unlabelled"}}));
    EXPECT_FALSE(view.emptyText().isEmpty());
}

TEST(FlipsView, WorksWithoutPicturesLabelsAndNames) {
    FlipsView view;
    view.setInput(test::makePair());
    EXPECT_EQ(view.table().rows.size(), 3u);
    EXPECT_EQ(view.table().rows[0][1], report::Cell(std::string("unlabelled")));
    EXPECT_TRUE(gridOf(view).model()->index(0, 0).data().toString().contains(QStringLiteral("B says class 5")));
    EXPECT_GT(test::coloursOf(test::figureOf(view)), 5);
}

TEST(FlipsView, KeysAndClicksChooseImages) {
    FlipsView view;
    view.setInput(labelled());
    view.resize(700, 400);
    view.show();
    QSignalSpy chosen(&view, &View::imageChosen);
    QListView& grid = gridOf(view);
    grid.setFocus();
    QTest::keyClick(&grid, Qt::Key_Right);
    QTest::keyClick(&grid, Qt::Key_Right);
    ASSERT_GE(chosen.size(), 1);
    EXPECT_EQ(chosen.last()[0].toLongLong(), 20);
    QTest::mouseClick(grid.viewport(), Qt::LeftButton, {}, grid.visualRect(grid.model()->index(0, 0)).center());
    EXPECT_EQ(chosen.last()[0].toLongLong(), 10);
}

TEST(FlipsView, ASelectedImageIsMarkedWithoutChoosingItAgain) {
    FlipsView view;
    QSignalSpy chosen(&view, &View::imageChosen);
    ViewInput input = labelled();
    input.selection.image = 20;
    view.setInput(input);
    EXPECT_EQ(gridOf(view).currentIndex().row(), 1);
    input.selection.image = 77;
    view.setInput(input);
    EXPECT_TRUE(gridOf(view).selectionModel()->selectedIndexes().isEmpty());
    EXPECT_EQ(chosen.size(), 0);
}

TEST(FlipsView, ChipsAskForTheOption) {
    FlipsView view;
    view.setInput(labelled());
    QSignalSpy asked(&view, &View::optionsAsked);
    auto* chip = view.findChild<QToolButton*>(QStringLiteral("flips.kind.lost"));
    chip->click();
    ASSERT_EQ(asked.size(), 1);
    EXPECT_EQ(asked[0][1].toString(), QStringLiteral("lost"));
    EXPECT_FALSE(chip->isChecked());
    view.setOptions(test::optionsOf(view, {{"kind", "lost"}}));
    EXPECT_TRUE(chip->isChecked());
}

TEST(FlipsView, GrowsWithoutLosingTheSelection) {
    FlipsView view;
    ViewInput input = labelled();
    input.selection.image = 10;
    std::vector<std::int32_t> predictions;
    for (int i = 0; i < 200; ++i) {
        predictions.push_back(i % 3 == 0 ? i % 4 : 7);
        input.b = test::makeRun({.id = "r0002", .predictions = predictions, .state = project::RunState::running});
        view.setInput(input);
    }
    EXPECT_EQ(view.table().rows.size(), 2u);  // of the four images of A
    EXPECT_EQ(gridOf(view).currentIndex().row(), 0);
}

TEST(FlipsView, ModelAndFigures) {
    FlipModel model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    model.setTiles({{{1, 2, 3}}, {{2, 3, 4}}});
    EXPECT_EQ(model.rowOf(2), 1);
    EXPECT_EQ(model.rowOf(3), -1);
    model.setTiles({});
    FlipsView view;
    view.setInput(labelled());
    const QImage first = test::figureOf(view);
    EXPECT_EQ(first, test::figureOf(view));
    EXPECT_NE(first, test::figureOf(view, Theme::night()));
}

}  // namespace
}  // namespace vitrine::widgets
