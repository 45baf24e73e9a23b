// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/recent_projects.h"

#include <QFileInfo>
#include <algorithm>

#include "base/files.h"
#include "project/file_lock.h"
#include "project/layout.h"
#include "project/manifest.h"
#include "project/project.h"
#include "project/recovery.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

QString folderName(const QString& folder) {
    const QString name = QFileInfo(folder).fileName();
    return name.isEmpty() ? folder : name;
}

/// Asks the disk. A project that cannot be read is listed by its folder.
RecentProject lookAt(RecentProject recent) {
    const std::filesystem::path folder = toPath(recent.folder);
    recent.looked = true;
    recent.missing = !project::Project::exists(folder);
    if (recent.missing) return recent;
    recent.changed = QFileInfo(pathText(project::manifestPath(folder))).lastModified();
    try {
        const project::RunFolders runs = project::listRuns(folder);
        recent.runs = static_cast<int>(runs.complete.size() + runs.open.size());
        for (const std::string& id : runs.open)
            if (!project::FileLock::isHeld(project::runLockPath(project::openFolder(folder, id)))) ++recent.interrupted;
        recent.unsaved = !project::findRecovered(folder).empty();
        const auto path = project::manifestPath(folder);
        const auto manifest = project::Manifest::parse(readTextFile(path, project::kMaximumRecord), path.string());
        if (const QString name = toQt(manifest.edits().name); !name.isEmpty()) recent.name = name;
    } catch (const std::exception&) {
        // Opening it tells what is wrong; the list only shows where it is.
    }
    return recent;
}

}  // namespace

RecentProjects::RecentProjects(Settings& settings, QObject* parent) : QObject(parent), settings_(settings) {
    pool_.setMaxThreadCount(1);
    connect(&settings_, &Settings::changed, this, [this](SettingKey key) {
        if (key == SettingKey::recentProjects || key == SettingKey::pinnedProjects) rebuild();
    });
    rebuild();
}

RecentProjects::~RecentProjects() { pool_.waitForDone(); }

void RecentProjects::rebuild() {
    const QStringList pinned = settings_.value(SettingKey::pinnedProjects).toStringList();
    QStringList folders = settings_.value(SettingKey::recentProjects).toStringList();
    for (const QString& folder : pinned)
        if (!folders.contains(folder)) folders.append(folder);
    std::vector<RecentProject> next;
    for (const QString& folder : folders) {
        const auto known = std::find_if(projects_.begin(), projects_.end(),
                                        [&](const RecentProject& p) { return p.folder == folder; });
        RecentProject recent = known == projects_.end() ? RecentProject{folder, folderName(folder)} : *known;
        recent.pinned = pinned.contains(folder);
        next.push_back(recent);
    }
    std::stable_partition(next.begin(), next.end(), [](const RecentProject& p) { return p.pinned; });
    projects_ = std::move(next);
    Q_EMIT changed();
    look();
}

void RecentProjects::look() {
    const auto ticket = looks_.next();
    inBackground(
        pool_, this,
        [projects = projects_] {
            std::vector<RecentProject> found;
            for (const RecentProject& project : projects) found.push_back(lookAt(project));
            return found;
        },
        [this, ticket](const Outcome<std::vector<RecentProject>>& outcome) {
            const auto* found = valueOf(outcome);
            if (!looks_.isLatest(ticket) || !found) return;
            projects_ = *found;
            Q_EMIT changed();
        });
}

void RecentProjects::refresh() { look(); }

void RecentProjects::add(const QString& folder) { settings_.addRecent(folder); }

void RecentProjects::remove(const QString& folder) {
    settings_.setPinned(folder, false);
    settings_.removeRecent(folder);
}

void RecentProjects::setPinned(const QString& folder, bool pinned) { settings_.setPinned(folder, pinned); }

void RecentProjects::replace(const QString& folder, const QString& found) {
    const bool pinned = settings_.value(SettingKey::pinnedProjects).toStringList().contains(folder);
    remove(folder);
    settings_.addRecent(found);
    if (pinned) settings_.setPinned(found, true);
}

int RecentProjects::interruptedRuns() const {
    int count = 0;
    for (const RecentProject& project : projects_) count += project.interrupted;
    return count;
}

QString RecentProjects::mostInterrupted() const {
    const RecentProject* newest = nullptr;
    for (const RecentProject& project : projects_)
        if ((project.interrupted > 0 || project.unsaved) && (!newest || project.changed > newest->changed))
            newest = &project;
    return newest ? newest->folder : QString();
}

}  // namespace vitrine::widgets
