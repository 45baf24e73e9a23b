// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCache>
#include <QHash>
#include <QSet>
#include <QTimer>
#include <map>

#include "data/dataset.h"
#include "widgets/session/run_book.h"
#include "widgets/session/store.h"
#include "widgets/session/study.h"
#include "widgets/session/worker.h"

namespace vitrine::widgets {

/// A network as a project refers to it.
struct NetworkSource {
    project::StoredPath path;
    std::map<std::string, std::string> overrides;
    QString key() const;  ///< equal for equal networks
};

/// Who waits for a network.
struct NetworkWaiters {
    QSet<QString> models, runs;  ///< names and ids
};

/// Networks in memory, those on their way and those that could not be read, and who waits for them. All by key.
struct NetworkShelf {
    QHash<QString, NetworkPtr> known;
    QStringList asked;  ///< keys of known, the newest last
    QHash<QString, NetworkWaiters> coming, failed;
    QHash<QString, std::string> told;  ///< the last error, which is not told twice in a row
};

using ImageSetPtr = std::shared_ptr<const data::ImageSet>;

/// Evaluation images: the sets that are open, and their pictures in small.
struct PictureShelf {
    struct Wanted {
        QString run;
        qint64 row = 0;
        int side = 0;
    };
    QHash<QString, ImageSetPtr> sets;  ///< by path
    QHash<QString, QList<Wanted>> wanted;     ///< pictures of sets that are being opened
    QHash<QString, QSet<QString>> runs;       ///< runs that are told when a set is open
    QHash<QString, QSet<QString>> failed;     ///< likewise, of sets that cannot be opened
    QHash<QString, std::string> told;         ///< the last error, which is not told twice in a row
    QSet<QString> decoding;
    QCache<QString, QImage> pictures;
};

struct Study::Private {
    explicit Private(Study& owner);

    // study.cpp
    void start(const QString& folder, std::function<void()> prepare);
    void adopt(Opened opened);
    void shutDown();
    void tellBusy();
    void take(const project::Edits& theirs);  ///< the manifest holds these now
    // study_edits.cpp
    void setEdits(project::Edits edits);
    void tellModified();
    void keepForRecovery();
    // study_runs.cpp
    void read(const QString& id);
    void adoptStored(const QString& id);
    void refresh(const QString& id, std::vector<project::RunSummary> list, RunDataPtr run);
    void update(const project::RunSummary& summary);
    void tellLater(const QString& id);
    void tellNow();
    // study_sources.cpp
    NetworkPtr find(const NetworkSource& source);
    NetworkPtr findOrLoad(const NetworkSource& source, const std::function<QSet<QString>&(NetworkWaiters&)>& waiters, const QString& waiter);
    void load(const NetworkSource& source);
    void retry();
    void tellOnce(QHash<QString, std::string>& told, const QString& key, const Error& error);
    void arrived(const QString& key, const NetworkPtr& network);
    void lostNetwork(const QString& key, const Error& error);
    void tell(const NetworkWaiters& waiters);
    ImageSetPtr images(const QString& run);
    void openImages(const QString& key, const project::InputRecord& input);
    void arrived(const QString& key, const ImageSetPtr& set);
    void lostImages(const QString& key, const Error& error);
    void decode(const ImageSetPtr& set, const QString& key, const PictureShelf::Wanted& wanted);

    Study& study;
    Worker io{1};          ///< the project's files, in order
    Worker background{2};  ///< networks and pictures
    std::shared_ptr<Store> store;  ///< what it holds belongs to the thread of `io`
    QString folder;
    bool opened = false;
    bool opening = false;
    int saving = 0;
    bool busy = false;
    bool readOnly = false;
    bool modified = false;
    bool hasRecovery = false;  ///< a recovery file was written and not put aside
    project::Edits saved;      ///< what the manifest holds, as far as is known
    QByteArray viewState;
    QTimer recovery;
    RunBook book;
    QSet<QString> reading, unreadable;  ///< runs
    QTimer telling;
    QSet<QString> changedRuns;
    bool listChanged = false;
    NetworkShelf networks;
    PictureShelf pictures;
};

}  // namespace vitrine::widgets
