// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/session/job_center.h"

#include <QElapsedTimer>
#include <QHash>
#include <QTimer>
#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "runs/site_analysis.h"
#include "widgets/base/text.h"
#include "widgets/session/job_bridge.h"
#include "widgets/session/job_stages.h"
#include "widgets/session/job_story.h"

namespace vitrine::widgets {
namespace {

constexpr qint64 kInterval = 50;  // ms between collections of news: 20 a second
constexpr int kRuns = 0;          // the queues
constexpr int kAnalyses = 1;

/// The way to a job past its queue, for what a queue does not know.
class Handle {
  public:
    /// Whether the work had begun: it ends at its next safe point. Else it never begins.
    bool leave() {
        const std::lock_guard lock(mutex_);
        dismissed_ = !begun_;
        if (control_ != nullptr) control_->leave();
        return begun_;
    }
    /// Whether the work had begun. Else it never begins: an interrupted run that waits to be resumed stays what it is.
    bool dismiss() {
        const std::lock_guard lock(mutex_);
        dismissed_ = !begun_;
        return begun_;
    }
    bool hasBegun() const {
        const std::lock_guard lock(mutex_);
        return begun_;
    }

    void run(const jobs::Job::Work& work, jobs::JobContext& context) {
        {
            const std::lock_guard lock(mutex_);
            if (dismissed_) {
                context.control.cancel();
                context.control.check();
            }
            begun_ = true;
            control_ = &context.control;
        }
        const Forgetting forgetting{*this};
        work(context);
    }

  private:
    struct Forgetting {
        Handle& handle;
        ~Forgetting() {
            const std::lock_guard lock(handle.mutex_);
            handle.control_ = nullptr;
        }
    };
    mutable std::mutex mutex_;
    jobs::Control* control_ = nullptr;  // while the work lasts
    bool begun_ = false;
    bool dismissed_ = false;
};

const std::string kHistograms = "histograms";

}  // namespace

struct JobCenter::Private {
    struct Entry {
        JobItem item;
        JobBridge::Key key;
        std::shared_ptr<Handle> handle;
        bool mute = false;  ///< it was cancelled
        JobStory story;
    };

    explicit Private(JobCenter& owner)
        : center(owner), bridge(&owner), runQueue(1, listeners(kRuns)), analysisQueue(1, listeners(kAnalyses)) {
        collecting.setSingleShot(true);
        QObject::connect(&collecting, &QTimer::timeout, &center, [this] { collect(); });
        sinceCollection.start();
    }

    jobs::JobQueue::Listeners listeners(int queue) {
        return {.stateChanged = [this, queue](jobs::JobId id, jobs::JobState state) { bridge.tell({queue, id}, state); },
                .progressed = [this, queue](jobs::JobId id, const jobs::ProgressReport& report) { bridge.tell({queue, id}, report); }};
    }
    jobs::JobQueue& queue(const Entry& entry) { return entry.key.queue == kRuns ? runQueue : analysisQueue; }
    Entry* find(jobs::JobId id) {
        const auto found = entries.find(id);
        return found == entries.end() ? nullptr : &found->second;
    }

    Entry& prepare(const QString& title);
    jobs::JobId start(Entry& entry, int which, jobs::Job::Work work, jobs::JobQueue::Place place);
    void collect();
    void take(Entry& entry, const JobBridge::Results& results);
    bool take(Entry& entry, const JobBridge::News& news);
    void end(Entry& entry, Ending way);
    void hasEnded(Entry& entry);
    void log(const Entry& entry, const QStringList& lines);
    void reorder();
    void cancel(Entry& entry);
    void tellEnded();

    JobCenter& center;
    std::map<jobs::JobId, Entry> entries;
    QList<jobs::JobId> order;
    jobs::JobId last = 0;
    bool ending = false;
    QTimer collecting;
    QElapsedTimer sinceCollection;
    JobBridge bridge;
    // The last members: their threads have ended before anything that they talk to goes.
    jobs::JobQueue runQueue;
    jobs::JobQueue analysisQueue;
};

JobCenter::JobCenter(QObject* parent) : QObject(parent), d_(std::make_unique<Private>(*this)) {}
JobCenter::~JobCenter() = default;

JobCenter::Private::Entry& JobCenter::Private::prepare(const QString& title) {
    Entry& entry = entries[++last];
    entry.item.id = last;
    entry.item.title = title;
    entry.handle = std::make_shared<Handle>();
    return entry;
}

jobs::JobId JobCenter::Private::start(Entry& entry, int which, jobs::Job::Work work, jobs::JobQueue::Place place) {
    entry.key.queue = which;
    entry.key.id = queue(entry).add(
        toStd(entry.item.title),
        [work = std::move(work), handle = entry.handle](jobs::JobContext& context) { handle->run(work, context); }, place);
    const jobs::JobId id = entry.item.id;
    Q_EMIT center.added(id);
    reorder();
    return id;
}

jobs::JobId JobCenter::addRun(runs::RunSpec spec, const QString& title, When when) {
    Private::Entry& entry = d_->prepare(title);
    entry.item.stages = stageTitles(spec);
    if (spec.resume) {
        entry.item.run = toQt(*spec.resume);
        entry.story.setResumed();
    }
    entry.item.spec = spec;
    const jobs::JobId id = entry.item.id;
    auto work = [spec = std::move(spec), id, bridge = &d_->bridge](jobs::JobContext& context) {
        runs::execute(spec, context,
                      {.recordChanged = [&](const project::RunRecord& record) { bridge->tell(id, record); },
                       .artefact = [&](const results::ArtefactPtr& artefact) { bridge->tell(id, artefact); }});
    };
    return d_->start(entry, kRuns, std::move(work), when == When::now ? jobs::JobQueue::Place::first : jobs::JobQueue::Place::last);
}

jobs::JobId JobCenter::addHistograms(const QString& project, const QString& run, const QStringList& sites) {
    Private::Entry& entry = d_->prepare(sites.size() == 1 ? tr("Histogram of %1 of %2").arg(sites[0], run)
                                                     : tr("Histograms of %1 sites of %2").arg(sites.size()).arg(run));
    entry.item.run = run;
    entry.item.spec.project = toPath(project);
    std::vector<std::string> ids;
    for (const QString& site : sites) ids.push_back(toStd(site));
    auto work = [folder = toPath(project), run = toStd(run), ids, id = entry.item.id, bridge = &d_->bridge](jobs::JobContext& context) {
        results::Artefact artefact{kHistograms, "Histograms", runs::siteHistograms(folder, run, ids, context)};
        bridge->tell(id, std::make_shared<const results::Artefact>(std::move(artefact)));
    };
    return d_->start(entry, kAnalyses, std::move(work), jobs::JobQueue::Place::first);
}

jobs::JobId JobCenter::addTask(const QString& project, const QString& title, jobs::Job::Work work) {
    Private::Entry& entry = d_->prepare(title);
    entry.item.spec.project = toPath(project);
    return d_->start(entry, kAnalyses, std::move(work), jobs::JobQueue::Place::last);
}

QList<jobs::JobId> JobCenter::jobs() const { return d_->order; }

const JobItem* JobCenter::item(jobs::JobId id) const {
    const Private::Entry* entry = d_->find(id);
    return entry == nullptr ? nullptr : &entry->item;
}

int JobCenter::unfinished() const {
    return static_cast<int>(std::count_if(d_->entries.begin(), d_->entries.end(),
                                          [](const auto& entry) { return !jobs::isOver(entry.second.item.state); }));
}

bool JobCenter::event(QEvent* event) {
    if (event->type() != JobBridge::kNews) return QObject::event(event);
    const qint64 wait = kInterval - d_->sinceCollection.elapsed();
    if (wait <= 0)
        d_->collect();
    else if (!d_->collecting.isActive())
        d_->collecting.start(static_cast<int>(wait));
    return true;
}

// Results come before the state, so that whoever hears of an end has heard of everything before it.
void JobCenter::Private::collect() {
    collecting.stop();
    sinceCollection.restart();
    const JobBridge::Mail mail = bridge.take();
    for (const auto& [id, results] : mail.results)
        if (Entry* entry = find(id); entry != nullptr && !entry->mute) take(*entry, results);
    QList<jobs::JobId> over, touched;
    for (auto& [id, entry] : entries) {
        const auto news = mail.jobs.find(entry.key);
        const bool told = mail.results.contains(id);
        if (news == mail.jobs.end() && !told) continue;
        touched.append(id);
        if (news != mail.jobs.end() && take(entry, news->second)) over.append(id);
    }
    reorder();
    for (const jobs::JobId id : touched) {
        Entry* entry = find(id);
        if (entry == nullptr) continue;
        if (!entry->mute) log(*entry, entry->story.next(entry->item));
        Q_EMIT center.changed(id);
    }
    for (const jobs::JobId id : over)
        if (Entry* entry = find(id)) hasEnded(*entry);
}

void JobCenter::Private::take(Entry& entry, const JobBridge::Results& results) {
    JobItem& item = entry.item;
    const QString folder = pathText(item.spec.project);
    const bool analysis = entry.key.queue == kAnalyses;
    if (results.record) {
        const bool first = item.run != toQt(results.record->id) || item.spec.resume;
        item.run = toQt(results.record->id);
        item.stagesDone = results.record->stages;
        item.figures = results.record->figures;
        item.spec.resume.reset();  // once it has begun it is a run like any other, to be run again from its start
        if (first) Q_EMIT center.runBegun(item.id, item.run);
        Q_EMIT center.recordTold(*results.record, folder);
    }
    for (const results::ArtefactPtr& artefact : results.artefacts) {
        if (const auto* trace = std::get_if<results::Trace>(&artefact->payload)) {
            item.seriesName = toQt(artefact->title.empty() ? trace->name : artefact->title);
            item.series = trace->y;
        }
        if (analysis)
            Q_EMIT center.histogramsReady(item.run, artefact);
        else
            Q_EMIT center.artefactTold(item.run, artefact, folder);
    }
}

/// Whether the job is over now.
bool JobCenter::Private::take(Entry& entry, const JobBridge::News& news) {
    JobItem& item = entry.item;
    if (news.progress) {
        item.progress = *news.progress;
        item.stage = std::max(item.stage, stageIndex(item.spec, item.progress.stage));
    }
    if (news.memoryBytes > 0) item.memoryBytes = news.memoryBytes;
    if (!news.state || *news.state == item.state) return false;
    item.state = *news.state;
    if (item.state == jobs::JobState::failed)
        if (const auto listed = queue(entry).entry(entry.key.id)) item.error = listed->error;
    if (item.state == jobs::JobState::finished || item.state == jobs::JobState::kept) item.stage = static_cast<int>(item.stages.size());
    return jobs::isOver(item.state);
}

void JobCenter::Private::end(Entry& entry, Ending way) {
    const bool run = entry.key.queue == kRuns;
    if (run && way == Ending::stopAndKeep)
        queue(entry).stopAndKeep(entry.key.id);
    else if (!run || way == Ending::cancel || !entry.handle->leave())
        cancel(entry);
}

void JobCenter::Private::hasEnded(Entry& entry) {
    const jobs::JobId id = entry.item.id;
    const QString run = entry.item.run;
    log(entry, entry.story.ending(entry.item, ending));
    Q_EMIT center.ended(id, run);
    tellEnded();
}

void JobCenter::Private::log(const Entry& entry, const QStringList& lines) {
    for (const QString& line : lines) Q_EMIT center.logged(entry.item.run, line);
}

void JobCenter::Private::reorder() {
    QList<jobs::JobId> next;
    std::map<JobBridge::Key, jobs::JobId> owners;
    for (const auto& [id, entry] : entries) owners.emplace(entry.key, id);
    for (const int which : {kRuns, kAnalyses})
        for (const jobs::JobQueue::Entry& listed : (which == kRuns ? runQueue : analysisQueue).entries())
            if (const auto owner = owners.find({which, listed.id}); owner != owners.end()) next.append(owner->second);
    if (next == order) return;
    order = std::move(next);
    Q_EMIT center.orderChanged();
}

void JobCenter::Private::cancel(Entry& entry) {
    entry.mute = true;
    entry.handle->dismiss();
    queue(entry).cancel(entry.key.id);
}

void JobCenter::pause(jobs::JobId id) {
    if (Private::Entry* entry = d_->find(id)) d_->queue(*entry).pause(entry->key.id);
}

void JobCenter::resume(jobs::JobId id) {
    if (Private::Entry* entry = d_->find(id)) d_->queue(*entry).resume(entry->key.id);
}

void JobCenter::stopAndKeep(jobs::JobId id) {
    if (Private::Entry* entry = d_->find(id)) d_->queue(*entry).stopAndKeep(entry->key.id);
}

void JobCenter::cancel(jobs::JobId id) {
    if (Private::Entry* entry = d_->find(id)) d_->cancel(*entry);
}

void JobCenter::moveUp(jobs::JobId id) {
    if (Private::Entry* entry = d_->find(id)) d_->queue(*entry).move(entry->key.id, -1);
    d_->reorder();
}

void JobCenter::moveDown(jobs::JobId id) {
    if (Private::Entry* entry = d_->find(id)) d_->queue(*entry).move(entry->key.id, 1);
    d_->reorder();
}

void JobCenter::remove(jobs::JobId id) {
    Private::Entry* entry = d_->find(id);
    if (entry == nullptr || !jobs::isOver(entry->item.state)) return;
    d_->queue(*entry).remove(entry->key.id);
    d_->entries.erase(id);
    d_->order.removeOne(id);
    Q_EMIT removed(id);
}

void JobCenter::removeFinished() {
    const QList<jobs::JobId> all = jobs();
    for (const jobs::JobId id : all) remove(id);
}

void JobCenter::endAll(Ending ending) {
    d_->ending = true;
    // The waiting ones first, else one of them begins when another ends.
    for (const bool begun : {false, true})
        for (auto& [id, entry] : d_->entries)
            if (!jobs::isOver(entry.item.state) && entry.handle->hasBegun() == begun) d_->end(entry, begun ? ending : Ending::cancel);
    d_->tellEnded();
}

void JobCenter::Private::tellEnded() {
    if (!ending || center.unfinished() > 0) return;
    ending = false;
    Q_EMIT center.allEnded();
}

}  // namespace vitrine::widgets
