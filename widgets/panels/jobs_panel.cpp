// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/jobs_panel.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/panels/jobs_panel_card.h"

namespace vitrine::widgets {
namespace {

constexpr int kGap = 8;

}  // namespace

QString jobStateText(jobs::JobState state) {
    switch (state) {
        case jobs::JobState::queued: return JobsPanel::tr("Waiting");
        case jobs::JobState::running: return JobsPanel::tr("Running");
        case jobs::JobState::paused: return JobsPanel::tr("Paused");
        case jobs::JobState::finished: return JobsPanel::tr("Finished");
        case jobs::JobState::kept: return JobsPanel::tr("Stopped, results kept");
        case jobs::JobState::cancelled: return JobsPanel::tr("Cancelled");
        case jobs::JobState::failed: return JobsPanel::tr("Failed");
    }
    return {};
}

QString remainingText(const JobItem& item) {
    if (!item.progress.etaSeconds || item.state != jobs::JobState::running) return {};
    return JobsPanel::tr("%1 left").arg(durationText(*item.progress.etaSeconds));
}

JobsPanel::JobsPanel(Session& session, QWidget* parent) : QWidget(parent), session_(session) {
    setObjectName(QStringLiteral("jobsPanel"));
    auto* content = new QWidget(this);
    list_ = new QVBoxLayout(content);
    list_->setContentsMargins(kGap, 0, kGap, kGap);
    list_->setSpacing(kGap);
    list_->addStretch();
    scroll_ = new QScrollArea(this);
    scroll_->setObjectName(QStringLiteral("jobsList"));
    scroll_->setFrameShape(QFrame::NoFrame);
    scroll_->setWidgetResizable(true);
    scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);  // cards shrink instead
    scroll_->setFocusPolicy(Qt::NoFocus);
    scroll_->setWidget(content);
    auto* filled = new QWidget(this);
    auto* column = new QVBoxLayout(filled);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(scroll_, 1);
    pages_ = new QStackedWidget(this);
    pages_->addWidget(filled);
    pages_->addWidget(makeEmpty());
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(pages_);

    const JobCenter& center = session_.jobs;
    connect(&center, &JobCenter::added, this, &JobsPanel::add);
    connect(&center, &JobCenter::removed, this, &JobsPanel::remove);
    connect(&center, &JobCenter::changed, this, &JobsPanel::updateState);
    connect(&center, &JobCenter::orderChanged, this, &JobsPanel::arrange);
    clock_.setInterval(1000);
    connect(&clock_, &QTimer::timeout, this, [this] {
        for (JobCard* card : std::as_const(cards_)) card->tick();
    });
    for (const jobs::JobId id : center.jobs()) add(id);
    arrange();
}

QWidget* JobsPanel::makeBar() {
    auto* bar = new QWidget(this);
    count_ = new QLabel(bar);
    count_->setObjectName(QStringLiteral("jobsCount"));
    count_->setForegroundRole(QPalette::PlaceholderText);
    clear_ = new QToolButton(bar);
    clear_->setObjectName(QStringLiteral("jobsClear"));
    clear_->setText(tr("Remove finished"));
    clear_->setToolTip(tr("Takes jobs that are over from this list; their runs stay in the project"));
    clear_->setAutoRaise(true);
    connect(clear_, &QToolButton::clicked, this, [this] { session_.jobs.removeFinished(); });
    auto* layout = new QHBoxLayout(bar);
    layout->setContentsMargins(kGap, kGap / 2, kGap, kGap / 2);
    layout->addWidget(count_, 1);
    layout->addWidget(clear_);
    return bar;
}

QWidget* JobsPanel::makeEmpty() {
    auto* text = new QLabel(tr("No jobs. New runs appear here while they work."), this);
    text->setObjectName(QStringLiteral("jobsEmptyText"));
    text->setAlignment(Qt::AlignCenter);
    text->setWordWrap(true);
    text->setForegroundRole(QPalette::PlaceholderText);
    return text;
}

void JobsPanel::add(jobs::JobId id) {
    if (cards_.contains(id)) return;
    auto* card = new JobCard(id, this);
    cards_.insert(id, card);
    card->installEventFilter(this);
    JobCenter& center = session_.jobs;
    connect(card, &JobCard::pauseAsked, this, [&center, id] { center.pause(id); });
    connect(card, &JobCard::resumeAsked, this, [&center, id] { center.resume(id); });
    connect(card, &JobCard::keepAsked, this, [&center, id] { center.stopAndKeep(id); });
    connect(card, &JobCard::cancelAsked, this, [&center, id] { center.cancel(id); });
    connect(card, &JobCard::upAsked, this, [&center, id] { center.moveUp(id); });
    connect(card, &JobCard::downAsked, this, [&center, id] { center.moveDown(id); });
    connect(card, &JobCard::removeAsked, this, [&center, id] { center.remove(id); }, Qt::QueuedConnection);  // the card goes with it
    connect(card, &JobCard::logAsked, this, [this, id] {
        if (const JobItem* item = session_.jobs.item(id)) Q_EMIT logAsked(item->title, item->run);
    });
    connect(card, &JobCard::rerunAsked, this, [this, id] { Q_EMIT rerunAsked(id); });
    connect(card, &JobCard::resultsAsked, this, [this, id] {
        if (const JobItem* item = session_.jobs.item(id)) Q_EMIT resultsAsked(item->run);
    });
    arrange();
}

void JobsPanel::remove(jobs::JobId id) {
    JobCard* card = cards_.take(id);
    if (card == nullptr) return;
    if (card->hasFocus() || card->isAncestorOf(focusWidget())) step(card, cards_.isEmpty() ? 0 : 1);
    card->deleteLater();
    card->hide();
    arrange();
}

void JobsPanel::arrange() {
    int place = 0;
    QWidget* before = clear_;
    for (const jobs::JobId id : session_.jobs.jobs()) {
        JobCard* card = cards_.value(id);
        if (card == nullptr) continue;
        if (list_->indexOf(card) != place) {
            list_->removeWidget(card);
            list_->insertWidget(place, card);
        }
        setTabOrder(before, card);
        before = card;
        ++place;
    }
    updateState();
}

void JobsPanel::updateState() {
    QList<jobs::JobId> waiting;
    const QList<jobs::JobId> all = session_.jobs.jobs();
    int over = 0;
    for (const jobs::JobId id : all) {
        const JobItem* item = session_.jobs.item(id);
        if (item == nullptr) continue;
        if (item->state == jobs::JobState::queued) waiting.append(id);
        over += jobs::isOver(item->state) ? 1 : 0;
    }
    for (const jobs::JobId id : all) {
        const JobItem* item = session_.jobs.item(id);
        JobCard* card = cards_.value(id);
        if (item == nullptr || card == nullptr) continue;
        const qsizetype place = waiting.indexOf(id);
        card->show(*item, place > 0, place >= 0 && place + 1 < waiting.size());
        card->setVisible(true);
    }
    const int unfinished = session_.jobs.unfinished();
    count_->setText(unfinished == 0 ? tr("All done") : counted(unfinished, tr("1 job to do"), tr("%1 jobs to do")));
    clear_->setEnabled(over > 0);
    pages_->setCurrentIndex(cards_.isEmpty() ? 1 : 0);
    if (unfinished > 0 && !clock_.isActive()) clock_.start();
    if (unfinished == 0) clock_.stop();
    const auto runs = std::find_if(all.begin(), all.end(), [&](jobs::JobId id) { return session_.jobs.item(id)->state == jobs::JobState::running; });
    const jobs::JobId running = runs == all.end() ? 0 : *runs;
    if (std::exchange(running_, running) != running && running != 0) QTimer::singleShot(0, this, &JobsPanel::bringRunningIntoView);
}

// Once the layout knows where the card is.
void JobsPanel::bringRunningIntoView() {
    if (JobCard* card = cards_.value(running_)) scroll_->ensureWidgetVisible(card);
}

void JobsPanel::showEvent(QShowEvent* event) {
    QWidget::showEvent(event);
    QTimer::singleShot(0, this, &JobsPanel::bringRunningIntoView);
}

jobs::JobId JobsPanel::current() const {
    for (const JobCard* card : cards_)
        if (card->hasFocus() || card->isAncestorOf(focusWidget())) return card->id();
    jobs::JobId paused = 0;
    for (const jobs::JobId id : session_.jobs.jobs()) {
        const JobItem* item = session_.jobs.item(id);
        if (item->state == jobs::JobState::running) return id;
        if (item->state == jobs::JobState::paused && paused == 0) paused = id;
    }
    return paused;
}

void JobsPanel::togglePause() {
    const JobItem* item = session_.jobs.item(current());
    if (item == nullptr || jobs::isOver(item->state)) return;
    item->state == jobs::JobState::paused ? session_.jobs.resume(item->id) : session_.jobs.pause(item->id);
}

void JobsPanel::step(JobCard* from, int by) {
    const qsizetype place = list_->indexOf(from) + by;
    if (place < 0 || place >= list_->count()) return;
    auto* card = qobject_cast<JobCard*>(list_->itemAt(static_cast<int>(place))->widget());
    if (card == nullptr) return;
    card->setFocus(Qt::OtherFocusReason);
    scroll_->ensureWidgetVisible(card);
}

bool JobsPanel::eventFilter(QObject* watched, QEvent* event) {
    auto* card = qobject_cast<JobCard*>(watched);
    if (card == nullptr) return QWidget::eventFilter(watched, event);
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut) card->update();
    if (event->type() != QEvent::KeyPress) return QWidget::eventFilter(watched, event);
    switch (static_cast<QKeyEvent*>(event)->key()) {
        case Qt::Key_Space: togglePause(); return true;
        case Qt::Key_Up: step(card, -1); return true;
        case Qt::Key_Down: step(card, 1); return true;
        default: return QWidget::eventFilter(watched, event);
    }
}

}  // namespace vitrine::widgets
