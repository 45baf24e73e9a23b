// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/tour_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/themed.h"

namespace vitrine::widgets {
namespace {

constexpr int kMark = 18;

}  // namespace

TourPanel::TourPanel(const WindowContext& context, QWidget* parent) : QWidget(parent), context_(context) {
    setObjectName(QStringLiteral("tour.panel"));
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* page = new QWidget;
    auto* layout = new QVBoxLayout(page);
    layout->setContentsMargins(14, 12, 14, 12);
    layout->setSpacing(12);
    scroll->setWidget(page);
    outer->addWidget(scroll);
    head_ = mutedLabel({}, page);
    layout->addWidget(head_);
    addStep(QStringLiteral("open"), tr("Open a project"), tr("The sample has a small network and its images."),
            QStringLiteral("file.sample"), tr("Sample"));
    addStep(QStringLiteral("run"), tr("Run a method"), tr("Choose a method and its bits, then press Run now."),
            QStringLiteral("run.new"), tr("New run"));
    addStep(QStringLiteral("watch"), tr("Watch it work"),
            tr("Views fill while the run goes on. Jobs shows its stages."), QStringLiteral("window.panel.jobs"),
            tr("Jobs"));
    addStep(QStringLiteral("site"), tr("Look at a site"),
            tr("Click a bar in a view, or a row of the model. Every view follows."), QStringLiteral("view.tab.errors"),
            tr("Errors"));
    addStep(QStringLiteral("compare"), tr("Compare two runs"), tr("Choose a second run as B in the tool bar."),
            QStringLiteral("view.tab.compare_summary"), tr("Compare"));
    addStep(QStringLiteral("report"), tr("Write a report"),
            tr("One file with tables and figures of the runs you choose."), QStringLiteral("file.report"),
            tr("Report"));
    auto* skip = new QPushButton(tr("Hide the tour"), page);
    skip->setObjectName(QStringLiteral("tour.skip"));
    skip->setToolTip(tr("Help > Tour brings it back."));
    connect(skip, &QPushButton::clicked, this, &TourPanel::skipAsked);
    layout->addWidget(skip, 0, Qt::AlignLeft);
    layout->addStretch(1);
    updateHead();
    watch();
}

void TourPanel::addStep(const QString& id, const QString& title, const QString& detail, const QString& action,
                        const QString& button) {
    auto* page = head_->parentWidget();
    auto* row = new QHBoxLayout;
    row->setSpacing(10);
    auto* mark = new QLabel(page);
    mark->setFixedSize(kMark, kMark);
    row->addWidget(mark, 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    texts->setSpacing(1);
    auto* name = headingLabel(title, page, 1);
    texts->addWidget(name);
    texts->addWidget(mutedLabel(detail, page));
    row->addLayout(texts, 1);
    auto* show = new QPushButton(button, page);
    show->setObjectName(QStringLiteral("tour.show.") + id);
    show->setAccessibleName(tr("Show: %1").arg(title));
    connect(show, &QPushButton::clicked, this, [this, action] {
        if (QAction* found = context_.registry.action(action)) found->trigger();
    });
    row->addWidget(show, 0, Qt::AlignTop);
    static_cast<QVBoxLayout*>(page->layout())->addLayout(row);
    steps_.append({id, mark, name});
    followTheme(mark, [this, index = steps_.size() - 1](const Theme&) {
        const Step& step = steps_[index];
        step.mark->setPixmap(icon(step.done ? QStringLiteral("finished") : QStringLiteral("queued"))
                                 .pixmap(QSize(kMark, kMark), devicePixelRatioF()));
    });
}

void TourPanel::watch() {
    Session& session = context_.session;
    connect(&session.study, &Study::opened, this, [this] { markDone(QStringLiteral("open")); });
    connect(&session.jobs, &JobCenter::ended, this, [this](jobs::JobId id) {
        if (started_.contains(id)) markDone(QStringLiteral("watch"));
    });
    connect(&session.selection, &SelectionHub::siteChanged, this, [this] {
        if (!context_.session.selection.selection().site.isEmpty()) markDone(QStringLiteral("site"));
    });
    connect(&session.selection, &SelectionHub::runsChanged, this, [this] {
        if (!context_.session.selection.selection().runB.isEmpty()) markDone(QStringLiteral("compare"));
    });
}

void TourPanel::runStarted(jobs::JobId id) {
    started_.insert(id);
    markDone(QStringLiteral("run"));
}

int TourPanel::done() const {
    return static_cast<int>(std::count_if(steps_.begin(), steps_.end(), [](const Step& step) { return step.done; }));
}

void TourPanel::markDone(const QString& id) {
    for (Step& step : steps_) {
        if (step.id != id || step.done) continue;
        step.done = true;
        step.mark->setPixmap(icon(QStringLiteral("finished")).pixmap(QSize(kMark, kMark), devicePixelRatioF()));
        step.title->setAccessibleName(tr("%1, done").arg(step.title->text()));
    }
    updateHead();
}

void TourPanel::updateHead() {
    const int left = static_cast<int>(steps_.size()) - done();
    head_->setText(left == 0 ? tr("All steps are done.")
                             : tr("Steps to see what Vitrine does, in any order. Left: %1").arg(left));
}

}  // namespace vitrine::widgets
