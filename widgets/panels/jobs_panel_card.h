// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QFrame>

#include "widgets/session/job_center.h"

class QHBoxLayout;
class QLabel;
class QProgressBar;
class QToolButton;

namespace vitrine::widgets {

class Sparkline;

/// One job of the panel of jobs. Passive: it shows what show() is given and says what was pressed. UI thread.
class JobCard : public QFrame {
    Q_OBJECT
  public:
    explicit JobCard(jobs::JobId id, QWidget* parent);

    jobs::JobId id() const { return id_; }
    void show(const JobItem& item, bool canMoveUp, bool canMoveDown);
    void tick();  ///< a second has passed

  Q_SIGNALS:
    void pauseAsked();
    void resumeAsked();
    void keepAsked();
    void cancelAsked();
    void upAsked();
    void downAsked();
    void resultsAsked();
    void rerunAsked();
    void logAsked();
    void removeAsked();

  protected:
    void paintEvent(QPaintEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    QToolButton* addButton(QHBoxLayout& row, const QString& name, const QString& iconName, const QString& text, void (JobCard::*asked)());
    void showButtons(const JobItem& item, bool canMoveUp, bool canMoveDown);
    void showStages();
    void showNumbers();

    jobs::JobId id_;
    JobItem item_;
    QElapsedTimer sinceReport_;
    QLabel* stateIcon_;
    QLabel* title_;
    QLabel* state_;
    QLabel* stages_;
    QLabel* result_;
    QProgressBar* bar_;
    QLabel* percent_;
    QLabel* numbers_;
    QLabel* detail_;
    QLabel* error_;
    Sparkline* series_;
    QToolButton *pause_, *resume_, *keep_, *cancel_, *up_, *down_, *results_, *rerun_, *log_, *remove_;
};

}  // namespace vitrine::widgets
