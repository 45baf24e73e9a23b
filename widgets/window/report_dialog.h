// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>

#include "widgets/session/settings.h"
#include "widgets/session/study.h"
#include "widgets/window/report_maker.h"

namespace vitrine::widgets {

/// Chooses runs, title, figures and format of a report, shows its sections, and makes it with progress. Not modal;
/// deletes itself, and closes with the project. UI thread.
class ReportDialog : public QDialog {
    Q_OBJECT
  public:
    /// `chosen` runs are ticked; none: all complete ones.
    ReportDialog(Study& study, Settings& settings, QThreadPool& pool, const QStringList& chosen, QWidget* parent);

    void addRun(const QString& run);  ///< ticks it
    QStringList chosenRuns() const;
    void start();
    void setFile(const QString& file) { file_->setText(file); }

  Q_SIGNALS:
    void made(const QString& file);
    void warned(const QString& text);
    void failed(const vitrine::Error& error);

  private:
    QWidget* makeRuns(const QStringList& chosen);
    QLayout* makeForm();
    QLayout* makeBottom();
    void connectAll();
    void showSections();
    void setWorking(bool working);
    void updateFileName();
    void browse();

    Study& study_;
    Settings& settings_;
    QThreadPool& pool_;
    ReportMaker maker_;
    RequestCounter previews_;
    QListWidget* runs_;
    QListWidget* sections_;
    QLineEdit* title_;
    QCheckBox* figures_;
    QComboBox* format_;
    QLineEdit* file_;
    QProgressBar* progress_;
    QLabel* stage_;
    QPushButton* make_;
    QPushButton* cancel_;
};

}  // namespace vitrine::widgets
