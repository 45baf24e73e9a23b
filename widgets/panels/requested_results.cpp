// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/requested_results.h"

#include "widgets/base/text.h"

namespace vitrine::widgets {

RequestedResults::RequestedResults(Session& session, QObject* parent) : QObject(parent), session_(session) {
    connect(&session_.study, &Study::closed, this, &RequestedResults::clear);
    connect(&session_.jobs, &JobCenter::histogramsReady, this, [this](const QString& run, const results::ArtefactPtr& artefact) {
        histograms_[run].append(artefact);
        if (const auto* found = std::get_if<results::Histograms>(&artefact->payload))
            for (const results::Histogram& histogram : found->sites) failures_.erase({run, toQt(histogram.site)});
        Q_EMIT changed();
    });
    connect(&session_.jobs, &JobCenter::ended, this, [this](jobs::JobId id) { end(id); });
}

void RequestedResults::askForHistograms(const QStringList& sites) {
    const Selection& chosen = session_.selection.selection();
    for (const QString& run : {chosen.runA, chosen.runB}) ask(run, sites);
}

void RequestedResults::ask(const QString& run, const QStringList& sites) {
    const RunDataPtr known = run.isEmpty() ? nullptr : session_.study.run(run);
    if (!known || !project::isComplete(known->record.state)) return;
    QStringList wanted;
    for (const QString& site : sites) {
        if (asked_.contains({run, site})) continue;
        asked_.insert({run, site});
        wanted.append(site);
    }
    if (!wanted.isEmpty()) jobs_[session_.jobs.addHistograms(session_.study.folder(), run, wanted)] = {run, wanted};
}

void RequestedResults::end(jobs::JobId id) {
    const auto job = jobs_.find(id);
    if (job == jobs_.end()) return;
    const auto [run, sites] = job->second;
    jobs_.erase(job);
    const JobItem* item = session_.jobs.item(id);
    if (item != nullptr && item->state != jobs::JobState::failed && item->state != jobs::JobState::cancelled) return;
    const QString why = item != nullptr && item->error ? errorText(*item->error) : tr("It was cancelled.");
    for (const QString& site : sites) failures_[{run, site}] = why;
    Q_EMIT changed();
}

QStringList RequestedResults::failedOf(const QString& run) const {
    QStringList sites;
    for (const auto& [key, why] : failures_)
        if (key.first == run) sites.append(key.second);
    return sites;
}

bool RequestedResults::canRetry() const {
    const Selection& chosen = session_.selection.selection();
    const auto failed = [&](const QString& run) { return !run.isEmpty() && failures_.contains({run, chosen.site}); };
    return failed(chosen.runA) || failed(chosen.runB);
}

void RequestedResults::retry() {
    const Selection chosen = session_.selection.selection();
    for (const QString& run : {chosen.runA, chosen.runB}) {
        const QStringList sites = failedOf(run);
        for (const QString& site : sites) {
            failures_.erase({run, site});
            asked_.remove({run, site});
        }
        ask(run, sites);
    }
    Q_EMIT changed();
}

RunDataPtr RequestedResults::completed(const RunDataPtr& run) const {
    if (!run) return run;
    const auto more = histograms_.constFind(toQt(run->record.id));
    if (more == histograms_.cend()) return run;
    results::Histograms all;
    auto extended = std::make_shared<report::RunContent>(*run);
    if (const auto* own = payload<results::Histograms>(run, "histograms")) all = *own;
    for (const results::ArtefactPtr& artefact : *more)
        if (const auto* found = std::get_if<results::Histograms>(&artefact->payload)) all.sites.insert(all.sites.end(), found->sites.begin(), found->sites.end());
    std::erase_if(extended->artefacts, [](const results::ArtefactPtr& artefact) { return artefact->id == "histograms"; });
    extended->artefacts.push_back(
        std::make_shared<const results::Artefact>(results::Artefact{"histograms", "Values before and after quantization", std::move(all)}));
    return extended;
}

void RequestedResults::clear() {
    asked_.clear();
    histograms_.clear();
    failures_.clear();
    jobs_.clear();
    Q_EMIT changed();
}

}  // namespace vitrine::widgets
