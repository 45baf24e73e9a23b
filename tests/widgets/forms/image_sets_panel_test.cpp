// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/image_sets_panel.h"

#include <gtest/gtest.h>

#include <QAbstractItemModelTester>
#include <QTest>

#include "project/project.h"
#include "widgets/forms/forms_fixture.h"
#include "widgets/forms/thumbnail_strip.h"

namespace vitrine::widgets {
namespace {

namespace fs = std::filesystem;

class ImageSetsPanelTest : public OpenProject {
  protected:
    void SetUp() override {
        OpenProject::SetUp();
        panel_ = std::make_unique<ImageSetsPanel>(session_);
        tester_ = std::make_unique<QAbstractItemModelTester>(panel_->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        panel_->resize(700, 400);
        panel_->show();
    }
    void choose(int row) { panel_->view()->setCurrentIndex(panel_->model()->index(row, 0)); }
    QString text(int row, int column) const { return panel_->model()->index(row, column).data().toString(); }

    std::unique_ptr<ImageSetsPanel> panel_;
    std::unique_ptr<QAbstractItemModelTester> tester_;
};

TEST_F(ImageSetsPanelTest, ListsNetworksThenImages) {
    ASSERT_EQ(panel_->model()->rowCount(), 3);
    EXPECT_EQ(text(0, InputsModel::nameColumn), u"vit");
    EXPECT_EQ(text(0, InputsModel::roleColumn), u"Network");
    EXPECT_EQ(text(1, InputsModel::roleColumn), u"Calibration");
    EXPECT_EQ(text(2, InputsModel::countColumn), u"8");
}

TEST_F(ImageSetsPanelTest, RenamingTakesTheDraftAlong) {
    session_.study.edit(QStringLiteral("x"), [](project::Edits& edits) { edits.draft.calibration = "calib"; });
    panel_->model()->setData(panel_->model()->index(1, 0), QStringLiteral("thirty-two"), Qt::EditRole);
    EXPECT_EQ(edits().imageSets[0].name, "thirty-two");
    EXPECT_EQ(draft().calibration, "thirty-two");
    panel_->rename(false, QStringLiteral("thirty-two"), QStringLiteral("val"));
    EXPECT_EQ(edits().imageSets[0].name, "val 2") << "names stay unique";
    session_.study.undoStack().undo();
    session_.study.undoStack().undo();
    EXPECT_EQ(text(1, 0), u"calib");
    EXPECT_EQ(draft().calibration, "calib");
}

TEST_F(ImageSetsPanelTest, RemovingAndRolesAreUndoable) {
    session_.study.edit(QStringLiteral("x"), [](project::Edits& edits) { edits.draft.evaluation = "val"; });
    choose(2);
    panel_->activateWindow();
    panel_->view()->setFocus();
    ASSERT_TRUE(test::waitFor([&] { return panel_->view()->hasFocus(); }));
    QTest::keyClick(panel_->view(), Qt::Key_Delete);
    EXPECT_EQ(edits().imageSets.size(), 1u);
    EXPECT_EQ(draft().evaluation, "");
    session_.study.undoStack().undo();
    EXPECT_EQ(edits().imageSets.size(), 2u);
    EXPECT_EQ(draft().evaluation, "val");
    panel_->setRole(QStringLiteral("val"), project::ImageRole::any);
    EXPECT_EQ(edits().imageSets[1].role, project::ImageRole::any);
    EXPECT_EQ(text(2, InputsModel::roleColumn), u"Both");
}

TEST_F(ImageSetsPanelTest, PicturesOfTheChosenSetAreDecodedWhenSeen) {
    choose(1);
    ThumbnailModel& pictures = *panel_->strip()->pictures();
    ASSERT_TRUE(test::waitFor([&] { return pictures.rowCount() == 8; }));
    panel_->strip()->viewport()->repaint();
    ASSERT_TRUE(test::waitFor([&] { return !pictures.index(0).data(Qt::DecorationRole).isNull(); }));
    EXPECT_FALSE(pictures.index(0).data(Qt::ToolTipRole).toString().isEmpty());
    const QAbstractItemModelTester tester(&pictures, QAbstractItemModelTester::FailureReportingMode::Fatal);
    choose(0);
    EXPECT_EQ(pictures.rowCount(), 0);
}

TEST_F(ImageSetsPanelTest, WhatMovedIsMissingAndFoundTogether) {
    fs::create_directories(folder_ / "data");
    for (const char* name : {"a.csv", "b.csv"}) fs::copy_file(tablePath(), folder_ / "data" / name);
    session_.study.edit(QStringLiteral("x"), [&](project::Edits& edits) {
        edits.imageSets[0].path = {"../data/a.csv", (folder_ / "data/a.csv").string()};
        edits.imageSets[1].path = {"../data/b.csv", (folder_ / "data/b.csv").string()};
    });
    fs::rename(folder_ / "data", folder_ / "moved");
    panel_ = std::make_unique<ImageSetsPanel>(session_);
    ASSERT_TRUE(test::waitFor([&] { return panel_->model()->isMissing(1) && panel_->model()->isMissing(2); }));
    EXPECT_FALSE(panel_->model()->isMissing(0));
    EXPECT_TRUE(text(1, InputsModel::placeColumn).contains(u"Missing"));
    panel_->relocate(false, QStringLiteral("calib"), pathText(folder_ / "moved/a.csv"));
    ASSERT_TRUE(test::waitFor([&] { return !panel_->model()->isMissing(1) && !panel_->model()->isMissing(2); }));
    EXPECT_EQ(edits().imageSets[1].path.relative, "../moved/b.csv");
    session_.study.undoStack().undo();
    EXPECT_EQ(edits().imageSets[1].path.relative, "../data/b.csv");
}

TEST_F(ImageSetsPanelTest, AnEmptyOrClosedProjectSaysWhatToDo) {
    session_.study.close();
    EXPECT_EQ(panel_->model()->rowCount(), 0);
    EXPECT_FALSE(panel_->view()->isVisible());
    EXPECT_FALSE(child<QPushButton>(*panel_, QStringLiteral("addInput"))->isEnabled());
}

}  // namespace
}  // namespace vitrine::widgets
