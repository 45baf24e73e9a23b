// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QList>
#include <functional>

namespace vitrine::widgets {

struct Choice {
    QString id;  ///< for objectName and tests
    QString iconName;
    QString title;
    QString detail;             ///< what happens then
    std::function<void()> run;  ///< once the dialog has closed
};

/// A question with a few answers, each said in full. Blocks its window but not the program; Esc and closing are the
/// last answer. Deletes itself. UI thread.
class ChoiceDialog : public QDialog {
    Q_OBJECT
  public:
    ChoiceDialog(const QString& title, const QString& text, const QList<Choice>& choices, QWidget* parent);

    void reject() override;

  private:
    void answer(const Choice& choice);

    QList<Choice> choices_;
    bool answered_ = false;
};

}  // namespace vitrine::widgets
