// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/session.h"

#include <QCoreApplication>
#include <QDir>
#include <QSet>
#include <memory>

#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

QString projectSource() { return QCoreApplication::translate("Session", "project"); }

/// The warnings of runs as they come: a record repeats those before.
class RunWarnings {
  public:
    explicit RunWarnings(Log& log) : log_(log) {}

    void take(const project::RunRecord& record) {
        const QString run = toQt(record.id);
        for (const auto* texts : {&record.assumptions, &record.warnings})
            for (const std::string& text : *texts) {
                const QString key = run + u'\n' + toQt(text);
                if (known_.contains(key)) continue;
                known_.insert(key);
                log_.add(texts == &record.warnings ? LogLevel::warning : LogLevel::info, run, toQt(text));
            }
    }
    void clear() { known_.clear(); }

  private:
    Log& log_;
    QSet<QString> known_;
};

}  // namespace

void Session::wire() {
    const auto warnings = std::make_shared<RunWarnings>(log);
    const auto ours = [this](const QString& project) { return study.isOpen() && study.folder() == QDir::cleanPath(project); };

    QObject::connect(&jobs, &JobCenter::recordTold, &study, [this, ours, warnings](const project::RunRecord& record, const QString& project) {
        if (!ours(project)) return;
        study.runTold(record);
        warnings->take(record);
    });
    QObject::connect(&jobs, &JobCenter::artefactTold, &study,
                     [this, ours](const QString& run, const results::ArtefactPtr& artefact, const QString& project) {
                         if (ours(project)) study.artefactTold(run, artefact);
                     });
    QObject::connect(&jobs, &JobCenter::ended, &study, [this, ours](jobs::JobId id, const QString& run) {
        const JobItem* item = jobs.item(id);
        if (item == nullptr) return;
        if (item->error) log.add(LogLevel::error, run.isEmpty() ? item->title : run, errorText(*item->error));
        // An analysis changes nothing in its run.
        if (!item->stages.isEmpty() && !run.isEmpty() && ours(pathText(item->spec.project))) study.runEnded(run);
    });
    QObject::connect(&jobs, &JobCenter::logged, &log, [this](const QString& run, const QString& text) {
        log.add(LogLevel::info, run.isEmpty() ? QCoreApplication::translate("Session", "jobs") : run, text);
    });

    QObject::connect(&study, &Study::warned, &log, [this](const QString& text) { log.add(LogLevel::warning, projectSource(), text); });
    QObject::connect(&study, &Study::failed, &log,
                     [this](const Error& error) { log.add(LogLevel::error, projectSource(), errorText(error)); });
    QObject::connect(&study, &Study::opened, &log,
                     [this] { log.add(LogLevel::info, projectSource(), QCoreApplication::translate("Session", "Opened %1").arg(study.folder())); });
    QObject::connect(&study, &Study::saved, &log,
                     [this] { log.add(LogLevel::info, projectSource(), QCoreApplication::translate("Session", "Saved")); });
    QObject::connect(&study, &Study::closed, &selection, [this, warnings] {
        warnings->clear();
        selection.clear();
    });
}

}  // namespace vitrine::widgets
