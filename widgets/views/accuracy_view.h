// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "widgets/views/cards_accuracy.h"

namespace vitrine::widgets {

/// Accuracy of the float and the quantized networks as cards. The arrow keys walk over the cards.
class AccuracyView : public View {
    Q_OBJECT
  public:
    explicit AccuracyView(QWidget* parent = nullptr);

    void setInput(const ViewInput& input) override;
    ParameterSchema options() const override;
    void setOptions(const ParameterSet& values) override;
    report::Table table() const override;
    QString summary() const override;
    QString emptyText() const override;
    void paintFigure(QPainter& painter, const QSizeF& size, const Theme& theme) override;
    QSizeF figureSizeMm() const override;
    QSize minimumSizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void read(int card);

    ViewInput input_;
    ParameterSet options_;
    AccuracyCards cards_;
    int focused_ = -1;
};

}  // namespace vitrine::widgets
