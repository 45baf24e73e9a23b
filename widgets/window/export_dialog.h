// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>

#include "widgets/session/session.h"
#include "widgets/window/figure_renderer.h"

namespace vitrine::widgets {

/// The files that exporting `runs` gives: for each run a folder with the data (CSV) and the figure (SVG) of every view;
/// comparing views need a run B (`against`, may be empty) and stand in a folder of the pair.
std::vector<FigureJob> exportJobs(const QString& project, const QStringList& runs, const QString& against, bool data,
                                  bool figures, const QString& folder);

/// Writes all data and figures of chosen runs into a folder. Not modal; deletes itself, and closes with the project. UI
/// thread.
class ExportDialog : public QDialog {
    Q_OBJECT
  public:
    ExportDialog(Session& session, QThreadPool& pool, QWidget* parent);

    void start();
    void setFolder(const QString& folder) { folder_->setText(folder); }

  Q_SIGNALS:
    void exported(const QString& folder, int files, int empty);  ///< `empty`: views that had nothing to show
    void failed(const vitrine::Error& error);

  private:
    QLayout* makeBottom();
    QStringList chosenRuns() const;
    void update();
    void setWorking(bool working);
    void browse();

    Session& session_;
    QThreadPool& pool_;
    FigureRenderer renderer_;
    QListWidget* runs_;
    QCheckBox* data_;
    QCheckBox* figures_;
    QLineEdit* folder_;
    QLabel* count_;
    QProgressBar* progress_;
    QPushButton* export_;
    QPushButton* cancel_;
};

}  // namespace vitrine::widgets
