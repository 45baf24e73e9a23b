// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/notes_panel.h"

#include <gtest/gtest.h>

#include <QLabel>
#include <QPlainTextEdit>
#include <QTest>

#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

class NotesPanelTest : public ::testing::Test {
  protected:
    void SetUp() override {
        test::writeRuns(folder_ / "study", 2);
        session_.study.open(pathText(folder_ / "study"));
        ASSERT_TRUE(test::waitFor([&] { return session_.study.isOpen(); }));
        panel_.show();
    }
    QString id(std::size_t i) const { return toQt(session_.study.runs()[i].id); }
    std::string note(std::size_t i) const { return project::noteOf(session_.study.edits(), toStd(id(i))).note; }

    test::TemporaryFolder folder_;
    Settings settings_{pathText(folder_ / "settings.ini")};
    Session session_{settings_};
    NotesPanel panel_{session_};
    QPlainTextEdit* project_ = panel_.findChild<QPlainTextEdit*>(QStringLiteral("projectNotes"));
    QPlainTextEdit* run_ = panel_.findChild<QPlainTextEdit*>(QStringLiteral("runNotes"));
};

TEST_F(NotesPanelTest, TypingIsOneUndoableStep) {
    QTest::keyClicks(project_, QStringLiteral("About this study"));
    EXPECT_EQ(session_.study.edits().notes, "About this study");
    EXPECT_EQ(session_.study.undoStack().count(), 1);
    QTest::keyClick(project_, Qt::Key_Z, Qt::ControlModifier);
    EXPECT_EQ(session_.study.edits().notes, "");
    EXPECT_EQ(project_->toPlainText(), QString());
    QTest::keyClick(project_, Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    EXPECT_EQ(project_->toPlainText(), QStringLiteral("About this study"));
}

TEST_F(NotesPanelTest, NotesFollowRunA) {
    EXPECT_TRUE(run_->isReadOnly());
    session_.selection.setRunA(id(0));
    EXPECT_FALSE(run_->isReadOnly());
    QTest::keyClicks(run_, QStringLiteral("good"));
    EXPECT_EQ(note(0), "good");
    session_.selection.setRunA(id(1));
    EXPECT_TRUE(run_->toPlainText().isEmpty());
    QTest::keyClicks(run_, QStringLiteral("bad"));
    EXPECT_EQ(note(0), "good");
    EXPECT_EQ(note(1), "bad");
    EXPECT_EQ(session_.study.undoStack().count(), 2);  // notes of two runs are two steps
    session_.selection.setRunA(id(0));
    EXPECT_EQ(run_->toPlainText(), QStringLiteral("good"));
}

TEST_F(NotesPanelTest, RefusesNotesThatCannotBeStored) {
    session_.selection.setRunA(id(0));
    run_->setPlainText(QString(70'000, u'x'));
    EXPECT_EQ(note(0), "");
    EXPECT_TRUE(run_->toPlainText().isEmpty());
    EXPECT_TRUE(panel_.findChild<QLabel*>(QStringLiteral("notesWarning"))->isVisible());
    QTest::keyClicks(run_, QStringLiteral("short"));
    EXPECT_FALSE(panel_.findChild<QLabel*>(QStringLiteral("notesWarning"))->isVisible());
}

TEST_F(NotesPanelTest, NothingCanBeWrittenWithoutAProject) {
    session_.study.close();
    EXPECT_TRUE(project_->isReadOnly());
    EXPECT_TRUE(run_->isReadOnly());
}

}  // namespace
}  // namespace vitrine::widgets
