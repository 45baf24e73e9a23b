// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QWidget>
#include <optional>

#include "widgets/base/elided_label.h"
#include "widgets/forms/parts.h"
#include "widgets/forms/recognition.h"

namespace vitrine::widgets {

class ParameterForm;

/// One thing that was dropped: what it is, what will happen to it, and what may be said about it. UI thread.
class DropItem : public QWidget {
    Q_OBJECT
  public:
    DropItem(const QString& path, project::ImageRole role, QWidget* parent = nullptr);

    const QString& path() const { return path_; }
    void setRecognition(const Recognition& recognition);
    const std::optional<Recognition>& recognition() const { return recognition_; }
    InputHints hints() const;
    std::optional<InputChoice> choice() const;  ///< absent while it is read, and for what cannot be added
    void setReading();
    void setBeside(const QStringList& paths);  ///< what was dropped with it

  Q_SIGNALS:
    void hintsChanged();  ///< it is to be read again
    void changed();
    void removeAsked();

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    void makeFields();
    void showFacts();
    void showSamples();
    void showOutcome();
    void chooseRoot();

    QString path_;
    project::ImageRole role_;
    std::optional<Recognition> recognition_;
    bool named_ = false;  ///< the user chose name or role: a new reading keeps them
    bool roleChosen_ = false;
    QString root_;  ///< empty: the one that was found
    QStringList beside_;
    Badge* kind_;
    ElidedLabel* title_;
    Notice* outcome_;
    Notice* trouble_;
    QWidget* fields_;
    QLineEdit* name_;
    QComboBox* roleBox_;
    QWidget* rootLine_;
    ElidedLabel* rootLabel_;
    ToneLabel* facts_;
    QLabel* samples_;
    QPushButton* more_;
    ParameterForm* overrides_ = nullptr;
    QWidget* roleLine_;
};

}  // namespace vitrine::widgets
