// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <QPair>
#include <QSet>
#include <QTimer>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "widgets/session/session.h"
#include "widgets/views/view.h"

namespace vitrine::widgets {

/// Results that a view needs and a run lacks: has core compute them, each once, and keeps them for as long as the project is open. What fails
/// or is cancelled is kept with its reason until it is asked for again. UI thread.
class RequestedResults : public QObject {
    Q_OBJECT
  public:
    RequestedResults(Session& session, QObject* parent);

    /// Of both chosen runs, where they are complete.
    void askForHistograms(const QStringList& sites);
    /// The latest request counts: one before it is given up, but for an older step of a run at work, which ends first.
    void askForPatches(const analysis::PatchRequest& request);
    const PatchSource& patches() const { return patches_; }
    /// The run with what was computed for it since.
    RunDataPtr completed(const RunDataPtr& run) const;
    const ResultFailures& failures() const { return failures_; }
    /// Asks anew for what failed of the chosen runs.
    void retry();
    bool canRetry() const;

  Q_SIGNALS:
    void changed();

  private:
    using Key = QPair<QString, QString>;  ///< run, site
    void ask(const QString& run, const QStringList& sites);
    void end(jobs::JobId id);
    void clear();
    void startPatches();
    void endPatches(const JobItem* item);
    void forgetLive(const QString& run);
    results::ArtefactPtr liveImages(const std::string& run) const;  ///< of a run at work; null: as stored
    QStringList failedOf(const QString& run) const;

    Session& session_;
    QSet<Key> asked_;
    QHash<QString, QList<results::ArtefactPtr>> histograms_;
    ResultFailures failures_;
    std::map<jobs::JobId, std::pair<QString, QStringList>> jobs_;  ///< that work on it
    /// Handed over from the job's thread before it ends.
    struct PatchJob {
        jobs::JobId id = 0;
        std::vector<analysis::PatchRequest> requests;
        std::shared_ptr<std::vector<analysis::PatchMapsPtr>> results;
    };
    PatchSource patches_;
    std::vector<analysis::PatchRequest> wanted_;  ///< maps that are asked for next
    std::set<analysis::PatchRequest> live_;       ///< maps of runs that worked then: of what could be had
    std::optional<PatchJob> patchJob_;
    QTimer patchTimer_;
};

}  // namespace vitrine::widgets
