// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QImage>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QThreadPool>
#include <QUndoStack>
#include <functional>
#include <memory>
#include <vector>

#include "base/error.h"
#include "project/edits.h"
#include "project/recovery.h"
#include "results/artefacts.h"
#include "widgets/session/run_data.h"

namespace vitrine::widgets {

/// The open project as the window knows it. Everything that touches the disk happens on threads of its own; members return
/// what is known now and signals tell when more is. Edits are undoable, kept in a recovery file within two seconds, and written to the
/// manifest by save(). UI thread.
class Study : public QObject {
    Q_OBJECT
  public:
    explicit Study(QObject* parent = nullptr);
    ~Study() override;  ///< waits for what is being written

    // Opening and closing. One project at a time: opening closes the one before.
    void open(const QString& folder);
    void create(const QString& folder, const QString& name);
    void createSample(const QString& folder);  ///< writes the shipped sample project, then opens it
    void close();  ///< edits that are not saved stay in the recovery file, to be offered on the next opening; see revert()
    bool isOpen() const;
    bool isBusy() const;  ///< opening or saving now
    void reload();        ///< the list of runs and what other processes changed; own edits stay

    QString folder() const;
    bool readOnly() const;

    // Edits.
    const project::Edits& edits() const { return edits_; }
    /// One undoable step: `change` gets a copy of the edits. `text` names the step in the menu ("rename run"). Steps with the same
    /// non-empty `mergeKey` within a few seconds become one (typing a note).
    void edit(const QString& text, const std::function<void(project::Edits&)>& change, const QString& mergeKey = {});
    /// The same for what is written about one run.
    void editRun(const QString& text, const QString& run, const std::function<void(project::RunNote&)>& change,
                 const QString& mergeKey = {});
    QUndoStack& undoStack() { return undo_; }
    bool isModified() const;  ///< there are edits that are not in the manifest
    void save();
    void revert();  ///< gives up what is not saved; the recovery file is put aside, so even that is not lost
    /// What crashed processes left for this project; see project/recovery.h. Emitted as recovered() after opening.
    void restore(const project::RecoveredEdits& recovered);  ///< takes its edits over as one undoable step
    void decline(const project::RecoveredEdits& recovered);  ///< keeps the saved ones; the file is put aside, not deleted

    /// How the window was arranged for this project, a JSON text; see Project::viewState(). No edit: written at once, not undoable.
    QByteArray viewState() const;
    void setViewState(const QByteArray& json);

    // Runs.
    const std::vector<project::RunSummary>& runs() const { return runs_; }
    const project::RunSummary* summary(const QString& id) const;
    QString runTitle(const QString& id) const;    ///< its name where the user gave one, else its id
    /// The run, or null while it is being read: runChanged(id) follows. The newest eight that were asked for stay in memory.
    RunDataPtr run(const QString& id);
    bool isUnreadable(const QString& run) const;  ///< it could not be read; failed() told why, and runChanged() that it is known
    /// What a running job tells; replaces what is known of the run. The disk catches up by itself.
    void runTold(const project::RunRecord& record);
    void artefactTold(const QString& run, const results::ArtefactPtr& artefact);
    /// Its job is over: reads the list and the run anew.
    void runEnded(const QString& id);

    // Networks and images.
    /// The network of an entry of edits().models by name, or null while it is being read: networkChanged(name) follows, or failed().
    NetworkPtr network(const QString& modelName);
    /// The network that a run quantized; likewise with runChanged(id).
    NetworkPtr networkOf(const QString& run);
    /// Whether the network of this entry, or of this run, could not be read: failed() told why.
    bool isNetworkLost(const QString& modelName) const;
    bool isNetworkOfLost(const QString& run) const;
    /// Networks and images that could not be read may be there by now: who waited for them is told, and asks again. reload() does so too.
    void retrySources();
    /// A picture of the evaluation images of a run by data row, at most `side` pixels; null while it is being decoded:
    /// thumbnailReady(run, row) follows.
    QImage thumbnail(const QString& run, qint64 row, int side);
    /// Names of the classes of a run's evaluation set; empty where they are not known.
    QStringList classNames(const QString& run);
    /// True class of an evaluation image; -1 where it is not known (yet).
    int label(const QString& run, qint64 row);

    /// For work that belongs to this project. What has not begun when the project is closed never begins.
    QThreadPool& pool() { return *pool_; }

  Q_SIGNALS:
    void opened();
    void closed();
    void runsChanged();                   ///< runs()
    void runChanged(const QString& id);   ///< run(id), networkOf(id)
    void networkChanged(const QString& modelName);
    void thumbnailReady(const QString& run, qint64 row);
    void editsChanged();
    void modifiedChanged(bool modified);
    void busyChanged(bool busy);
    void saved();
    void recovered(const std::vector<vitrine::project::RecoveredEdits>& found);
    void warned(const QString& text);              ///< worth a line in the log
    void failed(const vitrine::Error& error);      ///< worth the message bar

  private:
    struct Private;
    class EditCommand;
    std::unique_ptr<Private> d_;
    project::Edits edits_;
    std::vector<project::RunSummary> runs_;
    std::unique_ptr<QThreadPool> pool_;
    QUndoStack undo_;
};

}  // namespace vitrine::widgets
