// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractSpinBox>
#include <QString>
#include <QWidget>

#include "base/parameters.h"

namespace vitrine::widgets {

/// The field of one parameter. It takes every text, also a wrong one: the form checks it and says what is wrong. UI thread.
class ParameterEditor : public QWidget {
    Q_OBJECT
  public:
    explicit ParameterEditor(QWidget* parent = nullptr) : QWidget(parent) {}

    virtual QString text() const = 0;               ///< as a command line has it: "0.5", "true", "0.9,0.99"
    virtual void setText(const QString& text) = 0;  ///< emits nothing
    virtual QWidget* field() = 0;                   ///< what takes the focus
    void setWrong(bool wrong);                      ///< frames the field in the colour of errors

  Q_SIGNALS:
    void edited();  ///< by the user

  protected:
    void hold(QWidget* field, int width);  ///< lays `field` out, `width` pixels wide
    void paintEvent(QPaintEvent* event) override;

  private:
    bool wrong_ = false;
};

/// A number in plain or scientific notation; the arrow keys step a whole number by 1, another by its last digit, within the range.
class NumberField : public QAbstractSpinBox {
    Q_OBJECT
  public:
    NumberField(bool whole, std::optional<double> minimum, std::optional<double> maximum, QWidget* parent = nullptr);

    QString number() const;                 ///< as typed, with a decimal point
    void setNumber(const QString& number);  ///< emits nothing
    void stepBy(int steps) override;

  Q_SIGNALS:
    void numberEdited();

  protected:
    StepEnabled stepEnabled() const override;
    QValidator::State validate(QString& input, int& position) const override;

  private:
    double step(const QString& text) const;
    bool whole_;
    std::optional<double> minimum_, maximum_;
};

ParameterEditor* makeParameterEditor(const ParameterSpec& spec, QWidget* parent = nullptr);

}  // namespace vitrine::widgets
