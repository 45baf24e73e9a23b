// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <QStyleOptionFocusRect>
#include <QStylePainter>

#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/panels/jobs_panel.h"

namespace vitrine::widgets {
namespace {

constexpr int kBarWidth = 100;
constexpr int kBarHeight = 6;
constexpr int kGap = 8;
constexpr int kTitleLetters = 36;

}  // namespace

JobsStatus::JobsStatus(Session& session, QWidget* parent) : QAbstractButton(parent), session_(session) {
    setObjectName(QStringLiteral("jobsStatus"));
    setFocusPolicy(Qt::TabFocus);
    setCursor(Qt::PointingHandCursor);
    const JobCenter& center = session_.jobs;
    for (const auto signal : {&JobCenter::added, &JobCenter::changed, &JobCenter::removed}) connect(&center, signal, this, &JobsStatus::updateState);
    updateState();
}

void JobsStatus::updateState() {
    const JobItem* shown = nullptr;
    int others = 0;
    for (const jobs::JobId id : session_.jobs.jobs()) {
        const JobItem* item = session_.jobs.item(id);
        if (item == nullptr || jobs::isOver(item->state)) continue;
        ++others;
        const bool better = shown == nullptr || (item->state == jobs::JobState::running && shown->state != jobs::JobState::running);
        if (better) shown = item;
    }
    setVisible(shown != nullptr);
    if (shown == nullptr) return;
    title_ = shown->title;
    fraction_ = shown->progress.fraction;
    paused_ = shown->state != jobs::JobState::running;
    rest_ = paused_ ? jobStateText(shown->state) : remainingText(*shown);
    if (rest_.isEmpty()) rest_ = percentText(fraction_ * 100, 0);
    if (others > 1) rest_ += tr(", %1 more").arg(others - 1);
    const QString summary = QStringLiteral("%1, %2, %3").arg(title_, percentText(fraction_ * 100, 0), rest_);
    setAccessibleName(summary);
    setToolTip(tr("%1. Click to see the jobs.").arg(summary));
    updateGeometry();
    update();
}

QSize JobsStatus::sizeHint() const {
    const QFontMetrics metrics(font());
    const int title = std::min(metrics.horizontalAdvance(title_), metrics.horizontalAdvance(u'0') * kTitleLetters);
    return {title + kBarWidth + metrics.horizontalAdvance(rest_) + 5 * kGap, metrics.height() + 6};
}

void JobsStatus::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(palette());
    QStylePainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetrics metrics(font());
    const int restWidth = metrics.horizontalAdvance(rest_);
    const QRect area = rect().adjusted(kGap, 0, -kGap, 0);
    const QRect bar(area.right() - restWidth - kGap - kBarWidth, area.center().y() - kBarHeight / 2 + 1, kBarWidth, kBarHeight);
    const QRect title(area.left(), area.top(), bar.left() - area.left() - kGap, area.height());
    painter.setPen(underMouse() ? theme.accent : theme.text);
    painter.drawText(title, Qt::AlignVCenter | Qt::AlignRight, metrics.elidedText(title_, Qt::ElideMiddle, title.width()));
    painter.setPen(theme.mutedText);
    painter.drawText(QRect(bar.right() + kGap, area.top(), restWidth + kGap, area.height()), Qt::AlignVCenter | Qt::AlignLeft, rest_);
    painter.setPen(Qt::NoPen);
    painter.setBrush(theme.border);
    painter.drawRoundedRect(bar, kBarHeight / 2.0, kBarHeight / 2.0);
    painter.setBrush(paused_ ? theme.mutedText : theme.accent);
    painter.drawRoundedRect(QRectF(bar.left(), bar.top(), std::max<double>(kBarHeight, kBarWidth * fraction_), kBarHeight), kBarHeight / 2.0,
                            kBarHeight / 2.0);
    if (!hasFocus()) return;
    QStyleOptionFocusRect focus;
    focus.initFrom(this);
    painter.drawPrimitive(QStyle::PE_FrameFocusRect, focus);
}

}  // namespace vitrine::widgets
