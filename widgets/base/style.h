// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProxyStyle>

namespace vitrine::widgets {

/// Fusion, with frames of fields that stand out from any background by 3:1: its own are darker than the window, which nobody sees in the dark.
/// UI thread.
class FieldStyle : public QProxyStyle {
    Q_OBJECT
  public:
    FieldStyle();
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawControl(ControlElement element, const QStyleOption* option, QPainter* painter, const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter, const QWidget* widget) const override;
};

}  // namespace vitrine::widgets
