// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QThreadPool>
#include <functional>

#include "project/synthetic_export.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// What is done with images that a run made: written as files, or added to the project as a set to calibrate on. UI thread.
class ImageCommands : public QObject {
    Q_OBJECT
  public:
    ImageCommands(WindowContext context, QThreadPool& pool);

    void save(const QString& run, qint64 sheet);                                ///< asks for a folder
    void saveTo(const QString& run, qint64 sheet, const QString& folder);       ///< a new or empty one
    void useForCalibration(const QString& run, qint64 sheet);                   ///< as files in the project

  Q_SIGNALS:
    void saved(const QString& table);

  private:
    void write(const QString& run, qint64 sheet, const QString& folder, std::function<void(const project::ExportedImages&)> done);

    WindowContext context_;
    QThreadPool& pool_;
};

}  // namespace vitrine::widgets
