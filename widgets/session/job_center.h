// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QObject>
#include <QString>
#include <QStringList>
#include <memory>
#include <optional>
#include <vector>

#include "jobs/job_queue.h"
#include "results/artefacts.h"
#include "runs/run.h"

namespace vitrine::widgets {

/// A job as lists show it.
struct JobItem {
    jobs::JobId id = 0;
    QString title;   ///< "RepQ-ViT W4A4 on vit_tiny"
    QString run;     ///< run id, once it has one; empty for analyses
    jobs::JobState state = jobs::JobState::queued;
    jobs::ProgressReport progress;
    std::optional<Error> error;
    QStringList stages;        ///< titles, in order
    int stage = -1;            ///< the one that runs now; stages.size() when all are done
    std::vector<project::StageRecord> stagesDone;  ///< of the run, with their times
    project::RunFigures figures;   ///< of the run, as far as they are measured
    QString seriesName;        ///< what the sparkline shows: the newest trace of the run
    std::vector<double> series;
    double memoryBytes = 0;    ///< of the process, now
    runs::RunSpec spec;        ///< to run it again with changes; of an analysis only its project is set
};

/// The jobs of the window: runs in a queue, one at a time, and short analyses beside them. Core's threads talk to it; it talks on
/// the UI thread, at most 20 times a second for each job. Nothing of a job is told after cancel() but its end. UI thread.
class JobCenter : public QObject {
    Q_OBJECT
  public:
    explicit JobCenter(QObject* parent = nullptr);
    ~JobCenter() override;  ///< cancels what is left and waits for it

    enum class When { queued, now };  ///< now: before all that wait
    jobs::JobId addRun(runs::RunSpec spec, const QString& title, When when);
    /// Histograms of sites of a stored run that it lacks (runs/site_analysis.h); histogramsReady() follows.
    jobs::JobId addHistograms(const QString& project, const QString& run, const QStringList& sites);

    /// Work that is no run and makes none, such as copying a project: it has progress and can be cancelled like the others. `work` brings its
    /// results home itself, before ended() is emitted. `project`: whose work it is.
    jobs::JobId addTask(const QString& project, const QString& title, jobs::Job::Work work);

    QList<jobs::JobId> jobs() const;  ///< in the order of the list
    const JobItem* item(jobs::JobId id) const;
    int unfinished() const;

    void pause(jobs::JobId id);
    void resume(jobs::JobId id);
    void stopAndKeep(jobs::JobId id);
    void cancel(jobs::JobId id);
    void moveUp(jobs::JobId id);
    void moveDown(jobs::JobId id);
    void remove(jobs::JobId id);  ///< one that is over
    void removeFinished();

    /// For quitting: ends everything that is unfinished in this way; allEnded() follows, at once when there is nothing. `pause` leaves runs
    /// as interrupted ones, to be resumed at the next start.
    enum class Ending { pause, stopAndKeep, cancel };
    void endAll(Ending ending);  ///< jobs that have not begun are cancelled in every way: there is nothing to keep

  Q_SIGNALS:
    void added(vitrine::jobs::JobId id);
    void changed(vitrine::jobs::JobId id);
    void removed(vitrine::jobs::JobId id);
    void orderChanged();
    void runBegun(vitrine::jobs::JobId id, const QString& run);
    void recordTold(const vitrine::project::RunRecord& record, const QString& project);
    void artefactTold(const QString& run, const vitrine::results::ArtefactPtr& artefact, const QString& project);
    void histogramsReady(const QString& run, const vitrine::results::ArtefactPtr& histograms);
    void ended(vitrine::jobs::JobId id, const QString& run);  ///< `run` may be empty
    void allEnded();
    void logged(const QString& run, const QString& text);  ///< a line worth keeping: a job or a stage began or ended; `run` may be empty

  protected:
    bool event(QEvent* event) override;  ///< there is news from other threads

  private:
    struct Private;
    std::unique_ptr<Private> d_;
};

}  // namespace vitrine::widgets
