// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/requested_results.h"

#include <algorithm>
#include <utility>

#include "runs/patch_analysis.h"
#include "widgets/base/text.h"

namespace vitrine::widgets {
namespace {

constexpr int kPatchPauseMs = 200;         ///< in which one may step on
constexpr std::size_t kKeptPatches = 64;   ///< some megabytes each

}  // namespace

RequestedResults::RequestedResults(Session& session, QObject* parent) : QObject(parent), session_(session) {
    connect(&session_.study, &Study::closed, this, &RequestedResults::clear);
    connect(&session_.jobs, &JobCenter::histogramsReady, this, [this](const QString& run, const results::ArtefactPtr& artefact) {
        histograms_[run].append(artefact);
        if (const auto* found = std::get_if<results::Histograms>(&artefact->payload))
            for (const results::Histogram& histogram : found->sites) failures_.erase({run, toQt(histogram.site)});
        Q_EMIT changed();
    });
    connect(&session_.jobs, &JobCenter::ended, this, [this](jobs::JobId id) { end(id); });
    connect(&session_.study, &Study::runChanged, this, &RequestedResults::forgetLive);
    patchTimer_.setSingleShot(true);
    patchTimer_.setInterval(kPatchPauseMs);
    connect(&patchTimer_, &QTimer::timeout, this, &RequestedResults::startPatches);
}

void RequestedResults::askForPatches(const analysis::PatchRequest& request) {
    // Two runs ask for the same picture one after the other; anything else is a new wish.
    if (!wanted_.empty() && (wanted_.front().image != request.image || wanted_.size() > 1)) wanted_.clear();
    wanted_.push_back(request);
    patchTimer_.start();
}

void RequestedResults::startPatches() {
    if (wanted_.empty() || !session_.study.isOpen()) return;
    if (patchJob_) {
        // Pictures may come faster than they are looked at.
        const analysis::PatchRequest &now = patchJob_->requests.front(), &next = wanted_.front();
        if (liveImages(now.run) && now.run == next.run && now.image == next.image && now.quantized == next.quantized) return;
        session_.jobs.cancel(std::exchange(patchJob_, std::nullopt)->id);
    }
    PatchJob job{0, std::exchange(wanted_, {}), std::make_shared<std::vector<analysis::PatchMapsPtr>>()};
    std::vector<results::ArtefactPtr> live;
    for (const analysis::PatchRequest& request : job.requests) {
        live.push_back(liveImages(request.run));
        if (live.back()) live_.insert(request);
    }
    auto work = [folder = toPath(session_.study.folder()), requests = job.requests, live, results = job.results](jobs::JobContext& context) {
        for (std::size_t i = 0; i < requests.size(); ++i) {
            jobs::Progress part = context.progress.child(1.0 / static_cast<double>(requests.size()), requests[i].run);
            jobs::JobContext own{context.control, part};
            results->push_back(std::make_shared<const analysis::PatchMaps>(runs::patchMaps(folder, requests[i], own, live[i])));
        }
    };
    const QString title = tr("Patches of image %1 of %2").arg(job.requests.front().image).arg(toQt(job.requests.front().run));
    job.id = session_.jobs.addTask(session_.study.folder(), title, std::move(work));
    patchJob_ = std::move(job);
}

void RequestedResults::endPatches(const JobItem* item) {
    const PatchJob job = *std::exchange(patchJob_, std::nullopt);
    const bool isDone = item != nullptr && item->state == jobs::JobState::finished;
    if (isDone)
        for (const analysis::PatchMapsPtr& maps : *job.results) patches_.known[maps->of] = maps;
    else
        for (const analysis::PatchRequest& request : job.requests) patches_.failures[request] = item != nullptr && item->error ? errorText(*item->error) : tr("It was cancelled.");
    while (patches_.known.size() > kKeptPatches) {
        const auto isNew = [&](const analysis::PatchRequest& request) { return std::find(job.requests.begin(), job.requests.end(), request) != job.requests.end(); };
        const auto old = std::find_if(patches_.known.begin(), patches_.known.end(), [&](const auto& each) { return !isNew(each.first); });
        patches_.known.erase(old == patches_.known.end() ? patches_.known.begin() : old);
    }
    // They come by the dozen while one looks around; what failed stays in the list.
    if (isDone) QMetaObject::invokeMethod(this, [this, id = job.id] { session_.jobs.remove(id); }, Qt::QueuedConnection);
    if (!wanted_.empty()) patchTimer_.start();
    Q_EMIT changed();
}

results::ArtefactPtr RequestedResults::liveImages(const std::string& run) const {
    const RunDataPtr data = session_.study.run(toQt(run));
    if (!data || project::isComplete(data->record.state)) return nullptr;
    const auto isImages = [](const results::ArtefactPtr& artefact) { return std::holds_alternative<results::SyntheticImages>(artefact->payload); };
    const auto found = std::find_if(data->artefacts.begin(), data->artefacts.end(), isImages);
    return found == data->artefacts.end() ? nullptr : *found;
}

/// What was seen on a shrunk picture is looked at again when the run keeps it whole.
void RequestedResults::forgetLive(const QString& run) {
    if (live_.empty()) return;
    const RunDataPtr data = session_.study.run(run);
    if (!data || !project::isComplete(data->record.state)) return;
    const std::string id = toStd(run);
    std::erase_if(patches_.known, [&](const auto& each) { return each.first.run == id && live_.contains(each.first); });
    std::erase_if(live_, [&](const analysis::PatchRequest& request) { return request.run == id; });
    Q_EMIT changed();
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
    if (patchJob_ && patchJob_->id == id) return endPatches(session_.jobs.item(id));
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
    patches_.failures.clear();  // the view asks again
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
    patches_ = {};
    live_.clear();
    wanted_.clear();
    patchJob_.reset();
    Q_EMIT changed();
}

}  // namespace vitrine::widgets
