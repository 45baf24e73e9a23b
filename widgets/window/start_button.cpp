// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/start_button.h"

#include <QAction>
#include <QApplication>
#include <QPainter>
#include <QStyle>
#include <algorithm>

#include "widgets/base/icons.h"
#include "widgets/base/theme.h"

namespace vitrine::widgets {
namespace {

constexpr int kIcon = 24;
constexpr int kPadding = 14;

}  // namespace

StartButton::StartButton(const QString& iconName, const QString& title, const QString& detail, QWidget* parent)
    : QAbstractButton(parent), iconName_(iconName), detail_(detail) {
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(detail);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setCursor(Qt::PointingHandCursor);
}

void StartButton::setAction(QAction* action) {
    action_ = action;
    setObjectName(QStringLiteral("start.") + action->objectName());
    connect(this, &QAbstractButton::clicked, action, &QAction::trigger);
}

void StartButton::setDetail(const QString& detail) {
    detail_ = detail;
    setAccessibleDescription(detail);
    update();
}

void StartButton::setPrimary(bool primary) {
    primary_ = primary;
    update();
}

QSize StartButton::sizeHint() const {
    const int left = kPadding + 4 + kIcon + 14;
    return {std::max(320, left + fontMetrics().horizontalAdvance(detail_) + kPadding + 4),
            2 * fontMetrics().height() + 2 * kPadding};
}

void StartButton::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::of(QApplication::palette());
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    const bool hot = underMouse() || isDown();
    painter.setBrush(isDown() ? theme.selection : hot ? theme.raised : theme.surface);
    painter.setPen(QPen(hasFocus() || hot ? theme.accent : theme.border, hasFocus() ? 2 : 1));
    painter.drawRoundedRect(frame, 8, 8);
    if (primary_) {  // a bar at the left says where to begin, besides being first
        painter.setPen(Qt::NoPen);
        painter.setBrush(theme.accent);
        painter.drawRoundedRect(QRectF(frame.left() + 5, frame.top() + 10, 3, frame.height() - 20), 1.5, 1.5);
    }
    widgets::icon(iconName_).paint(&painter, QRect(kPadding + 4, (height() - kIcon) / 2, kIcon, kIcon));
    const int left = kPadding + 4 + kIcon + 14, line = fontMetrics().height(), top = (height() - 2 * line - 2) / 2;
    QRect area(left, top, width() - left - kPadding, line);
    const QString shortcut = action_ ? action_->shortcut().toString(QKeySequence::NativeText) : QString();
    painter.setPen(theme.mutedText);
    painter.drawText(area, Qt::AlignRight | Qt::AlignVCenter, shortcut);
    QFont bold = font();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(theme.text);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter, text());
    painter.setFont(font());
    painter.setPen(theme.mutedText);
    area.translate(0, line + 2);
    painter.drawText(area, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(detail_, Qt::ElideRight, area.width()));
}

}  // namespace vitrine::widgets
