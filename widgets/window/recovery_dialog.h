// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QTreeWidget>
#include <vector>

#include "project/recovery.h"
#include "widgets/session/study.h"

namespace vitrine::widgets {

/// Offers the edits that a crash left: compare them with the saved ones, restore them, keep the saved ones, or decide
/// later. Not modal; deletes itself. Nothing is deleted whatever is answered. UI thread.
class RecoveryDialog : public QDialog {
    Q_OBJECT
  public:
    RecoveryDialog(Study& study, std::vector<project::RecoveredEdits> found, QWidget* parent);

  private:
    const project::RecoveredEdits& chosen() const;
    void showDifferences();
    void next();  ///< after one was decided: the others, or the end

    Study& study_;
    std::vector<project::RecoveredEdits> found_;
    QTreeWidget* list_;
    QTreeWidget* differences_;
};

}  // namespace vitrine::widgets
