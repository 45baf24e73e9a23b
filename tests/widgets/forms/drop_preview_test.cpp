// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/drop_preview.h"

#include <gtest/gtest.h>

#include <QComboBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>

#include "project/project.h"
#include "widgets/forms/drop_item.h"
#include "widgets/forms/forms_fixture.h"

namespace vitrine::widgets {
namespace {

class DropPreviewTest : public OpenProject {
  protected:
    QPointer<DropPreview> drop(const QStringList& paths, project::ImageRole role = project::ImageRole::any) {
        auto* dialog = new DropPreview(session_, paths, role);
        dialog->show();
        EXPECT_TRUE(test::waitFor([&] { return !dialog->isReading(); }));
        return dialog;
    }
    QString model() const { return pathText(modelPath()); }
    QString table() const { return pathText(tablePath()); }
};

TEST_F(DropPreviewTest, AcceptingAddsEverythingInOneStep) {
    const project::Edits before = edits();
    const auto dialog = drop({model(), table(), QStringLiteral("/nowhere/at.all")}, project::ImageRole::evaluation);
    ASSERT_EQ(dialog->items().size(), 3u);
    EXPECT_FALSE(dialog->items()[2]->choice().has_value());
    auto* name = child<QLineEdit>(*dialog->items()[0], QStringLiteral("dropName"));
    name->selectAll();
    QTest::keyClicks(name, QStringLiteral("tiny"));
    auto* role = child<QComboBox>(*dialog->items()[1], QStringLiteral("dropRole"));
    EXPECT_EQ(role->currentText(), u"Evaluation");
    EXPECT_EQ(edits(), before) << "nothing happens before it is accepted";
    QSignalSpy added(dialog, &DropPreview::added);
    child<QPushButton>(*dialog, QStringLiteral("acceptDrop"))->click();
    ASSERT_EQ(added.count(), 1);
    EXPECT_EQ(added[0][0].toInt(), 2);
    EXPECT_EQ(edits().models.back().name, "tiny");
    EXPECT_EQ(edits().imageSets.back().images, 8);
    EXPECT_EQ(edits().imageSets.back().role, project::ImageRole::evaluation);
    session_.study.undoStack().undo();
    EXPECT_EQ(edits(), before);
    EXPECT_TRUE(test::waitFor([&] { return dialog.isNull(); })) << "it deletes itself";
}

TEST_F(DropPreviewTest, AFolderDroppedWithATableIsWhereItsPicturesAre) {
    const test::TemporaryFolder folder;
    std::filesystem::create_directories(folder / "near");
    std::filesystem::rename(tablePath(), folder / "near/list.csv");
    const auto dialog = drop({pathText(folder / "near/list.csv"), pathText(tablePath().parent_path())});
    ASSERT_EQ(dialog->items().size(), 1u);
    const auto choice = dialog->items()[0]->choice();
    ASSERT_TRUE(choice);
    EXPECT_EQ(choice->hints.root, tablePath().parent_path());
}

TEST_F(DropPreviewTest, NothingUsableCannotBeAccepted) {
    const auto dialog = drop({QStringLiteral("/nowhere/at.all")});
    EXPECT_FALSE(child<QPushButton>(*dialog, QStringLiteral("acceptDrop"))->isEnabled());
    child<QToolButton>(*dialog, QStringLiteral("leaveOut"))->click();
    EXPECT_TRUE(test::waitFor([&] { return dialog.isNull(); }));
}

TEST_F(DropPreviewTest, AProjectIsOffered) {
    project::Project::create(folder_ / "other", "Other");
    const auto dialog = drop({pathText(folder_ / "other")});
    QSignalSpy asked(dialog, &DropPreview::openAsked);
    child<QPushButton>(*dialog, QStringLiteral("acceptDrop"))->click();
    ASSERT_EQ(asked.count(), 1);
    EXPECT_EQ(asked[0][0].toString(), pathText(folder_ / "other"));
}

TEST_F(DropPreviewTest, DescribingANetworkReadsItAgain) {
    const auto dialog = drop({model()});
    DropItem* item = dialog->items()[0];
    child<QPushButton>(*item, QStringLiteral("describeNetwork"))->click();
    auto* heads = child<QWidget>(*item, QStringLiteral("field.model.heads"))->findChild<QLineEdit*>();
    ASSERT_NE(heads, nullptr);
    heads->selectAll();
    QTest::keyClicks(heads, QStringLiteral("7"));
    ASSERT_TRUE(test::waitFor([&] { return !dialog->isReading(); }));
    EXPECT_FALSE(item->choice().has_value()) << "seven heads do not divide the channels";
    heads->selectAll();
    QTest::keyClicks(heads, QStringLiteral("0"));
    ASSERT_TRUE(test::waitFor([&] { return !dialog->isReading(); }));
    EXPECT_TRUE(item->choice().has_value());
}

TEST_F(DropPreviewTest, WithoutAProjectANewOneIsProposed) {
    session_.study.close();
    const auto dialog = drop({model()});
    auto* name = child<QLineEdit>(*dialog, QStringLiteral("projectName"));
    auto* folder = child<QLineEdit>(*dialog, QStringLiteral("projectFolder"));
    EXPECT_EQ(name->text(), u"vit_sample");
    EXPECT_FALSE(folder->text().isEmpty());
    EXPECT_FALSE(QFileInfo::exists(folder->text()));
    folder->selectAll();
    QTest::keyClicks(folder, pathText(folder_ / "made"));
    QObject::connect(dialog, &DropPreview::projectAsked, &session_.study, &Study::create);
    child<QPushButton>(*dialog, QStringLiteral("acceptDrop"))->click();
    EXPECT_TRUE(test::waitFor([&] { return dialog.isNull(); }));
    ASSERT_TRUE(session_.study.isOpen());
    EXPECT_EQ(session_.study.folder(), pathText(folder_ / "made"));
    ASSERT_EQ(edits().models.size(), 1u);
    EXPECT_EQ(edits().name, "vit_sample");
}

TEST_F(DropPreviewTest, AProjectThatCannotBeMadeIsSaidAndTriedAgain) {
    session_.study.close();
    const auto dialog = drop({model()});
    auto* folder = child<QLineEdit>(*dialog, QStringLiteral("projectFolder"));
    folder->selectAll();
    QTest::keyClicks(folder, pathText(folder_ / "study"));  // there is one already
    QObject::connect(dialog, &DropPreview::projectAsked, &session_.study, &Study::create);
    QSignalSpy failed(&session_.study, &Study::failed);
    auto* accept = child<QPushButton>(*dialog, QStringLiteral("acceptDrop"));
    accept->click();
    ASSERT_TRUE(test::waitFor([&] { return failed.count() > 0; }));
    ASSERT_FALSE(dialog.isNull());
    EXPECT_TRUE(accept->isEnabled());
}

TEST_F(DropPreviewTest, ClosingWhileReadingIsSafe) {
    for (int i = 0; i < 5; ++i) {
        auto* dialog = new DropPreview(session_, {model(), table()});
        dialog->show();
        QTest::qWait(i * 3);
        delete dialog;
    }
    QTest::qWait(20);
}

}  // namespace
}  // namespace vitrine::widgets
