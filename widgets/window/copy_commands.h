// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QHash>
#include <QObject>
#include <memory>

#include "runs/project_copy.h"
#include "widgets/window/window_context.h"

namespace vitrine::widgets {

/// The actions file.save_copy and file.pack: the project in another folder, alone or with all that it needs. The work is a job among the
/// others; the open project stays open. UI thread.
class CopyCommands : public QObject {
    Q_OBJECT
  public:
    explicit CopyCommands(WindowContext context);

    void refresh();
    void copyTo(const QString& folder, runs::CopyContent content);  ///< a new folder

  Q_SIGNALS:
    void openAsked(const QString& folder);  ///< the copy

  private:
    struct Copy {
        QString folder;
        runs::CopyContent content = runs::CopyContent::project;
        std::shared_ptr<runs::ProjectCopy> result;  ///< written by the job, read when it is over
    };
    void choose(runs::CopyContent content);
    void tell(const Copy& copy);

    WindowContext context_;
    QHash<jobs::JobId, Copy> copies_;
};

}  // namespace vitrine::widgets
