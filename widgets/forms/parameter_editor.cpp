// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/forms/parameter_editor.h"

#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/base/text.h"
#include "widgets/base/theme.h"
#include "widgets/forms/parameter_text.h"
#include "widgets/forms/parts.h"

namespace vitrine::widgets {
namespace {

constexpr int kNumberWidth = 110, kChoiceWidth = 160, kListWidth = 210;  // pixels
constexpr int kFrame = 2;                                                // pixels around a field, for the frame of errors

class BooleanEditor final : public ParameterEditor {
  public:
    explicit BooleanEditor(QWidget* parent) : ParameterEditor(parent), box_(new QCheckBox(this)) {
        hold(box_, kChoiceWidth);
        connect(box_, &QCheckBox::toggled, this, [this] { name(); });
        connect(box_, &QCheckBox::clicked, this, [this] { Q_EMIT edited(); });
        name();
    }
    QString text() const override { return box_->isChecked() ? QStringLiteral("true") : QStringLiteral("false"); }
    void setText(const QString& text) override {
        const QString word = text.toLower();
        box_->setChecked(word == u"true" || word == u"1" || word == u"yes" || word == u"on");
    }
    QWidget* field() override { return box_; }

  private:
    void name() {
        box_->setText(box_->isChecked() ? QCoreApplication::translate("vitrine::widgets::parameters", "On")
                                        : QCoreApplication::translate("vitrine::widgets::parameters", "Off"));
    }
    QCheckBox* box_;
};

class NumberEditor final : public ParameterEditor {
  public:
    NumberEditor(const ParameterSpec& spec, QWidget* parent)
        : ParameterEditor(parent), field_(new NumberField(spec.type == ParameterType::integer, spec.minimum, spec.maximum, this)) {
        hold(field_, kNumberWidth);
        connect(field_, &NumberField::numberEdited, this, &ParameterEditor::edited);
    }
    QString text() const override { return field_->number(); }
    void setText(const QString& text) override { field_->setNumber(text); }
    QWidget* field() override { return field_; }

  private:
    NumberField* field_;
};

class ChoiceEditor final : public ParameterEditor {
  public:
    ChoiceEditor(const ParameterSpec& spec, QWidget* parent) : ParameterEditor(parent), box_(new QComboBox(this)) {
        hold(box_, kChoiceWidth);
        box_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        for (const std::string& choice : spec.choices) box_->addItem(choiceText(choice), toQt(choice));
        ignoreWheelWithoutFocus(box_);
        connect(box_, &QComboBox::activated, this, [this] { Q_EMIT edited(); });
    }
    QString text() const override { return box_->currentData().toString(); }
    void setText(const QString& text) override {
        while (box_->count() > 0 && box_->itemData(box_->count() - 1, Qt::UserRole + 1).toBool()) box_->removeItem(box_->count() - 1);
        int index = box_->findData(text);
        if (index < 0) {  // a draft of another version: it is shown, and the form says that it is wrong
            box_->addItem(text, text);
            index = box_->count() - 1;
            box_->setItemData(index, true, Qt::UserRole + 1);
        }
        box_->setCurrentIndex(index);
    }
    QWidget* field() override { return box_; }

  private:
    QComboBox* box_;
};

/// Texts, and lists of numbers: shown with a space behind each comma, kept without.
class LineEditor final : public ParameterEditor {
  public:
    LineEditor(const ParameterSpec& spec, QWidget* parent)
        : ParameterEditor(parent), list_(spec.type == ParameterType::reals), line_(new QLineEdit(this)) {
        hold(line_, kListWidth);
        if (list_) line_->setPlaceholderText(QCoreApplication::translate("vitrine::widgets::parameters", "Numbers, with commas between"));
        connect(line_, &QLineEdit::textEdited, this, &ParameterEditor::edited);
    }
    QString text() const override {
        if (!list_) return line_->text();
        return line_->text().remove(u' ');
    }
    void setText(const QString& text) override {
        if (text == this->text()) return;
        QString shown = text;
        if (list_) shown.replace(u',', QStringLiteral(", "));
        line_->setText(shown);
        line_->setCursorPosition(0);
    }
    QWidget* field() override { return line_; }

  private:
    bool list_;
    QLineEdit* line_;
};

}  // namespace

void ParameterEditor::hold(QWidget* field, int width) {
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(kFrame, kFrame, kFrame, kFrame);
    layout->addWidget(field);
    setFixedWidth(width + 2 * kFrame);
    setFocusProxy(field);
}

void ParameterEditor::setWrong(bool wrong) {
    wrong_ = wrong;
    update();
}

void ParameterEditor::paintEvent(QPaintEvent*) {
    if (!wrong_) return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(Theme::of(QApplication::palette()).bad, 1.5));
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.75, 0.75, -0.75, -0.75), 4, 4);
}

NumberField::NumberField(bool whole, std::optional<double> minimum, std::optional<double> maximum, QWidget* parent)
    : QAbstractSpinBox(parent), whole_(whole), minimum_(minimum), maximum_(maximum) {
    setAlignment(Qt::AlignRight);
    ignoreWheelWithoutFocus(this);
    connect(lineEdit(), &QLineEdit::textEdited, this, &NumberField::numberEdited);
}

QString NumberField::number() const {
    QString text = lineEdit()->text().trimmed();
    return text.replace(QLocale().decimalPoint(), QStringLiteral("."));
}

void NumberField::setNumber(const QString& number) {
    if (number == this->number()) return;
    QString shown = number;
    lineEdit()->setText(shown.replace(u'.', QLocale().decimalPoint()));
}

double NumberField::step(const QString& text) const {
    if (whole_) return 1;
    const qsizetype exponentAt = text.indexOf(u'e', 0, Qt::CaseInsensitive);
    const QString mantissa = text.left(exponentAt < 0 ? text.size() : exponentAt);
    const int exponent = exponentAt < 0 ? 0 : text.mid(exponentAt + 1).toInt();
    const qsizetype point = mantissa.indexOf(u'.');
    const auto decimals = point < 0 ? 0 : static_cast<int>(mantissa.size() - point - 1);
    return std::pow(10.0, exponent - decimals);
}

void NumberField::stepBy(int steps) {
    bool read = false;
    const QString text = number();
    const double value = text.toDouble(&read);
    if (!read) return;
    const double by = step(text);
    // Whole multiples of the step, so that repeated steps gather no rounding errors.
    double next = (std::round(value / by) + steps) * by;
    if (minimum_) next = std::max(next, *minimum_);
    if (maximum_) next = std::min(next, *maximum_);
    const QString shown = whole_ ? QString::number(static_cast<qint64>(std::llround(next))) : QString::number(next, 'g', 12);
    if (shown == text) return;
    setNumber(shown);
    selectAll();
    Q_EMIT numberEdited();
}

QAbstractSpinBox::StepEnabled NumberField::stepEnabled() const {
    bool read = false;
    const double value = number().toDouble(&read);
    if (!read) return StepNone;
    StepEnabled enabled = StepNone;
    if (!minimum_ || value > *minimum_) enabled |= StepDownEnabled;
    if (!maximum_ || value < *maximum_) enabled |= StepUpEnabled;
    return enabled;
}

QValidator::State NumberField::validate(QString&, int&) const { return QValidator::Acceptable; }

ParameterEditor* makeParameterEditor(const ParameterSpec& spec, QWidget* parent) {
    ParameterEditor* editor = nullptr;
    switch (spec.type) {
        case ParameterType::boolean:
            editor = new BooleanEditor(parent);
            break;
        case ParameterType::integer:
        case ParameterType::real:
            editor = new NumberEditor(spec, parent);
            break;
        case ParameterType::choice:
            editor = new ChoiceEditor(spec, parent);
            break;
        case ParameterType::text:
        case ParameterType::reals:
            editor = new LineEditor(spec, parent);
            break;
    }
    editor->setText(toQt(parameterText(spec.defaultValue)));
    editor->field()->setObjectName(toQt("field." + spec.id));
    return editor;
}

}  // namespace vitrine::widgets
