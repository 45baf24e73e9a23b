// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDateTime>
#include <QObject>
#include <QString>
#include <QThreadPool>
#include <vector>

#include "widgets/base/background.h"
#include "widgets/session/settings.h"

namespace vitrine::widgets {

/// A project that was opened before.
struct RecentProject {
    QString folder;
    QString name;  ///< of the manifest; the folder's while it is not read or is missing
    int runs = 0;
    int interrupted = 0;   ///< runs that a crash or a kill left
    bool unsaved = false;  ///< a crashed window left edits
    QDateTime changed;     ///< when its manifest was written last
    bool pinned = false;
    bool missing = false;
    bool looked = false;  ///< whether the disk was asked already
};

/// The list of recent projects: kept in the settings, what the disk says is read off the UI thread. Pinned ones come
/// first. UI thread.
class RecentProjects : public QObject {
    Q_OBJECT
  public:
    explicit RecentProjects(Settings& settings, QObject* parent = nullptr);
    ~RecentProjects() override;

    const std::vector<RecentProject>& projects() const { return projects_; }
    void refresh();  ///< looks at the disk again
    void add(const QString& folder);
    void remove(const QString& folder);
    void setPinned(const QString& folder, bool pinned);
    void replace(const QString& folder, const QString& found);  ///< the project has moved
    int interruptedRuns() const;                                ///< in all projects
    QString mostInterrupted() const;  ///< the newest project that has something to recover; empty: none

  Q_SIGNALS:
    void changed();

  private:
    void rebuild();
    void look();

    Settings& settings_;
    std::vector<RecentProject> projects_;
    RequestCounter looks_;
    QThreadPool pool_;
};

}  // namespace vitrine::widgets
