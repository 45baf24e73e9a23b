// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>

class QAction;

namespace vitrine::widgets {

/// A large button: icon, title, one line below it, shortcut at the right. Of the start page and of questions. UI
/// thread.
class StartButton : public QAbstractButton {
    Q_OBJECT
  public:
    StartButton(const QString& iconName, const QString& title, const QString& detail, QWidget* parent);

    void setAction(QAction* action);  ///< a click triggers it; its shortcut is shown
    void setDetail(const QString& detail);
    void setPrimary(bool primary);  ///< the one to press first
    QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    QAction* action_ = nullptr;
    QString iconName_, detail_;
    bool primary_ = false;
};

}  // namespace vitrine::widgets
