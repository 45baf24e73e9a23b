// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/project_commands.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QProcess>

#include "project/layout.h"
#include "project/project.h"
#include "runs/sample_project.h"
#include "widgets/base/text.h"
#include "widgets/window/new_project_dialog.h"

namespace vitrine::widgets {
namespace {

/// What paths from outside are, as the disk says.
struct Sorted {
    QString project;  ///< the first one; empty: none
    QStringList other;
};

Sorted sortPaths(const QStringList& paths) {
    Sorted sorted;
    for (const QString& path : paths) {
        const QFileInfo info(path);
        const QString folder = info.isDir() ? info.absoluteFilePath() : info.absolutePath();
        const bool manifest = info.fileName() == QFileInfo(pathText(project::manifestPath(toPath(folder)))).fileName();
        if ((info.isDir() || manifest) && project::Project::exists(toPath(folder))) {
            if (sorted.project.isEmpty()) sorted.project = folder;
        } else {
            sorted.other.append(info.absoluteFilePath());
        }
    }
    return sorted;
}

/// A folder that is not there yet, for the sample.
QString freeFolder(const QString& parent, const QString& name) {
    QString folder = QDir(parent).filePath(name);
    for (int number = 2; QFileInfo::exists(folder); ++number)
        folder = QDir(parent).filePath(QStringLiteral("%1-%2").arg(name).arg(number));
    return folder;
}

}  // namespace

ProjectCommands::ProjectCommands(WindowContext context, RecentProjects& recent, LeaveGuard& leave, QThreadPool& pool)
    : QObject(&context.window), context_(context), recent_(recent), leave_(leave), pool_(pool) {
    addActions();
    connect(&context_.session.study, &Study::opened, this, [this] {
        const QString folder = context_.session.study.folder();
        recent_.add(folder);
        // The sample begins with a run, so that the user's own has something to be compared with.
        if (const QString sample = std::exchange(sample_, {}); !sample.isEmpty() && QDir(sample) == QDir(folder))
            context_.session.jobs.addRun(runs::firstSampleRun(toPath(folder)), tr("Baseline of the sample"), JobCenter::When::queued);
        context_.session.settings.set(SettingKey::lastProject, folder);
        if (const QStringList paths = std::exchange(pending_, {}); !paths.isEmpty())
            Q_EMIT importAsked(paths, project::ImageRole::any);
    });
}

void ProjectCommands::addActions() {
    ActionRegistry& registry = context_.registry;
    const auto add = [&](const char* id, const QString& text, const QString& iconName, const QList<QKeySequence>& keys,
                         const QString& help, std::function<void(bool)> run) {
        registry.add({QLatin1String(id), text, iconName, keys, help}, std::move(run));
    };
    add("file.new", tr("&New project..."), QStringLiteral("new"), {QKeySequence::New},
        tr("Make an empty project in a new folder."), [this](bool) { newProject(); });
    add("file.open", tr("&Open project..."), QStringLiteral("open"), {QKeySequence::Open},
        tr("Open the folder of a project."), [this](bool) {
            chooseFolder(tr("Open the folder of a project"),
                         context_.session.settings.value(SettingKey::projectsFolder).toString(),
                         [this](const QString& folder) { openPaths({folder}); });
        });
    add("file.open_window", tr("Open in a new &window..."), QStringLiteral("detach"), {QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_O)},
        tr("Open a project in a second window."), [this](bool) {
            chooseFolder(tr("Open the folder of a project in a new window"),
                         context_.session.settings.value(SettingKey::projectsFolder).toString(),
                         [](const QString& folder) {
                             QProcess::startDetached(QCoreApplication::applicationFilePath(), {folder});
                         });
        });
    add("file.sample", tr("Open the &sample project"), QStringLiteral("sample"), {},
        tr("Write a small network and its images into a new folder and open it."), [this](bool) { openSample(); });
    add("file.recover", tr("Re&cover..."), QStringLiteral("recover"), {},
        tr("Open the newest project with interrupted runs or unsaved edits."), [this](bool) {
            if (const QString folder = recent_.mostInterrupted(); !folder.isEmpty()) openProject(folder);
        });
    add("file.reload", tr("&Reload"), QStringLiteral("reload"), {QKeySequence(Qt::CTRL | Qt::Key_R)},
        tr("Look for runs that other programs added."), [this](bool) { context_.session.study.reload(); });
    add("file.save", tr("&Save"), QStringLiteral("save"), {QKeySequence::Save},
        tr("Write names, notes, images and the next run to the project."),
        [this](bool) { context_.session.study.save(); });
    add("file.import", tr("&Add networks or images..."), QStringLiteral("add"), {QKeySequence(Qt::CTRL | Qt::Key_I)},
        tr("Add checkpoints, folders of images or lists of images to the project."), [this](bool) { chooseFiles(); });
    add("file.import_folder", tr("Add a &folder of images..."), QStringLiteral("images"), {},
        tr("Add a folder with one folder for each class."), [this](bool) {
            chooseFolder(tr("Add a folder of images"), context_.session.study.folder(),
                         [this](const QString& folder) { Q_EMIT importAsked({folder}, project::ImageRole::any); });
        });
    add("file.close", tr("&Close project"), QStringLiteral("close"), {QKeySequence(Qt::CTRL | Qt::Key_W)},
        tr("Go back to the start page."), [this](bool) { closeProject(); });
    add("file.quit", tr("&Quit"), QStringLiteral("quit"), {QKeySequence(Qt::CTRL | Qt::Key_Q)},
        tr("End the program; running jobs are asked about."), [this](bool) { quit(); });
}

void ProjectCommands::refresh() {
    ActionRegistry& registry = context_.registry;
    const Study& study = context_.session.study;
    const bool open = study.isOpen();
    const QString noProject = tr("No project is open.");
    for (const char* id : {"file.reload", "file.close"}) registry.setEnabled(QLatin1String(id), open, noProject);
    for (const char* id : {"file.import", "file.import_folder"})
        registry.setEnabled(QLatin1String(id), !open || !study.readOnly(), tr("The project can only be read."));
    registry.setEnabled(QStringLiteral("file.save"), open && study.isModified() && !study.readOnly() && !study.isBusy(),
                        !open              ? noProject
                        : study.readOnly() ? tr("The project can only be read.")
                        : study.isBusy()   ? tr("The project is busy.")
                                           : tr("Everything is saved."));
    registry.setEnabled(QStringLiteral("file.recover"), !recent_.mostInterrupted().isEmpty(),
                        tr("No recent project has anything to recover."));
}

void ProjectCommands::chooseFolder(const QString& title, const QString& start,
                                   const std::function<void(const QString&)>& chosen) {
    auto* dialog = new QFileDialog(&context_.window, title, start);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    connect(dialog, &QFileDialog::fileSelected, this, chosen);
    dialog->open();
}

void ProjectCommands::chooseFiles(project::ImageRole role) {
    auto* dialog = new QFileDialog(&context_.window, tr("Add networks or images"), context_.session.study.folder());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    dialog->setNameFilters(
        {tr("Networks and lists of images (*.safetensors *.pth *.pt *.bin *.csv *.idx *ubyte *ubyte.gz)"),
         tr("All files (*)")});
    connect(dialog, &QFileDialog::filesSelected, this,
            [this, role](const QStringList& paths) { Q_EMIT importAsked(paths, role); });
    dialog->open();
}

void ProjectCommands::openProject(const QString& folder) {
    if (context_.session.study.isOpen() && QDir(folder) == QDir(context_.session.study.folder())) return;
    leave_.leave(LeaveGuard::Reason::closeProject, [this, folder] { context_.session.study.open(folder); });
}

void ProjectCommands::createProject(const QString& folder, const QString& name) {
    leave_.leave(LeaveGuard::Reason::closeProject,
                 [this, folder, name] { context_.session.study.create(folder, name); });
}

void ProjectCommands::newProject(const QString& name) {
    auto* dialog = new NewProjectDialog(context_.session.settings, pool_, name, &context_.window);
    connect(dialog, &NewProjectDialog::createAsked, this, &ProjectCommands::createProject);
    dialog->open();
}

void ProjectCommands::openSample() {
    inBackground(
        pool_, this,
        [parent = context_.session.settings.value(SettingKey::projectsFolder).toString()] {
            const QString place = parent.isEmpty() ? QDir::homePath() : parent;
            if (!QDir().mkpath(place))
                fail(ErrorCode::ioFailure, "the folder cannot be made", toStd(place),
                     "choose another folder in the preferences");
            return freeFolder(place, QStringLiteral("vitrine-sample"));
        },
        [this](const Outcome<QString>& outcome) {
            if (const QString* folder = valueOf(outcome))
                leave_.leave(LeaveGuard::Reason::closeProject, [this, where = *folder] {
                    sample_ = where;
                    context_.session.study.createSample(where);
                });
            else
                context_.messages.showError(std::get<Error>(outcome));
        });
}

void ProjectCommands::locate(const QString& folder) {
    chooseFolder(tr("Where is “%1” now?").arg(QFileInfo(folder).fileName()), QFileInfo(folder).path(),
                 [this, folder](const QString& found) {
                     recent_.replace(folder, found);
                     openPaths({found});
                 });
}

void ProjectCommands::openPaths(const QStringList& paths) {
    if (paths.isEmpty()) return;
    inBackground(
        pool_, this, [paths] { return sortPaths(paths); },
        [this](const Outcome<Sorted>& outcome) {
            const Sorted* sorted = valueOf(outcome);
            if (!sorted) {
                context_.messages.showError(std::get<Error>(outcome));
            } else if (!sorted->project.isEmpty()) {
                pending_ = sorted->other;
                openProject(sorted->project);
            } else {
                Q_EMIT importAsked(sorted->other, project::ImageRole::any);
            }
        });
}

void ProjectCommands::closeProject() {
    leave_.leave(LeaveGuard::Reason::closeProject, [this] {
        context_.session.settings.set(SettingKey::lastProject, QString());
        context_.session.study.close();
    });
}

void ProjectCommands::quit() {
    leave_.leave(LeaveGuard::Reason::quit, [this] {
        quits_ = true;
        context_.window.close();
    });
}

}  // namespace vitrine::widgets
