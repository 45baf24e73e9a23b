// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/study.h"

#include <gtest/gtest.h>

#include <QSignalSpy>

#include "project/project.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"

namespace vitrine::widgets {
namespace {

class StudyTest : public ::testing::Test {
  protected:
    void SetUp() override { test::writeRuns(path(), 2); }

    std::filesystem::path path() const { return folder_ / "study"; }
    QString text() const { return pathText(path()); }

    void open(Study& study) const {
        study.open(text());
        ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    }
    static void rename(Study& study, const std::string& name) {
        study.edit(QStringLiteral("rename"), [&](project::Edits& edits) { edits.name = name; });
    }
    static void save(Study& study) {
        study.save();
        ASSERT_TRUE(test::waitFor([&] { return !study.isModified() && !study.isBusy(); }));
    }
    int recoveryFiles() const {
        int count = 0;
        std::error_code none;
        for (const auto& entry : std::filesystem::directory_iterator(path() / "recovery", none))
            count += entry.path().extension() == ".json" ? 1 : 0;
        return count;
    }

    test::TemporaryFolder folder_;
};

TEST_F(StudyTest, OpensAndCloses) {
    Study study;
    QSignalSpy opened(&study, &Study::opened), closed(&study, &Study::closed), busy(&study, &Study::busyChanged);
    study.open(text());
    EXPECT_TRUE(study.isBusy());
    EXPECT_FALSE(study.isOpen());
    ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    EXPECT_EQ(opened.count(), 1);
    EXPECT_EQ(busy.count(), 2);
    EXPECT_EQ(study.folder(), text());
    EXPECT_EQ(study.runs().size(), 2u);
    EXPECT_EQ(study.edits().name, "Many runs");
    study.close();
    EXPECT_EQ(closed.count(), 1);
    EXPECT_FALSE(study.isOpen());
    EXPECT_TRUE(study.runs().empty());
}

TEST_F(StudyTest, TellsWhyAFolderCannotBeOpened) {
    Study study;
    QSignalSpy failed(&study, &Study::failed);
    study.open(pathText(folder_ / "nothing"));
    ASSERT_TRUE(test::waitFor([&] { return failed.count() == 1; }));
    EXPECT_FALSE(study.isOpen());
    EXPECT_FALSE(study.isBusy());
    EXPECT_EQ(failed[0][0].value<Error>().code, ErrorCode::notFound);
}

TEST_F(StudyTest, CreatesAProject) {
    Study study;
    study.create(pathText(folder_ / "new"), QStringLiteral("Mine"));
    ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    EXPECT_EQ(study.edits().name, "Mine");
    EXPECT_TRUE(study.runs().empty());
}

TEST_F(StudyTest, ReadsRunsWhenAsked) {
    Study study;
    open(study);
    const QString id = toQt(study.runs()[0].id);
    QSignalSpy changed(&study, &Study::runChanged);
    EXPECT_EQ(study.run(id), nullptr);
    ASSERT_TRUE(test::waitFor([&] { return changed.count() == 1; }));
    const RunDataPtr run = study.run(id);
    ASSERT_NE(run, nullptr);
    EXPECT_EQ(run->record.methodTitle, "RepQ-ViT");
    EXPECT_NE(payload<results::Trace>(run, "trace"), nullptr);
    EXPECT_EQ(study.run(QStringLiteral("r9999-none")), nullptr);
    EXPECT_EQ(study.runTitle(id), id);
}

TEST_F(StudyTest, EditsAreUndoable) {
    Study study;
    open(study);
    QSignalSpy changed(&study, &Study::editsChanged), modified(&study, &Study::modifiedChanged);
    rename(study, "Better");
    EXPECT_TRUE(study.isModified());
    EXPECT_EQ(study.undoStack().undoText(), QStringLiteral("rename"));
    study.undoStack().undo();
    EXPECT_EQ(study.edits().name, "Many runs");
    EXPECT_FALSE(study.isModified());
    study.undoStack().redo();
    EXPECT_EQ(study.edits().name, "Better");
    EXPECT_EQ(changed.count(), 3);
    EXPECT_EQ(modified.count(), 3);
    study.edit(QStringLiteral("nothing"), [](project::Edits&) {});
    EXPECT_EQ(study.undoStack().count(), 1);
}

TEST_F(StudyTest, TypingIsOneStep) {
    Study study;
    open(study);
    for (const char* notes : {"a", "ab", "abc"})
        study.edit(QStringLiteral("notes"), [&](project::Edits& edits) { edits.notes = notes; }, QStringLiteral("notes"));
    EXPECT_EQ(study.undoStack().count(), 1);
    rename(study, "x");
    EXPECT_EQ(study.undoStack().count(), 2);
    study.undoStack().undo();
    study.undoStack().undo();
    EXPECT_EQ(study.edits().notes, "");
}

TEST_F(StudyTest, SavesAndReopens) {
    Study study;
    open(study);
    rename(study, "Better");
    QSignalSpy saved(&study, &Study::saved);
    save(study);
    EXPECT_EQ(saved.count(), 1);
    EXPECT_EQ(project::Project::open(path()).edits().name, "Better");
    study.undoStack().undo();  // a saved step can be undone
    EXPECT_TRUE(study.isModified());
    study.open(text());
    ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    EXPECT_EQ(study.edits().name, "Better");
    EXPECT_EQ(study.undoStack().count(), 0);
}

TEST_F(StudyTest, EditsReachTheRecoveryFileByThemselves) {
    Study study;
    open(study);
    rename(study, "Unsaved");
    ASSERT_TRUE(test::waitFor([&] { return recoveryFiles() == 1; }, 10));
    save(study);
    EXPECT_EQ(recoveryFiles(), 0);
}

TEST_F(StudyTest, UndoneEditsLeaveNoRecoveryFile) {
    Study study;
    open(study);
    rename(study, "Unsaved");
    ASSERT_TRUE(test::waitFor([&] { return recoveryFiles() == 1; }, 10));
    study.undoStack().undo();
    ASSERT_TRUE(test::waitFor([&] { return recoveryFiles() == 0; }, 10));
}

TEST_F(StudyTest, OffersWhatWasNotSaved) {
    {
        Study study;
        open(study);
        rename(study, "Unsaved");
    }
    Study study;
    QSignalSpy recovered(&study, &Study::recovered);
    open(study);
    ASSERT_TRUE(test::waitFor([&] { return recovered.count() == 1; }));
    const auto found = recovered[0][0].value<std::vector<project::RecoveredEdits>>();
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(study.edits().name, "Many runs");
    study.restore(found[0]);
    EXPECT_EQ(study.edits().name, "Unsaved");
    EXPECT_TRUE(study.isModified());
    save(study);
    study.open(text());
    ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    EXPECT_EQ(study.edits().name, "Unsaved");
    EXPECT_EQ(recovered.count(), 1);
}

TEST_F(StudyTest, WhatWasDeclinedIsNotOfferedAgain) {
    {
        Study study;
        open(study);
        rename(study, "Unsaved");
    }
    Study study;
    QSignalSpy recovered(&study, &Study::recovered);
    open(study);
    ASSERT_TRUE(test::waitFor([&] { return recovered.count() == 1; }));
    study.decline(recovered[0][0].value<std::vector<project::RecoveredEdits>>()[0]);
    study.open(text());
    ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    EXPECT_EQ(recovered.count(), 1);
    EXPECT_EQ(study.edits().name, "Many runs");
}

TEST_F(StudyTest, RevertGivesUpEdits) {
    Study study;
    QSignalSpy recovered(&study, &Study::recovered);
    open(study);
    rename(study, "Unsaved");
    study.revert();
    EXPECT_EQ(study.edits().name, "Many runs");
    EXPECT_FALSE(study.isModified());
    study.open(text());
    ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    EXPECT_EQ(recovered.count(), 0);
}

TEST_F(StudyTest, ReloadBringsWhatOthersDidAndKeepsOwnEdits) {
    Study study;
    open(study);
    rename(study, "Mine");
    const std::string id = test::addRun(path());
    project::Project other = project::Project::open(path());
    project::Edits theirs = other.edits();
    theirs.notes = "from elsewhere";
    other.setEdits(theirs);
    QSignalSpy runs(&study, &Study::runsChanged);
    study.reload();
    ASSERT_TRUE(test::waitFor([&] { return runs.count() == 1; }));
    EXPECT_NE(study.summary(toQt(id)), nullptr);
    ASSERT_TRUE(test::waitFor([&] { return study.edits().notes == "from elsewhere"; }));
    EXPECT_EQ(study.edits().name, "Mine");
    study.undoStack().undo();  // takes back the own step alone
    EXPECT_EQ(study.edits().name, "Many runs");
    EXPECT_EQ(study.edits().notes, "from elsewhere");
    EXPECT_FALSE(study.isModified());
}

TEST_F(StudyTest, SavingKeepsWhatOthersWrote) {
    Study study;
    open(study);
    project::Project other = project::Project::open(path());
    project::Edits theirs = other.edits();
    theirs.notes = "from elsewhere";
    other.setEdits(theirs);
    rename(study, "Mine");
    save(study);
    EXPECT_EQ(project::Project::open(path()).edits().notes, "from elsewhere");
    EXPECT_EQ(study.edits().notes, "from elsewhere");
}

TEST_F(StudyTest, MayBeClosedAndReopenedAtAnyMoment) {
    Study study;
    QSignalSpy failed(&study, &Study::failed);
    for (int i = 0; i < 20; ++i) {
        study.open(text());
        test::waitFor([&] { return false; }, 0);
        if (i % 2 == 0) study.close();
        if (study.isOpen()) study.run(toQt(study.runs()[0].id));
    }
    study.open(text());
    ASSERT_TRUE(test::waitFor([&] { return study.isOpen(); }));
    EXPECT_EQ(study.runs().size(), 2u);
    EXPECT_EQ(failed.count(), 0);
}

TEST_F(StudyTest, MayGoWhileItLoads) {
    for (int i = 0; i < 5; ++i) {
        Study study;
        study.open(text());
    }
    Study study;
    open(study);
    rename(study, "Last words");
    study.save();
    study.close();
    ASSERT_TRUE(test::waitFor([&] { return !study.isBusy(); }));
    Study again;
    open(again);
    EXPECT_EQ(again.edits().name, "Last words");  // what was asked to be saved is saved
}

TEST_F(StudyTest, LiveRunsAreToldAFewTimesASecond) {
    Study study;
    open(study);
    project::RunRecord record;
    record.id = "r0003-repq";
    record.state = project::RunState::running;
    QSignalSpy runs(&study, &Study::runsChanged), changed(&study, &Study::runChanged);
    for (int i = 0; i < 100; ++i) {
        record.seconds = i;
        study.runTold(record);
    }
    ASSERT_NE(study.summary(QStringLiteral("r0003-repq")), nullptr);
    ASSERT_TRUE(test::waitFor([&] { return changed.count() == 1; }));
    EXPECT_EQ(runs.count(), 1);
    const auto trace = std::make_shared<const results::Artefact>(results::Artefact{"loss", "Loss", results::Trace{"loss", "", "", {0}, {1}}});
    study.artefactTold(QStringLiteral("r0003-repq"), trace);
    ASSERT_TRUE(test::waitFor([&] { return changed.count() == 2; }));
    EXPECT_NE(payload<results::Trace>(study.run(QStringLiteral("r0003-repq")), "loss"), nullptr);
    study.runEnded(QStringLiteral("r0003-repq"));  // cancelled: the disk has no such run
    ASSERT_TRUE(test::waitFor([&] { return study.summary(QStringLiteral("r0003-repq")) == nullptr; }));
    EXPECT_EQ(study.run(QStringLiteral("r0003-repq")), nullptr);
}

TEST_F(StudyTest, KeepsTheArrangementOfTheWindow) {
    {
        Study study;
        open(study);
        EXPECT_TRUE(study.viewState().isEmpty());
        study.setViewState("{\"layout\": 1}");
        EXPECT_FALSE(study.isModified());
    }
    Study study;
    open(study);
    EXPECT_EQ(study.viewState(), QByteArray("{\"layout\": 1}"));
}

}  // namespace
}  // namespace vitrine::widgets
