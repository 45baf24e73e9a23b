// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QSet>
#include <QWidget>

#include "widgets/window/window_context.h"

class QLabel;

namespace vitrine::widgets {

/// The first minutes as a checklist beside the work: each step can be shown, and ticks itself off when it is done in
/// whatever way. UI thread.
class TourPanel : public QWidget {
    Q_OBJECT
  public:
    TourPanel(const WindowContext& context, QWidget* parent = nullptr);

    int done() const;
    void markDone(const QString& step);
    void runStarted(jobs::JobId id);  ///< by the user

  Q_SIGNALS:
    void skipAsked();

  private:
    struct Step {
        QString id;
        QLabel* mark;
        QLabel* title;
        bool done = false;
    };
    void addStep(const QString& id, const QString& title, const QString& detail, const QString& action,
                 const QString& button);
    void watch();
    void updateHead();

    WindowContext context_;
    QList<Step> steps_;
    QLabel* head_;
    QSet<jobs::JobId> started_;
};

}  // namespace vitrine::widgets
