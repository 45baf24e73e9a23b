// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

class QAction;

namespace vitrine::widgets {

/// A large button of the start page: icon, title, one line below it, shortcut at the right. Does what its action does. UI thread.
class StartButton : public QAbstractButton {
    Q_OBJECT
  public:
    StartButton(QAction* action, const QString& iconName, const QString& title, const QString& detail, QWidget* parent);

    void setDetail(const QString& detail);
    void setPrimary(bool primary);  ///< the one to press first
    QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    QAction* action_;
    QString iconName_, detail_;
    bool primary_ = false;
};

}  // namespace vitrine::widgets
