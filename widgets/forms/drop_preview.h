// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QStringList>
#include <QThreadPool>
#include <QVBoxLayout>
#include <vector>

#include "widgets/forms/recognition.h"
#include "widgets/session/session.h"

namespace vitrine::widgets {

class DropItem;
class Notice;

/// Shows what was dropped or chosen before anything happens to it; accepting adds it all to the project as one undoable step.
/// Without a project it proposes a new one. Not modal: open() or show() it; it deletes itself when closed. UI thread.
class DropPreview : public QDialog {
    Q_OBJECT
  public:
    /// `role`: what the images were asked for; any: guessed by their names.
    DropPreview(Session& session, const QStringList& paths, project::ImageRole role = project::ImageRole::any, QWidget* parent = nullptr);
    ~DropPreview() override;  ///< waits for what is being read

    void addPaths(const QStringList& paths, project::ImageRole role = project::ImageRole::any);
    const std::vector<DropItem*>& items() const { return items_; }
    bool isReading() const;
    void accept() override;

  Q_SIGNALS:
    /// A project was dropped, alone or with others: to be opened instead of the present one. The dialog closes.
    void openAsked(const QString& folder);
    /// There is no project: one is to be made here. The dialog waits for it, then adds the inputs to it and closes.
    void projectAsked(const QString& folder, const QString& name);
    void added(int count);
    void recognised();  ///< everything has been read

  private:
    void readItem(DropItem* item);
    void removeItem(DropItem* item);
    void leaveOutRoots();
    void fit();
    void propose();
    void addAll();
    QString openedProject() const;
    std::vector<InputChoice> choices() const;

    Session& session_;
    QThreadPool pool_;
    std::vector<DropItem*> items_;
    QVBoxLayout* list_;
    QWidget* newProject_;
    QLineEdit* projectName_;
    QLineEdit* projectFolder_;
    Notice* notice_;
    QPushButton* accept_;
    bool waiting_ = false;  ///< for the project that was asked for
    bool folderTyped_ = false, nameTyped_ = false;
};

}  // namespace vitrine::widgets
