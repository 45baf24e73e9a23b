// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QEvent>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "jobs/job_queue.h"
#include "results/artefacts.h"
#include "runs/run.h"

class QObject;

namespace vitrine::widgets {

/// Where the threads of jobs leave news for the UI thread: of everything that repeats only the newest is kept. When there is
/// news it sends one event of kNews to its receiver, and no other until the news was taken. Thread safe.
class JobBridge {
  public:
    static constexpr QEvent::Type kNews = QEvent::User;

    /// A job by the queue that it is in and its id there.
    struct Key {
        int queue = 0;
        jobs::JobId id = 0;
        auto operator<=>(const Key&) const = default;
    };
    struct News {
        std::optional<jobs::JobState> state;
        std::optional<jobs::ProgressReport> progress;
        double memoryBytes = 0;  ///< of the process when the progress was made; 0: not looked at
    };
    /// News of a run or analysis, by the number that its owner gave it.
    struct Results {
        std::optional<project::RunRecord> record;
        std::vector<results::ArtefactPtr> artefacts;
    };
    struct Mail {
        std::map<Key, News> jobs;
        std::map<jobs::JobId, Results> results;
    };

    /// `receiver` outlives all threads that tell.
    explicit JobBridge(QObject* receiver) : receiver_(receiver) {}

    void tell(Key job, jobs::JobState state);
    void tell(Key job, const jobs::ProgressReport& progress);
    void tell(jobs::JobId owner, const project::RunRecord& record);
    void tell(jobs::JobId owner, const results::ArtefactPtr& artefact);
    Mail take();

  private:
    void wake();

    QObject* receiver_;
    std::mutex mutex_;
    Mail mail_;           // under mutex_
    bool woken_ = false;  // under mutex_
    double lastLook_ = -1;  // under mutex_: seconds, when the memory was looked at
};

/// Bytes of memory that the process holds now; 0 where the system does not say. Thread safe.
double processMemory();

}  // namespace vitrine::widgets
