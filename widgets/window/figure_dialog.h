// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QDialog>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QThreadPool>
#include <QTimer>

#include "widgets/session/settings.h"
#include "widgets/views/figures.h"

namespace vitrine::widgets {

/// Saves what a view shows as a figure: format, size, colours and a preview of exactly that. Not modal; deletes itself,
/// and closes when the view goes. UI thread.
class FigureDialog : public QDialog {
    Q_OBJECT
  public:
    /// `pool` writes the file. `name` is proposed for it.
    FigureDialog(View& view, const QString& name, Settings& settings, QThreadPool& pool, QWidget* parent);

  Q_SIGNALS:
    void saved(const QString& file);
    void failed(const vitrine::Error& error);

  private:
    QWidget* makeControls();
    FigureOptions options() const;
    FigureFormat format() const;
    void updatePreview();
    void updateFileName();
    void browse();
    void save();
    void remember();

    QPointer<View> view_;
    Settings& settings_;
    QThreadPool& pool_;
    QTimer previewSoon_;
    QLabel* preview_;
    QLabel* facts_;
    QComboBox* format_ = nullptr;
    QDoubleSpinBox* width_ = nullptr;
    QDoubleSpinBox* height_ = nullptr;
    QDoubleSpinBox* scale_ = nullptr;
    QComboBox* colours_ = nullptr;
    QLineEdit* file_ = nullptr;
    QPushButton* save_ = nullptr;
};

}  // namespace vitrine::widgets
