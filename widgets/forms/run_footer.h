// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>
#include <QVBoxLayout>
#include <QWidget>
#include <optional>
#include <vector>

#include "runs/preview.h"
#include "widgets/forms/parts.h"

namespace vitrine::widgets {

/// What stands below the form for new runs: how long it takes, what is wrong, and the buttons. UI thread.
class RunFooter : public QWidget {
    Q_OBJECT
  public:
    explicit RunFooter(QWidget* parent = nullptr);

    struct Item {
        QString field, title, text;
        bool fatal = true;
    };
    void setProblems(const std::vector<Item>& items);
    void setEstimate(const std::optional<runs::Estimate>& estimate, const QString& instead);
    void setCanRun(bool can, const QString& reason);
    void setCanCopy(bool can);

  Q_SIGNALS:
    void queueAsked();
    void runAsked();
    void copyAsked();
    void fieldAsked(const QString& field);

  private:
    QWidget* makeButtons();

    ToneLabel* estimate_;
    ToneLabel* basis_;
    Notice* good_;
    QWidget* problems_;
    QVBoxLayout* list_;
    QPushButton *queue_, *run_, *copy_;
};

}  // namespace vitrine::widgets
