// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QMap>
#include <QString>
#include <QTimer>
#include <QWidget>

#include "widgets/session/session.h"

class QLabel;
class QScrollArea;
class QStackedWidget;
class QToolButton;
class QVBoxLayout;

namespace vitrine::widgets {

class JobCard;

/// The jobs of the window, a card each. Up and Down go from card to card, Space pauses and resumes. UI thread.
class JobsPanel : public QWidget {
    Q_OBJECT
  public:
    explicit JobsPanel(Session& session, QWidget* parent = nullptr);

    /// The card that has the focus, else the job that runs; 0 when there is none.
    jobs::JobId current() const;
    void togglePause();  ///< of the current job

  Q_SIGNALS:
    void resultsAsked(const QString& run);  ///< also partial ones
    void rerunAsked(vitrine::jobs::JobId id);  ///< with changes
    void logAsked(const QString& title, const QString& run);  ///< LogPanel::showJob(); `run` may be empty

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void showEvent(QShowEvent* event) override;

  private:
    QWidget* makeBar();
    QWidget* makeEmpty();
    void add(jobs::JobId id);
    void remove(jobs::JobId id);
    void arrange();
    void updateState();
    void step(JobCard* from, int by);
    void bringRunningIntoView();

    Session& session_;
    QMap<jobs::JobId, JobCard*> cards_;
    QVBoxLayout* list_ = nullptr;
    QScrollArea* scroll_ = nullptr;
    QStackedWidget* pages_ = nullptr;
    QLabel* count_ = nullptr;
    QToolButton* clear_ = nullptr;
    jobs::JobId running_ = 0;  ///< the job that was brought into view
    QTimer clock_;  ///< elapsed times go on between reports
};

/// The job that runs now in the space of a status bar: what it is, how far, how long still. A click asks for the panel.
class JobsStatus : public QAbstractButton {
    Q_OBJECT
  public:
    explicit JobsStatus(Session& session, QWidget* parent = nullptr);
    QSize sizeHint() const override;

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void updateState();

    Session& session_;
    QString title_, rest_;
    double fraction_ = 0;
    bool paused_ = false;
};

/// What is left of a job, for people: "2 min 10 s left"; empty while it cannot be told.
QString remainingText(const JobItem& item);
QString jobStateText(jobs::JobState state);

}  // namespace vitrine::widgets
