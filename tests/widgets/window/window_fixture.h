// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <QAbstractButton>
#include <QApplication>
#include <QDialog>
#include <memory>

#include "support/temporary_folder.h"
#include "widgets/base/text.h"
#include "widgets/session/sample_runs.h"
#include "widgets/window/main_window.h"

namespace vitrine::test {

/// A main window with settings of its own, and a small project with real pictures.
class WindowTest : public ::testing::Test {
  protected:
    explicit WindowTest(std::int64_t images = 16) : runs(images) {
        settings.set(widgets::SettingKey::tourSeen, true);
        settings.set(widgets::SettingKey::projectsFolder, widgets::pathText(folder.path()));
        settings.set(widgets::SettingKey::exportFolder, widgets::pathText(folder.path()));
    }

    /// A new window, as after a start of the program.
    widgets::MainWindow& open() {
        window.reset();
        window = std::make_unique<widgets::MainWindow>(settings);
        window->resize(1280, 800);
        window->show();
        return *window;
    }

    /// Opens the project, which is made where it is absent.
    bool openProject() {
        if (!project::Project::exists(runs.project())) project::Project::create(runs.project(), "Test study");
        window->openPaths({runs.projectText()});
        return waitFor([this] { return window->session().study.isOpen(); });
    }

    jobs::JobId startRun(const std::string& method = "repq") {
        return window->session().jobs.addRun(runs.spec(method), QStringLiteral("Test run"),
                                             widgets::JobCenter::When::now);
    }
    bool isRunning(jobs::JobId id) {
        const widgets::JobItem* item = window->session().jobs.item(id);
        return item && item->state == jobs::JobState::running && !item->run.isEmpty();
    }
    bool isOver(jobs::JobId id) {
        const widgets::JobItem* item = window->session().jobs.item(id);
        return item && jobs::isOver(item->state);
    }
    void trigger(const char* action) { window->registry().action(QLatin1String(action))->trigger(); }

    /// The visible dialog of this name; null when there is none.
    QDialog* dialog(const QString& name) const {
        for (QWidget* each : QApplication::topLevelWidgets())
            if (auto* found = qobject_cast<QDialog*>(each); found && found->isVisible() && found->objectName() == name)
                return found;
        return nullptr;
    }
    /// Presses a button of the question that is shown; waits for the question.
    bool answer(const char* choice) {
        const QString name = QStringLiteral("choice.") + QLatin1String(choice);
        if (!waitFor([this] { return dialog(QStringLiteral("question")) != nullptr; }, 20)) return false;
        auto* button = dialog(QStringLiteral("question"))->findChild<QAbstractButton*>(name);
        if (!button) return false;
        button->click();
        return true;
    }
    static void closeDialogs() {
        for (QWidget* each : QApplication::topLevelWidgets())
            if (qobject_cast<QDialog*>(each)) each->close();
        if (QWidget* popup = QApplication::activePopupWidget()) popup->close();
    }

    TemporaryFolder folder;
    SampleRuns runs;
    widgets::Settings settings{widgets::pathText(folder / "settings.ini")};
    std::unique_ptr<widgets::MainWindow> window;
};

}  // namespace vitrine::test
