// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include "widgets/window/leave_guard.h"
#include "widgets/window/recent_projects.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// Opening, making, saving and leaving projects: the actions file.*. Takes files and folders from wherever they come
/// (menu, drop, command line). UI thread.
class ProjectCommands : public QObject {
    Q_OBJECT
  public:
    ProjectCommands(WindowContext context, RecentProjects& recent, LeaveGuard& leave, QThreadPool& pool);

    void refresh();  ///< what can be done now

    void openProject(const QString& folder);
    void createProject(const QString& folder, const QString& name);
    void newProject(const QString& name = {});
    void openSample();
    void locate(const QString& folder);  ///< a recent project that has moved
    /// A project is opened; anything else is offered for import.
    void openPaths(const QStringList& paths);
    /// Asks for files to add; `role`: what images among them are for.
    void chooseFiles(project::ImageRole role = project::ImageRole::any);
    void closeProject();
    bool mayQuit() const { return quits_; }  ///< everything that holds the project was settled
    void quit();                             ///< asks where needed, then closes the window

  Q_SIGNALS:
    void importAsked(const QStringList& paths, vitrine::project::ImageRole role);  ///< networks and images

  private:
    void addActions();
    void chooseFolder(const QString& title, const QString& start, const std::function<void(const QString&)>& chosen);

    WindowContext context_;
    RecentProjects& recent_;
    LeaveGuard& leave_;
    QThreadPool& pool_;
    QStringList pending_;  ///< to import once a project is open
    QString sample_;  ///< the folder of a sample that is being written
    bool quits_ = false;
};

}  // namespace vitrine::widgets
