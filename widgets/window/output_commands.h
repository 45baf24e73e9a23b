// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QThreadPool>

#include "widgets/views/view.h"
#include "widgets/window/report_dialog.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// What leaves the project: reports, figures, data. Each says where its file is. UI thread.
class OutputCommands : public QObject {
    Q_OBJECT
  public:
    OutputCommands(WindowContext context, QThreadPool& pool);

    void refresh();

    void openReport(const QStringList& runs = {});
    void addToReport(const QString& run);
    void openExport();
    void openFigure(View& view, const QString& name);
    void openCsv(View& view, const QString& name);

  Q_SIGNALS:
    void reportMade();

  private:
    void tellSaved(const QString& what, const QString& file);
    void connectReport(ReportDialog* dialog);

    WindowContext context_;
    QThreadPool& pool_;
    QPointer<ReportDialog> report_;
};

}  // namespace vitrine::widgets
