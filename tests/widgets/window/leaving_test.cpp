// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/wait.h>
#include <unistd.h>

#include <QElapsedTimer>
#include <QPushButton>
#include <QTest>
#include <csignal>
#include <random>

#include "project/recovery.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

class LeavingTest : public test::WindowTest {
  protected:
    LeavingTest() : WindowTest(64) {}

    jobs::JobId openAndRun() {
        open();
        EXPECT_TRUE(openProject());
        const jobs::JobId id = startRun();
        EXPECT_TRUE(waitFor([&] { return isRunning(id); }));
        return id;
    }
    project::RunState stateOfRun() const {
        const auto found = project::Project::open(runs.project()).runs();
        return found.empty() ? project::RunState::damaged : found.back().state;
    }
    bool isClosed() {
        return waitFor([this] { return window->isHidden(); }, 60);
    }
};

TEST_F(LeavingTest, WithoutJobsItJustCloses) {
    open();
    ASSERT_TRUE(openProject());
    window->close();
    EXPECT_TRUE(isClosed());
}

TEST_F(LeavingTest, Stay) {
    const jobs::JobId id = openAndRun();
    window->close();
    ASSERT_TRUE(answer("stay"));
    QTest::qWait(50);
    EXPECT_FALSE(window->isHidden());
    EXPECT_FALSE(isOver(id));
}

TEST_F(LeavingTest, PauseLeavesAnInterruptedRunThatIsOffered) {
    openAndRun();
    window->close();
    ASSERT_TRUE(answer("pause"));
    ASSERT_TRUE(isClosed());
    window.reset();
    EXPECT_EQ(stateOfRun(), project::RunState::interrupted);
    open();
    ASSERT_TRUE(openProject());
    ASSERT_TRUE(waitFor([&] { return window->messages().text().contains(QStringLiteral("interrupted")); }));
    for (QPushButton* button : window->messages().findChildren<QPushButton*>())
        if (button->text() == QStringLiteral("Resume")) button->click();
    EXPECT_TRUE(waitFor([&] { return window->session().jobs.unfinished() == 1; }));
}

TEST_F(LeavingTest, StopAndKeep) {
    openAndRun();
    window->close();
    ASSERT_TRUE(answer("keep"));
    ASSERT_TRUE(isClosed());
    EXPECT_EQ(stateOfRun(), project::RunState::kept);
}

TEST_F(LeavingTest, CancelLeavesNoRun) {
    openAndRun();
    window->close();
    ASSERT_TRUE(answer("cancel"));
    ASSERT_TRUE(isClosed());
    EXPECT_TRUE(project::Project::open(runs.project()).runs().empty());
}

TEST_F(LeavingTest, UnsavedEditsAreSavedOrKeptForRecovery) {
    open();
    ASSERT_TRUE(openProject());
    const auto rename = [this](const char* name) {
        window->session().study.edit(QStringLiteral("rename"), [name](project::Edits& edits) { edits.name = name; });
    };
    rename("Saved name");
    window->close();
    ASSERT_TRUE(answer("save"));
    ASSERT_TRUE(isClosed());
    window.reset();
    EXPECT_EQ(project::Project::open(runs.project()).edits().name, "Saved name");

    open();
    ASSERT_TRUE(openProject());
    rename("Unsaved name");
    window->close();
    ASSERT_TRUE(answer("discard"));
    ASSERT_TRUE(isClosed());
    window.reset();
    EXPECT_EQ(project::Project::open(runs.project()).edits().name, "Saved name");
}

TEST_F(LeavingTest, EditsOfAKilledProcessAreOffered) {
    project::Project::create(runs.project(), "Test study");
    const pid_t child = ::fork();
    if (child == 0) {
        project::RecoveryFile file(runs.project());
        const project::Edits saved = project::Project::open(runs.project()).edits();
        project::Edits edits = saved;
        edits.notes = "what the crash would have lost";
        file.write(edits, saved);
        ::raise(SIGKILL);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    open();
    ASSERT_TRUE(openProject());
    ASSERT_TRUE(waitFor([&] { return dialog(QStringLiteral("recovery")) != nullptr; }));
    QDialog* recovery = dialog(QStringLiteral("recovery"));
    recovery->findChild<QPushButton*>(QStringLiteral("recovery.compare"))->click();
    recovery->findChild<QPushButton*>(QStringLiteral("recovery.restore"))->click();
    EXPECT_EQ(window->session().study.edits().notes, "what the crash would have lost");
    EXPECT_TRUE(window->session().study.undoStack().canUndo());
    window->session().study.save();
    EXPECT_TRUE(waitFor([&] { return !window->session().study.isModified(); }));
}

TEST_F(LeavingTest, ClosingAtAnyMoment) {
    std::mt19937 random(20);
    const char* const answers[] = {"pause", "keep", "cancel"};
    qint64 longest = 0;
    for (int round = 0; round < 20; ++round) {
        open();
        const auto moment = static_cast<int>(random() % 700);
        QElapsedTimer since;
        since.start();
        ASSERT_TRUE(openProject());
        startRun(round % 2 == 0 ? "repq" : "baseline");
        if (const auto left = moment - since.elapsed(); left > 0) QTest::qWait(static_cast<int>(left));
        since.restart();
        window->close();
        if (!waitFor([this] { return window->isHidden() || dialog(QStringLiteral("question")); }, 20))
            FAIL() << "round " << round;
        if (!window->isHidden()) {
            ASSERT_TRUE(answer(answers[round % 3])) << round;
        }
        ASSERT_TRUE(isClosed()) << round;
        window.reset();
        longest = std::max(longest, since.elapsed());
    }
    RecordProperty("longest_close_ms", static_cast<int>(longest));
}

TEST_F(LeavingTest, DestroyedWhileRunning) {
    openAndRun();
    window.reset();  // without any question
    EXPECT_TRUE(project::Project::open(runs.project()).runs().empty());
}

}  // namespace
}  // namespace vitrine::widgets
