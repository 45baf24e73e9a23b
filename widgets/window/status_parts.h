// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QThreadPool>
#include <QTimer>

#include "widgets/session/study.h"

namespace vitrine::widgets {

/// Says whether the edits of the project are saved. UI thread.
class SavedIndicator : public QLabel {
    Q_OBJECT
  public:
    explicit SavedIndicator(Study& study, QWidget* parent = nullptr);

  private:
    void update();

    Study& study_;
    QString savedAt_;
};

/// The memory that the program holds, every two seconds while it is seen. UI thread.
class MemoryLabel : public QLabel {
    Q_OBJECT
  public:
    explicit MemoryLabel(QWidget* parent = nullptr);
    ~MemoryLabel() override;

  private:
    void look();

    QTimer timer_;
    QThreadPool pool_;
};

}  // namespace vitrine::widgets
