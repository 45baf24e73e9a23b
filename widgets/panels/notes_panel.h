// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include "widgets/session/session.h"

class QLabel;
class QPlainTextEdit;

namespace vitrine::widgets {

/// What the user writes about the project and about run A: plain text or Markdown. Undone with the project's own undo. UI thread.
class NotesPanel : public QWidget {
    Q_OBJECT
  public:
    explicit NotesPanel(Session& session, QWidget* parent = nullptr);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

  private:
    QPlainTextEdit* makeEditor(const QString& name, QLabel* label);
    void update();
    void projectTyped();
    void runTyped();
    /// Whether the text may be kept; else what is too much of it is taken away and the user is told.
    bool fits(QPlainTextEdit* editor, std::size_t bytes);

    Session& session_;
    QLabel* projectTitle_;
    QLabel* runTitle_;
    QPlainTextEdit* project_;
    QPlainTextEdit* run_;
    QLabel* warning_;
    bool showing_ = false;  ///< texts change because the edits did
};

}  // namespace vitrine::widgets
