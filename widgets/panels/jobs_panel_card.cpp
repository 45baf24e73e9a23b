// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/panels/jobs_panel_card.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QProgressBar>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

#include "widgets/base/elided_label.h"
#include "widgets/base/icons.h"
#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/panels/jobs_panel.h"
#include "widgets/panels/sparkline.h"
#include "widgets/session/job_story.h"

namespace vitrine::widgets {
namespace {

constexpr int kPad = 10;
constexpr int kIcon = 18;
constexpr int kRadius = 6;

QString stateIconName(jobs::JobState state) {
    switch (state) {
        case jobs::JobState::queued: return QStringLiteral("queued");
        case jobs::JobState::running: return QStringLiteral("running");
        case jobs::JobState::paused: return QStringLiteral("pause");
        case jobs::JobState::finished: return QStringLiteral("finished");
        case jobs::JobState::kept: return QStringLiteral("kept");
        case jobs::JobState::cancelled: return QStringLiteral("cancel");
        case jobs::JobState::failed: return QStringLiteral("failed");
    }
    return {};
}

/// Fusion's bar is pale where it is thin.
class ThinBar : public QProgressBar {
  public:
    using QProgressBar::QProgressBar;

  protected:
    void paintEvent(QPaintEvent*) override {
        const Theme& theme = Theme::of(palette());
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        const double radius = height() / 2.0, part = static_cast<double>(value()) / std::max(1, maximum());
        painter.setBrush(theme.border);
        painter.drawRoundedRect(rect(), radius, radius);
        painter.setBrush(isEnabled() ? theme.accent : theme.mutedText);
        painter.drawRoundedRect(QRectF(0, 0, std::max<double>(height(), width() * part), height()), radius, radius);
    }
};

/// What is beyond the stage that the list shows.
QString detailText(const JobItem& item) {
    QStringList path = toQt(item.progress.stage).split(QStringLiteral(" / "));
    if (item.stages.size() > 2 && path.size() > 1 && item.stages.contains(path[1])) path.remove(0, 2);
    if (path.size() > 1 && path[0] == QLatin1String("analyse")) path.removeFirst();
    QString text = path.join(QStringLiteral(" \u203A "));
    if (item.progress.detail.empty()) return text;
    return text.isEmpty() ? toQt(item.progress.detail) : JobCard::tr("%1: %2").arg(text, toQt(item.progress.detail));
}

enum class Fit { whole, elided };

QLabel* makeLabel(QWidget* parent, const QString& name, bool muted, Fit fit = Fit::whole) {
    QLabel* label = fit == Fit::elided ? new ElidedLabel(Qt::ElideRight, parent) : new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    if (muted) label->setForegroundRole(QPalette::PlaceholderText);
    return label;
}

}  // namespace

JobCard::JobCard(jobs::JobId id, QWidget* parent) : QFrame(parent), id_(id) {
    setObjectName(QStringLiteral("jobCard"));
    setFocusPolicy(Qt::StrongFocus);
    stateIcon_ = new QLabel(this);
    stateIcon_->setFixedSize(kIcon, kIcon);
    title_ = makeLabel(this, QStringLiteral("jobTitle"), false, Fit::elided);
    QFont bold = font();
    bold.setBold(true);
    title_->setFont(bold);
    state_ = makeLabel(this, QStringLiteral("jobState"), true);
    stages_ = makeLabel(this, QStringLiteral("jobStages"), false);
    stages_->setTextFormat(Qt::RichText);
    stages_->setWordWrap(true);
    result_ = makeLabel(this, QStringLiteral("jobResult"), false);
    result_->setWordWrap(true);
    result_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    bar_ = new ThinBar(this);
    bar_->setObjectName(QStringLiteral("jobBar"));
    bar_->setRange(0, 1000);
    bar_->setTextVisible(false);
    bar_->setFixedHeight(6);
    bar_->setAccessibleName(tr("Progress"));
    percent_ = makeLabel(this, QStringLiteral("jobPercent"), false);
    numbers_ = makeLabel(this, QStringLiteral("jobNumbers"), false);
    numbers_->setWordWrap(true);
    detail_ = makeLabel(this, QStringLiteral("jobDetail"), true, Fit::elided);
    error_ = makeLabel(this, QStringLiteral("jobError"), false);
    error_->setWordWrap(true);
    error_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    error_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    series_ = new Sparkline(this);

    auto* head = new QHBoxLayout;
    head->addWidget(stateIcon_);
    head->addWidget(title_, 1);
    head->addWidget(state_);
    head->addSpacing(kPad);
    up_ = addButton(*head, QStringLiteral("jobUp"), QStringLiteral("up"), tr("Move up"), &JobCard::upAsked);
    down_ = addButton(*head, QStringLiteral("jobDown"), QStringLiteral("down"), tr("Move down"), &JobCard::downAsked);
    pause_ = addButton(*head, QStringLiteral("jobPause"), QStringLiteral("pause"), tr("Pause (Space)"), &JobCard::pauseAsked);
    resume_ = addButton(*head, QStringLiteral("jobResume"), QStringLiteral("play"), tr("Resume (Space)"), &JobCard::resumeAsked);
    keep_ = addButton(*head, QStringLiteral("jobKeep"), QStringLiteral("stop-keep"), tr("Stop and keep the results so far"), &JobCard::keepAsked);
    results_ = addButton(*head, QStringLiteral("jobResults"), QStringLiteral("open"), tr("Open results"), &JobCard::resultsAsked);
    rerun_ = addButton(*head, QStringLiteral("jobRerun"), QStringLiteral("new-run"), tr("Run again with changes..."), &JobCard::rerunAsked);
    log_ = addButton(*head, QStringLiteral("jobLog"), QStringLiteral("log"), tr("Show its log"), &JobCard::logAsked);
    cancel_ = addButton(*head, QStringLiteral("jobCancel"), QStringLiteral("cancel"), tr("Cancel and discard"), &JobCard::cancelAsked);
    remove_ = addButton(*head, QStringLiteral("jobRemove"), QStringLiteral("close"), tr("Remove from the list"), &JobCard::removeAsked);

    auto* progress = new QHBoxLayout;
    progress->addWidget(bar_, 1);
    progress->addWidget(percent_);
    auto* numbers = new QHBoxLayout;
    numbers->addWidget(detail_, 1);
    numbers->addWidget(series_);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(kPad, kPad, kPad, kPad);
    layout->setSpacing(6);
    layout->addLayout(head);
    layout->addWidget(stages_);
    layout->addWidget(result_);
    layout->addLayout(progress);
    layout->addWidget(numbers_);
    layout->addLayout(numbers);
    layout->addWidget(error_);
}

QToolButton* JobCard::addButton(QHBoxLayout& row, const QString& name, const QString& iconName, const QString& text,
                                void (JobCard::*asked)()) {
    auto* button = new QToolButton(this);
    button->setObjectName(name);
    button->setIcon(icon(iconName));
    button->setAutoRaise(true);
    button->setToolTip(text);
    button->setAccessibleName(text);
    connect(button, &QToolButton::clicked, this, asked);
    row.addWidget(button);
    return button;
}

void JobCard::show(const JobItem& item, bool canMoveUp, bool canMoveDown) {
    if (item.progress.elapsedSeconds != item_.progress.elapsedSeconds || item.state != item_.state) sinceReport_.start();
    item_ = item;
    const bool over = jobs::isOver(item.state), failed = item.state == jobs::JobState::failed;
    stateIcon_->setPixmap(icon(stateIconName(item.state)).pixmap(QSize(kIcon, kIcon), devicePixelRatioF()));
    title_->setText(item.title);
    const bool named = !item.run.isEmpty() && !item.stages.isEmpty();  // the title of an analysis has it
    state_->setText(named ? tr("%1  \u00B7  %2").arg(item.run, jobStateText(item.state)) : jobStateText(item.state));
    setAccessibleName(item.title);
    showStages();
    const bool shows = !over && item.state != jobs::JobState::queued;
    bar_->setVisible(shows);
    percent_->setVisible(shows);
    bar_->setValue(static_cast<int>(item.progress.fraction * 1000));
    percent_->setText(percentText(item.progress.fraction * 100, 0));
    detail_->setText(detailText(item));
    series_->setSeries(item.seriesName, item.series);
    series_->setVisible(!series_->isEmpty() && shows);
    detail_->setVisible(shows);
    result_->setText(item.state == jobs::JobState::cancelled ? QString() : resultText(item.figures));
    result_->setVisible(!result_->text().isEmpty());
    setAccessibleDescription(result_->text().isEmpty() ? state_->text() : state_->text() + QStringLiteral(", ") + result_->text());
    error_->setVisible(failed && item.error.has_value());
    if (item.error) {
        error_->setText(errorText(*item.error));
        error_->setToolTip(error_->text());
    }
    showNumbers();
    showButtons(item, canMoveUp, canMoveDown);
}

void JobCard::showButtons(const JobItem& item, bool canMoveUp, bool canMoveDown) {
    using jobs::JobState;
    const bool over = jobs::isOver(item.state), run = !item.stages.isEmpty(), waiting = item.state == JobState::queued;
    const bool begun = !item.run.isEmpty() && !waiting;
    up_->setVisible(waiting && run);
    down_->setVisible(waiting && run);
    up_->setEnabled(canMoveUp);
    down_->setEnabled(canMoveDown);
    pause_->setVisible(!over && item.state != JobState::paused);
    resume_->setVisible(item.state == JobState::paused);
    keep_->setVisible(run && !over && begun);
    cancel_->setVisible(!over);
    results_->setVisible(begun && run && item.state != JobState::cancelled);
    results_->setToolTip(over ? tr("Open results") : tr("Open the results so far"));
    rerun_->setVisible(over && run);
    log_->setVisible(!waiting);
    remove_->setVisible(over);
}

// A tick, a dot or a ring and the weight of the letters say it; colour comes on top.
void JobCard::showStages() {
    const Theme& theme = Theme::of(palette());
    const bool ends = item_.state == jobs::JobState::finished, failed = item_.state == jobs::JobState::failed;
    QStringList parts;
    for (int i = 0; i < item_.stages.size(); ++i) {
        const QString title = item_.stages[i].toHtmlEscaped().replace(u' ', QStringLiteral("&nbsp;"));
        if (ends || i < item_.stage)
            parts.append(QStringLiteral("<span style='color:%1'>\u2713</span>&nbsp;<span style='color:%2'>%3</span>")
                             .arg(theme.good.name(), theme.mutedText.name(), title));
        else if (failed && i == std::max(item_.stage, 0))
            parts.append(QStringLiteral("<span style='color:%1'>\u2715&nbsp;<b>%2</b></span>").arg(theme.bad.name(), title));
        else if (i == item_.stage && !jobs::isOver(item_.state))
            parts.append(QStringLiteral("<span style='color:%1'>\u25CF</span>&nbsp;<b>%2</b>").arg(theme.accent.name(), title));
        else
            parts.append(QStringLiteral("<span style='color:%1'>\u25CB&nbsp;%2</span>").arg(theme.mutedText.name(), title));
    }
    const QString text = parts.join(QStringLiteral("&nbsp;&nbsp; "));
    if (stages_->text() != text) stages_->setText(text);
    stages_->setVisible(!parts.isEmpty() && item_.state != jobs::JobState::cancelled);
}

void JobCard::showNumbers() {
    QStringList parts;
    const bool runs = item_.state == jobs::JobState::running;
    const double elapsed = item_.progress.elapsedSeconds + (runs ? static_cast<double>(sinceReport_.elapsed()) / 1000 : 0);
    if (item_.state != jobs::JobState::queued && elapsed > 0) parts.append((jobs::isOver(item_.state) ? tr("Took %1") : tr("%1 elapsed")).arg(durationText(elapsed)));
    if (runs) {
        const QString rest = remainingText(item_);
        parts.append(rest.isEmpty() ? tr("remaining time not known yet") : rest);
    }
    if ((runs || item_.state == jobs::JobState::paused) && item_.memoryBytes > 0)
        parts.append(tr("%1 of memory in use").arg(bytesText(item_.memoryBytes)));
    numbers_->setText(parts.join(QStringLiteral("  \u00B7  ")));
    numbers_->setVisible(!parts.isEmpty());
}

void JobCard::tick() {
    if (item_.state == jobs::JobState::running) showNumbers();
}

void JobCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && !item_.title.isEmpty()) {
        showStages();
        stateIcon_->setPixmap(icon(stateIconName(item_.state)).pixmap(QSize(kIcon, kIcon), devicePixelRatioF()));
    }
    QFrame::changeEvent(event);
}

void JobCard::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(theme.raised);
    const bool failed = item_.state == jobs::JobState::failed;
    painter.setPen(hasFocus() ? QPen(theme.accent, 2) : QPen(failed ? theme.bad : theme.border, 1));
    painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), kRadius, kRadius);
}

}  // namespace vitrine::widgets
