// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace vitrine::widgets {

/// One line of plain text that takes the room it is given: an ellipsis stands for what does not fit, and the tool tip shows all of it. The
/// whole text can be copied from its context menu. UI thread.
class ElidedLabel : public QLabel {
    Q_OBJECT
  public:
    explicit ElidedLabel(Qt::TextElideMode mode, QWidget* parent = nullptr);

    bool isCut() const;  ///< not all of the text fits
    QSize minimumSizeHint() const override;

  protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

  private:
    Qt::TextElideMode mode_;
};

}  // namespace vitrine::widgets
