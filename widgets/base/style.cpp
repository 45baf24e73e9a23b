// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/base/style.h"

#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

#include "widgets/base/theme.h"

namespace vitrine::widgets {
namespace {

void drawFieldFrame(QPainter& painter, const QStyleOption& option) {
    const Theme& theme = Theme::of(option.palette);
    const bool enabled = option.state.testFlag(QStyle::State_Enabled), focus = option.state.testFlag(QStyle::State_HasFocus);
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(!enabled ? theme.border : focus ? theme.accent : theme.axis, 1));
    painter.drawRoundedRect(QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5), 2, 2);
    painter.restore();
}

}  // namespace

FieldStyle::FieldStyle() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void FieldStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
    if (element == PE_FrameTabBarBase) return;  // the style sheet has a line below tabs; this one crosses the corner
    if (element == PE_FrameLineEdit)
        drawFieldFrame(*painter, *option);
    else
        QProxyStyle::drawPrimitive(element, option, painter, widget);
}

void FieldStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const {
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    const auto* spin = qstyleoption_cast<const QStyleOptionSpinBox*>(option);
    const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if ((spin != nullptr && spin->frame) || (combo != nullptr && combo->frame)) drawFieldFrame(*painter, *option);
}

void FieldStyle::drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const {
    const auto* combo = qstyleoption_cast<const QStyleOptionComboBox*>(option);
    if (element != CE_ComboBoxLabel || combo == nullptr || combo->editable) return QProxyStyle::drawControl(element, option, painter, widget);
    // Qt cuts what is too long within a letter.
    QStyleOptionComboBox elided(*combo);
    const int icon = elided.currentIcon.isNull() ? 0 : elided.iconSize.width() + 4;
    const int room = subControlRect(CC_ComboBox, &elided, SC_ComboBoxEditField, widget).width() - icon - 2;
    elided.currentText = elided.fontMetrics.elidedText(elided.currentText, Qt::ElideRight, room);
    QProxyStyle::drawControl(element, &elided, painter, widget);
}

}  // namespace vitrine::widgets
