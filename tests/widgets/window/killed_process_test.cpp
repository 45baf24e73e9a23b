// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QTest>
#include <csignal>

#include "base/files.h"
#include "project/layout.h"
#include "widgets/window/window_fixture.h"

namespace vitrine::widgets {
namespace {

using test::waitFor;

constexpr char kProject[] = "VITRINE_TEST_PROJECT";

/// The real program, killed while it holds edits and a run; what it leaves is taken up by a window.
class KilledProcessTest : public test::WindowTest {
  protected:
    KilledProcessTest() : WindowTest(256) {}

    /// Starts the program on the project with settings of its own.
    void startProgram(QProcess& program) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("offscreen"));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), pathText(folder / "config"));
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(VITRINE_DESKTOP), {runs.projectText()});
        ASSERT_TRUE(program.waitForStarted());
    }
    static void kill(QProcess& program) {
        ASSERT_EQ(::kill(static_cast<pid_t>(program.processId()), SIGKILL), 0);
        ASSERT_TRUE(program.waitForFinished());
        ASSERT_EQ(program.exitStatus(), QProcess::CrashExit);
    }
    static std::size_t recoveryFiles(const std::filesystem::path& project) {
        std::size_t count = 0;
        std::error_code none;
        for (auto entry = std::filesystem::recursive_directory_iterator(project::recoveryFolder(project), none);
             entry != std::filesystem::recursive_directory_iterator(); ++entry)
            if (entry->is_regular_file() && entry->path().extension() == ".json") ++count;
        return count;
    }
};

TEST_F(KilledProcessTest, TheProgramHoldsAProjectAndLosesNothingWhenKilled) {
    project::Project::create(runs.project(), "Test study");
    QProcess program;
    startProgram(program);
    // It is up once it has written the project into its list of recent ones.
    const auto settingsHaveProject = [&] {
        std::error_code none;
        for (auto entry = std::filesystem::recursive_directory_iterator(folder / "config", none);
             entry != std::filesystem::recursive_directory_iterator(); ++entry)
            if (entry->is_regular_file() && readTextFile(entry->path()).find("project") != std::string::npos) return true;
        return false;
    };
    ASSERT_TRUE(waitFor(settingsHaveProject, 60));
    ASSERT_NO_FATAL_FAILURE(kill(program));

    open();
    ASSERT_TRUE(openProject());
    EXPECT_EQ(window->session().study.edits().name, "Test study");
    EXPECT_FALSE(window->session().study.readOnly());
}

/// Runs in a process of its own, which the test below starts: types a note and kills itself while a run works.
TEST_F(KilledProcessTest, TypesANoteAndDies) {
    const QString project = qEnvironmentVariable(kProject);
    if (project.isEmpty()) GTEST_SKIP() << "NotesAndRunAreOfferedAndNothingIsDeleted runs it in a process of its own";
    open();
    window->openPaths({project});
    ASSERT_TRUE(waitFor([&] { return window->session().study.isOpen(); }));
    runs::RunSpec spec = runs.spec();
    spec.project = toPath(project);
    const jobs::JobId id = window->session().jobs.addRun(spec, QStringLiteral("Killed"), JobCenter::When::now);
    trigger("window.panel.notes");
    auto* notes = window->findChild<QPlainTextEdit*>(QStringLiteral("projectNotes"));
    ASSERT_NE(notes, nullptr);
    QTest::keyClicks(notes, QStringLiteral("typed before the kill"));
    ASSERT_TRUE(waitFor([&] { return recoveryFiles(toPath(project)) == 1 && isRunning(id); }));
    ::raise(SIGKILL);
}

TEST_F(KilledProcessTest, NotesAndRunAreOfferedAndNothingIsDeleted) {
    project::Project::create(runs.project(), "Test study");
    QProcess program;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QLatin1String(kProject), runs.projectText());
    program.setProcessEnvironment(environment);
    program.start(QCoreApplication::applicationFilePath(),
                  {QStringLiteral("--gtest_filter=*TypesANoteAndDies")});
    ASSERT_TRUE(waitFor([&] { return program.state() == QProcess::NotRunning; }, 300));
    ASSERT_EQ(program.exitStatus(), QProcess::CrashExit) << program.readAllStandardOutput().toStdString();
    ASSERT_EQ(recoveryFiles(runs.project()), 1u);
    std::filesystem::remove_all(runs.project() / "cache");

    for (const char* button : {"later", "keep"}) {
        open();
        ASSERT_TRUE(openProject());
        ASSERT_TRUE(waitFor([&] { return window->messages().text().contains(QStringLiteral("interrupted")); })) << button;
        ASSERT_TRUE(waitFor([&] { return dialog(QStringLiteral("recovery")) != nullptr; })) << button;
        auto* press = dialog(QStringLiteral("recovery"))->findChild<QPushButton*>(QStringLiteral("recovery.") + QLatin1String(button));
        ASSERT_NE(press, nullptr) << button;
        press->click();
        closeDialogs();
        EXPECT_EQ(window->session().study.edits().notes, "");
        window.reset();
        EXPECT_EQ(recoveryFiles(runs.project()), 1u) << button << ": it is put aside at most";
        EXPECT_EQ(project::Project::open(runs.project()).runs().size(), 1u) << button;
    }
    open();
    ASSERT_TRUE(openProject());
    ASSERT_TRUE(waitFor([&] { return window->messages().text().contains(QStringLiteral("interrupted")); }));
    EXPECT_EQ(dialog(QStringLiteral("recovery")), nullptr) << "what was declined is not offered again";
}

}  // namespace
}  // namespace vitrine::widgets
