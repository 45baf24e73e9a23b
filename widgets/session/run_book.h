// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>
#include <vector>

#include "widgets/session/run_data.h"

namespace vitrine::widgets {

/// The runs that are in memory: the newest eight of those that were asked for, and those that jobs are writing now. UI thread.
class RunBook {
  public:
    /// The run, or null. Counts as asking for it.
    RunDataPtr find(const QString& id);
    void keep(const QString& id, RunDataPtr run);
    void forget(const QString& id);
    void clear();

    bool isLive(const QString& id) const { return live_.contains(id); }
    QStringList live() const { return live_.keys(); }
    /// What a job tells. The first record makes a run live; artefacts of other runs are ignored.
    void tell(const project::RunRecord& record);
    void tell(const QString& id, const results::ArtefactPtr& artefact);
    /// What a live run had on disk before its job began: taken where its job has told nothing newer.
    void adopt(const QString& id, const std::vector<results::ArtefactPtr>& artefacts);
    void end(const QString& id);

  private:
    struct Live {
        project::RunRecord record;
        std::vector<results::ArtefactPtr> artefacts;
        RunDataPtr content;  // made when asked for, void after every change
    };
    void touch(const QString& id);

    QHash<QString, RunDataPtr> stored_;
    QStringList asked_;  // ids of stored_, the newest last
    QHash<QString, Live> live_;
};

}  // namespace vitrine::widgets
