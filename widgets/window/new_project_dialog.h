// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "widgets/base/background.h"
#include "widgets/session/settings.h"

namespace vitrine::widgets {

/// Asks for the name and the place of a new project. The folder is looked at off the UI thread while one types. Not
/// modal; deletes itself.
class NewProjectDialog : public QDialog {
    Q_OBJECT
  public:
    NewProjectDialog(Settings& settings, QThreadPool& pool, const QString& name, QWidget* parent);

  Q_SIGNALS:
    void createAsked(const QString& folder, const QString& name);

  private:
    void check();
    void browse();
    QString target() const;

    Settings& settings_;
    QThreadPool& pool_;
    RequestCounter checks_;
    QLineEdit* name_;
    QLineEdit* folder_;
    QLabel* place_;
    QLabel* problem_;
    QPushButton* create_;
};

}  // namespace vitrine::widgets
