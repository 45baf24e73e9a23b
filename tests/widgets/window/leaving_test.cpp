// SPDX-License-Identifier: GPL-3.0-or-later
#include <sys/wait.h>
#include <unistd.h>

#include <QPushButton>
#include <QTest>
#include <QTimer>
#include <algorithm>
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

/// The moment is a number of turns of the event loop, so that it depends on no clock; each seed has one of its own and an answer.
class ClosingTest : public LeavingTest, public ::testing::WithParamInterface<int> {
  protected:
    void SetUp() override { random_.seed(static_cast<std::mt19937::result_type>(GetParam())); }

    int upTo(int most) { return static_cast<int>(random_() % static_cast<std::mt19937::result_type>(most + 1)); }
    /// Opens the project, starts a run where none is offered, and lets things happen for a while.
    void work(int round) {
        open();
        window->openPaths({runs.projectText()});
        bool begun = false;
        QObject life;
        const auto begin = [&] {
            if (std::exchange(begun, true)) return;
            startRun(round % 2 == 0 ? "repq" : "baseline");
            if (round % 3 == 0) startRun("baseline");  // one that waits
        };
        QObject::connect(&window->session().study, &Study::opened, &life, begin);
        QTimer heart;  // so that every turn ends
        heart.start(2);
        for (int turns = upTo(400); turns > 0; --turns) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }

    std::mt19937 random_;
};

TEST_P(ClosingTest, AtAnyMomentWithAnyAnswer) {
    project::Project::create(runs.project(), "Test study");
    const char* const answers[] = {"pause", "keep", "cancel"};
    for (int round = 0; round < 3; ++round) {
        work(round);
        window->close();
        ASSERT_TRUE(waitFor([this] { return window->isHidden() || dialog(QStringLiteral("question")); }, 60)) << "round " << round;
        if (!window->isHidden() && upTo(3) == 0) {
            ASSERT_TRUE(answer("stay")) << round;
            QTimer heart;
            heart.start(2);
            for (int turns = upTo(50); turns > 0; --turns) QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
            window->close();
            ASSERT_TRUE(waitFor([this] { return window->isHidden() || dialog(QStringLiteral("question")); }, 60)) << "round " << round;
        }
        const char* const given = answers[upTo(2)];
        if (!window->isHidden()) {
            ASSERT_TRUE(answer(given)) << given;
        }
        ASSERT_TRUE(isClosed()) << given;
        window.reset();
        const project::Project project = project::Project::open(runs.project());
        EXPECT_TRUE(project.warnings().empty()) << given << ": " << project.warnings().front();
        const std::vector<Error> wrong = project::validate(project);
        EXPECT_TRUE(wrong.empty()) << given << ": " << wrong.front().text();
    }
    // Whatever was interrupted is offered.
    const auto found = project::Project::open(runs.project()).runs();
    const bool interrupted = std::any_of(found.begin(), found.end(), [](const auto& run) { return run.state == project::RunState::interrupted; });
    EXPECT_TRUE(std::none_of(found.begin(), found.end(), [](const auto& run) { return run.state == project::RunState::running; }));
    open();
    ASSERT_TRUE(openProject());
    ASSERT_TRUE(waitFor([&] { return window->session().study.runs().size() == found.size(); }));
    EXPECT_EQ(window->messages().text().contains(QStringLiteral("interrupted")), interrupted);
}

INSTANTIATE_TEST_SUITE_P(Seeds, ClosingTest, ::testing::Range(0, 20));

TEST_F(LeavingTest, DestroyedWhileRunning) {
    openAndRun();
    window.reset();  // without any question
    EXPECT_TRUE(project::Project::open(runs.project()).runs().empty());
}

}  // namespace
}  // namespace vitrine::widgets
