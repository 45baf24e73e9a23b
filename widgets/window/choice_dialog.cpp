// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/window/choice_dialog.h"

#include <QVBoxLayout>

#include "widgets/base/themed.h"
#include "widgets/window/start_button.h"

namespace vitrine::widgets {

ChoiceDialog::ChoiceDialog(const QString& title, const QString& text, const QList<Choice>& choices, QWidget* parent)
    : QDialog(parent), choices_(choices) {
    setObjectName(QStringLiteral("question"));
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(title);
    setWindowModality(Qt::WindowModal);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(22, 20, 22, 20);
    layout->setSpacing(8);
    layout->addWidget(headingLabel(title, this));
    auto* explanation = mutedLabel(text, this);
    explanation->setMinimumWidth(420);
    layout->addWidget(explanation);
    layout->addSpacing(8);
    for (const Choice& choice : choices_) {
        auto* button = new StartButton(choice.iconName, choice.title, choice.detail, this);
        button->setObjectName(QStringLiteral("choice.") + choice.id);
        connect(button, &QAbstractButton::clicked, this, [this, choice] { answer(choice); });
        layout->addWidget(button);
        if (&choice == &choices_.first()) {
            button->setPrimary(true);
            button->setFocus();
        }
    }
    layout->setSizeConstraint(QLayout::SetFixedSize);
}

void ChoiceDialog::reject() {
    if (choices_.isEmpty())
        QDialog::reject();
    else
        answer(choices_.last());
}

void ChoiceDialog::answer(const Choice& choice) {
    if (answered_) return;
    answered_ = true;
    QDialog::accept();
    if (choice.run) choice.run();
}

}  // namespace vitrine::widgets
